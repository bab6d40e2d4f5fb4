import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import type { Actor } from '../../access/actor.js';
import { RouteAccess } from '../../access/route-access.js';
import { ApplicationDiffs } from '../../applications/revisions/application-diff.service.js';
import { RepositoryImpacts } from '../../applications/revisions/repository-impact.service.js';
import { CurrentActor } from '../auth/request-actor.js';
import { DescribesDiff } from '../openapi/described.js';
import { decodePageToken, encodePageToken } from '../page-token.js';
import { refOf, type DocumentPath } from './document-path.js';
import { parseBody, parseQuery } from './parse-input.js';

const revision = z.string().max(1024);
const diffSchema = z.object({
  revision: revision.optional(),
  revisions: z.union([revision, z.array(revision).max(100)]).optional(),
});
const impactSchema = z.strictObject({
  base: revision.min(1),
  head: revision.min(1),
  limit: z.int().min(1).max(200).default(50),
  continue: z.string().max(1024).optional(),
});

/** What revisions that are not delivered would change: rendered, compared and left. */
@Controller('api/v1')
export class RevisionsController {
  constructor(
    private readonly diffs: ApplicationDiffs,
    private readonly impacts: RepositoryImpacts,
  ) {}

  @Get(['namespaces/:namespace/applications/:name/diff', 'applications/:name/diff'])
  @DescribesDiff()
  @RouteAccess({ kind: 'user', verb: 'get', resource: 'applications' })
  async diff(@CurrentActor() actor: Actor, @Param() path: DocumentPath, @Query() query: unknown): Promise<object> {
    const asked = parseQuery(diffSchema, query);
    const revisions = asked.revisions === undefined ? [asked.revision ?? ''] : [asked.revisions].flat();
    return { ...answer('ApplicationDiff'), ...(await this.diffs.ask(actor, refOf(path), revisions)) };
  }

  /** `name` is the repository's URL, percent-encoded, or the name of its Secret. */
  @Post('repositories/:name/impact')
  @HttpCode(200)
  @RouteAccess({ kind: 'user', verb: 'list', resource: 'applications' })
  async impact(
    @CurrentActor() actor: Actor,
    @Param('name') repository: string,
    @Body() body: unknown,
  ): Promise<object> {
    const { continue: token, ...question } = parseBody(impactSchema, body);
    const after = token === undefined ? {} : { after: decodePageToken(token) };
    const { next, remaining, ...impact } = await this.impacts.ask(actor, { repository, ...question, ...after });
    const metadata = next === undefined ? {} : { continue: encodePageToken(next), remainingItemCount: remaining };
    return { ...answer('RepositoryImpact'), metadata, ...impact };
  }
}

function answer(kind: string): { apiVersion: string; kind: string } {
  return { apiVersion: 'fleetwright.io/v1alpha1', kind };
}
