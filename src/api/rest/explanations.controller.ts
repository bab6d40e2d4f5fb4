import { Controller, Get, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import type { Actor } from '../../access/actor.js';
import { RouteAccess } from '../../access/route-access.js';
import { ApplicationWhy } from '../../applicationsets/explain/application-why.service.js';
import { ClusterWhyNot } from '../../applicationsets/explain/cluster-why-not.service.js';
import { CurrentActor } from '../auth/request-actor.js';
import { DescribesExplanation, DescribesWhyNot } from '../openapi/described.js';
import { refOf, type DocumentPath } from './document-path.js';
import { parseQuery } from './parse-input.js';

const whyNotSchema = z.object({ cluster: z.string().min(1, 'must name a cluster').max(253) });

/** Why things are as they are: found out anew by the pipeline that made them. */
@Controller('api/v1')
export class ExplanationsController {
  constructor(
    private readonly applications: ApplicationWhy,
    private readonly clusters: ClusterWhyNot,
  ) {}

  @Get(['namespaces/:namespace/applications/:name/why', 'applications/:name/why'])
  @DescribesExplanation()
  @RouteAccess({ kind: 'user', verb: 'get', resource: 'applications' })
  async why(@CurrentActor() actor: Actor, @Param() path: DocumentPath): Promise<object> {
    return { ...answer('ApplicationWhy'), ...(await this.applications.ask(actor, refOf(path))) };
  }

  @Get(['namespaces/:namespace/applicationsets/:name/why-not', 'applicationsets/:name/why-not'])
  @DescribesWhyNot()
  @RouteAccess({ kind: 'user', verb: 'get', resource: 'applicationsets' })
  async whyNot(@CurrentActor() actor: Actor, @Param() path: DocumentPath, @Query() query: unknown): Promise<object> {
    const { cluster } = parseQuery(whyNotSchema, query);
    return { ...answer('ClusterWhyNot'), ...(await this.clusters.ask(actor, refOf(path), cluster)) };
  }
}

function answer(kind: string): { apiVersion: string; kind: string } {
  return { apiVersion: 'fleetwright.io/v1alpha1', kind };
}
