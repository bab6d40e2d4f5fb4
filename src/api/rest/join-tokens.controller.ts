import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import type { Actor } from '../../access/actor.js';
import { RouteAccess } from '../../access/route-access.js';
import { JoinTokensService } from '../../clusters/join/join-tokens.service.js';
import { CurrentActor } from '../auth/request-actor.js';
import { parseBody } from './parse-input.js';

const requestSchema = z.strictObject({
  namePrefix: z.string().optional(),
  cluster: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  uses: z.number().int().optional(),
  hours: z.number().int().optional(),
});

/** What lets a cluster's agent join; a secret is in the answer that makes it and nowhere else. */
@Controller('api/v1/jointokens')
export class JoinTokensController {
  constructor(private readonly tokens: JoinTokensService) {}

  @Get()
  @RouteAccess({ kind: 'user', verb: 'create', resource: 'clusters' })
  async list(@CurrentActor() actor: Actor): Promise<object> {
    return { items: await this.tokens.list(actor) };
  }

  @Post()
  @RouteAccess({ kind: 'user', verb: 'create', resource: 'clusters' })
  async create(@CurrentActor() actor: Actor, @Body() body: unknown): Promise<object> {
    return this.tokens.create(actor, parseBody(requestSchema, body));
  }

  @Delete(':id')
  @HttpCode(204)
  @RouteAccess({ kind: 'user', verb: 'create', resource: 'clusters' })
  async revoke(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<void> {
    await this.tokens.revoke(actor, id);
  }
}
