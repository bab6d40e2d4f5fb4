import { Controller, Get, Query } from '@nestjs/common';
import { z } from 'zod';
import type { Actor } from '../../access/actor.js';
import { RouteAccess } from '../../access/route-access.js';
import { AuditReader } from '../../audit/audit-reader.js';
import { CurrentActor } from '../auth/request-actor.js';
import { limitSchema } from './list-query.js';
import { parseQuery } from './parse-input.js';

const querySchema = z.object({
  limit: limitSchema,
  project: z.string().max(253).optional(),
  decision: z.enum(['allowed', 'denied']).optional(),
  before: z
    .string()
    .regex(/^\d{1,18}$/, 'must be the id of an entry')
    .optional(),
});

/** Who did or tried what, newest first. */
@Controller('api/v1/audit')
export class AuditController {
  constructor(private readonly audit: AuditReader) {}

  @Get()
  @RouteAccess({ kind: 'user', verb: 'list', resource: 'audit' })
  async list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<object> {
    return { items: await this.audit.list(actor, parseQuery(querySchema, query)) };
  }
}
