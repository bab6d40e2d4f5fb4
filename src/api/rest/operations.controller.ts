import { Body, Controller, HttpCode, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import type { Actor } from '../../access/actor.js';
import { RouteAccess } from '../../access/route-access.js';
import { ApplicationOperations, type SyncOutcome } from '../../applications/application-operations.js';
import { ApplicationSetOperations } from '../../applicationsets/application-set-operations.js';
import { CurrentActor } from '../auth/request-actor.js';
import { refOf, type DocumentPath } from './document-path.js';
import { parseBody, parseQuery } from './parse-input.js';

const syncSchema = z.strictObject({ prune: z.boolean().default(false), dryRun: z.boolean().default(false) });
const dryRunSchema = z.object({ dryRun: z.enum(['true', 'false', 'All', '']).default('false') });

/** What people ask of one Application or ApplicationSet beside editing it. */
@Controller('api/v1')
export class OperationsController {
  constructor(
    private readonly applications: ApplicationOperations,
    private readonly sets: ApplicationSetOperations,
  ) {}

  @Post(['namespaces/:namespace/applications/:name/sync', 'applications/:name/sync'])
  @HttpCode(202)
  @RouteAccess({ kind: 'user', verb: 'sync', resource: 'applications' })
  async sync(
    @CurrentActor() actor: Actor,
    @Param() path: DocumentPath,
    @Body() body: unknown,
    @Query() query: unknown,
  ): Promise<SyncOutcome> {
    const { prune, dryRun } = parseBody(syncSchema, body);
    const { dryRun: asked } = parseQuery(dryRunSchema, query);
    return this.applications.sync(actor, refOf(path), { prune, dryRun: dryRun || asked === 'true' || asked === 'All' });
  }

  @Post(['namespaces/:namespace/applications/:name/refresh', 'applications/:name/refresh'])
  @HttpCode(202)
  @RouteAccess({ kind: 'user', verb: 'get', resource: 'applications' })
  async refresh(@CurrentActor() actor: Actor, @Param() path: DocumentPath): Promise<{ accepted: true }> {
    await this.applications.refresh(actor, refOf(path));
    return { accepted: true };
  }

  @Post(['namespaces/:namespace/applicationsets/:name/refresh', 'applicationsets/:name/refresh'])
  @HttpCode(202)
  @RouteAccess({ kind: 'user', verb: 'get', resource: 'applicationsets' })
  async refreshSet(@CurrentActor() actor: Actor, @Param() path: DocumentPath): Promise<{ accepted: true }> {
    await this.sets.refresh(actor, refOf(path));
    return { accepted: true };
  }
}
