import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import type { Actor } from '../../access/actor.js';
import { RouteAccess } from '../../access/route-access.js';
import type { CreatedToken } from '../../access/tokens/api-token.js';
import { TokensService, type TokenPage } from '../../access/tokens/tokens.service.js';
import { CurrentActor } from '../auth/request-actor.js';
import { limitSchema } from './list-query.js';
import { parseBody, parseQuery } from './parse-input.js';

const text = z.string().min(1).max(253);
const requestSchema = z.strictObject({
  name: text,
  scope: z.discriminatedUnion('admin', [
    z.strictObject({ admin: z.literal(true) }),
    z.strictObject({ admin: z.literal(false), project: text, role: text }),
  ]),
  days: z.number().int().optional(),
});
const querySchema = z.object({ limit: limitSchema, after: z.uuid().optional() });

/** API tokens of people and programs; a secret is in the answer that makes it and nowhere else. */
@Controller('api/v1/tokens')
export class TokensController {
  constructor(private readonly tokens: TokensService) {}

  @Get()
  @RouteAccess({ kind: 'user', verb: 'list', resource: 'tokens' })
  async list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<TokenPage> {
    return this.tokens.list(actor, parseQuery(querySchema, query));
  }

  @Post()
  @RouteAccess({ kind: 'user', verb: 'create', resource: 'tokens' })
  async create(@CurrentActor() actor: Actor, @Body() body: unknown): Promise<CreatedToken> {
    return this.tokens.create(actor, parseBody(requestSchema, body));
  }

  @Delete(':id')
  @HttpCode(204)
  @RouteAccess({ kind: 'user', verb: 'delete', resource: 'tokens' })
  async revoke(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<void> {
    await this.tokens.revoke(actor, id);
  }
}
