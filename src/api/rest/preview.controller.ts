import { Body, Controller, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Actor } from '../../access/actor.js';
import { RouteAccess } from '../../access/route-access.js';
import type { PlanView } from '../../changes/plan-view.js';
import { DocumentKinds } from '../../documents/document-kinds.js';
import { DocumentWriter } from '../../documents/document-writer.js';
import { CurrentActor } from '../auth/request-actor.js';
import { DescribesPreview } from '../openapi/described.js';
import { readDocumentFor, type DocumentPath } from './document-path.js';
import { limitSchema } from './list-query.js';
import { parseQuery } from './parse-input.js';
import { sendWarnings } from './warning-header.js';
import { readWriteOptions } from './write-query.js';

const querySchema = z.object({ limit: limitSchema });

export interface PreviewAnswer {
  apiVersion: string;
  kind: 'ApplicationSetPreview';
  /** Whether a set of that name is stored: then the plan is what replacing it would do. */
  stored: boolean;
  /** Fields that are taken without effect, or unknown. */
  warnings: string[];
  plan: PlanView;
}

/** What an ApplicationSet would generate, whether it is stored or not. Nothing is written. */
@Controller('api/v1')
export class PreviewController {
  constructor(
    private readonly kinds: DocumentKinds,
    private readonly writer: DocumentWriter,
  ) {}

  @Post(['namespaces/:namespace/applicationsets/preview', 'applicationsets/preview'])
  @HttpCode(200)
  @DescribesPreview()
  @ApiConsumes('application/yaml', 'application/json')
  @ApiBody({ description: 'One ApplicationSet.', schema: { $ref: '#/components/schemas/ApplicationSet' } })
  @RouteAccess({ kind: 'user', verb: 'create', resource: 'applicationsets' })
  async preview(
    @CurrentActor() actor: Actor,
    @Param() path: Pick<DocumentPath, 'namespace'>,
    @Query() query: unknown,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PreviewAnswer> {
    const { limit } = parseQuery(querySchema, query);
    const kind = this.kinds.byPlural('applicationsets');
    const document = readDocumentFor(kind.names, path, body);
    const options = { ...readWriteOptions(request, 'fleetwright-preview'), planEntries: limit };
    const { action, warnings, plan } = await this.writer.preview(actor, kind, document, options);
    sendWarnings(reply, warnings);
    const stored = action === 'updated';
    return { apiVersion: 'fleetwright.io/v1alpha1', kind: 'ApplicationSetPreview', stored, warnings, plan };
  }
}
