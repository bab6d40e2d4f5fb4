import { Controller, Get, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import type { Actor } from '../../access/actor.js';
import { RouteAccess } from '../../access/route-access.js';
import { ApplicationSetResources } from '../../applicationsets/application-set-resources.service.js';
import type { MemberPage } from '../../applicationsets/set-members.js';
import { CurrentActor } from '../auth/request-actor.js';
import { DescribesPage } from '../openapi/described.js';
import { decodePageToken, encodePageToken } from '../page-token.js';
import { refOf, type DocumentPath } from './document-path.js';
import { limitSchema } from './list-query.js';
import { parseQuery } from './parse-input.js';

const pageSchema = z.object({ limit: limitSchema, continue: z.string().max(1024).optional() });

const pathsOf = (part: string): string[] => [
  `namespaces/:namespace/applicationsets/:name/${part}`,
  `applicationsets/:name/${part}`,
];

/** `status.resources` and `status.applicationStatus` of a set, page by page and as long as they are. */
@Controller('api/v1')
export class ApplicationSetResourcesController {
  constructor(private readonly sets: ApplicationSetResources) {}

  @Get(pathsOf('resources'))
  @DescribesPage()
  @RouteAccess({ kind: 'user', verb: 'get', resource: 'applicationsets' })
  async resources(@CurrentActor() actor: Actor, @Param() path: DocumentPath, @Query() query: unknown): Promise<object> {
    const page = await this.page(actor, path, query);
    return answer('ApplicationSetResourceList', page, page.resources);
  }

  @Get(pathsOf('applicationstatus'))
  @DescribesPage()
  @RouteAccess({ kind: 'user', verb: 'get', resource: 'applicationsets' })
  async rollout(@CurrentActor() actor: Actor, @Param() path: DocumentPath, @Query() query: unknown): Promise<object> {
    const page = await this.page(actor, path, query);
    return answer('ApplicationSetApplicationStatusList', page, page.applicationStatus);
  }

  private page(actor: Actor, path: DocumentPath, query: unknown): Promise<MemberPage> {
    const { limit, continue: token } = parseQuery(pageSchema, query);
    return this.sets.page(actor, refOf(path), { limit, ...(token ? { after: decodePageToken(token) } : {}) });
  }
}

function answer(kind: string, { next, total }: MemberPage, items: readonly object[]): object {
  return {
    apiVersion: 'fleetwright.io/v1alpha1',
    kind,
    metadata: { total, ...(next ? { continue: encodePageToken(next) } : {}) },
    items,
  };
}
