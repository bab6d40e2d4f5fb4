import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../../access/actor.js';
import { RouteAccess } from '../../access/route-access.js';
import { ApplyDoor } from '../../documents/apply-door.js';
import { readDocuments } from '../../documents/read-documents.js';
import { CurrentActor } from '../auth/request-actor.js';
import { DescribesWrite } from '../openapi/described.js';
import { ApplyAnswers, type ApplyResult } from './apply-answer.js';
import { sendWarnings } from './warning-header.js';
import { readWriteOptions } from './write-query.js';

const DOOR = 'fleetwright-apply';

/** The door for manifests as they are: YAML or JSON, many documents of any kind. */
@Controller('api/v1/apply')
export class ApplyController {
  constructor(
    private readonly door: ApplyDoor,
    private readonly answers: ApplyAnswers,
  ) {}

  @Post()
  @DescribesWrite()
  @ApiConsumes('application/yaml', 'application/json')
  @ApiBody({
    description: 'Manifests: YAML of many documents, or a JSON document or list.',
    schema: { type: 'string' },
  })
  @RouteAccess({ kind: 'user', verb: 'update', resource: 'documents' })
  async apply(
    @CurrentActor() actor: Actor,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ results: ApplyResult[] }> {
    const applied = await this.door.applyAll(actor, readDocuments(body), readWriteOptions(request, DOOR));
    const results = applied.map((each) => this.answers.resultOf(each, request.id));
    sendWarnings(
      reply,
      results.flatMap(({ warnings }) => warnings),
    );
    void reply.code(this.answers.codeOf(results));
    return { results };
  }
}
