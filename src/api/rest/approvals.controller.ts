import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import type { Actor } from '../../access/actor.js';
import { RouteAccess } from '../../access/route-access.js';
import { Approvals, MAX_APPROVAL_SECONDS } from '../../approvals/approvals.js';
import { CurrentActor } from '../auth/request-actor.js';
import { limitSchema } from './list-query.js';
import { parseBody, parseQuery } from './parse-input.js';

const querySchema = z.object({ limit: limitSchema, project: z.string().max(253).optional() });
const termsSchema = z.strictObject({ expiresInSeconds: z.number().int().min(1).max(MAX_APPROVAL_SECONDS).optional() });

/** Removals that wait for someone's word. */
@Controller('api/v1/approvals')
export class ApprovalsController {
  constructor(private readonly approvals: Approvals) {}

  @Get()
  @RouteAccess({ kind: 'user', verb: 'list', resource: 'approvals' })
  async list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<object> {
    return { items: await this.approvals.list(actor, parseQuery(querySchema, query)) };
  }

  @Post(':id/approve')
  @HttpCode(200)
  @RouteAccess({ kind: 'user', verb: 'approve', resource: 'approvals' })
  async approve(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() body: unknown): Promise<object> {
    return this.approvals.approve(actor, id, parseBody(termsSchema, body));
  }

  @Post(':id/reject')
  @HttpCode(200)
  @RouteAccess({ kind: 'user', verb: 'approve', resource: 'approvals' })
  async reject(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<object> {
    return this.approvals.reject(actor, id);
  }
}
