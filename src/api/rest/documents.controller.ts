import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../../access/actor.js';
import { RouteAccess } from '../../access/route-access.js';
import { DocumentKinds } from '../../documents/document-kinds.js';
import { DocumentWriter } from '../../documents/document-writer.js';
import { DocumentsService } from '../../documents/documents.service.js';
import { CurrentActor } from '../auth/request-actor.js';
import { DescribesList, DescribesWrite } from '../openapi/described.js';
import { readDocumentFor, refOf, type DocumentPath } from './document-path.js';
import { listAnswer } from './list-answer.js';
import { readListQuery } from './list-query.js';
import { answerWrite } from './write-answer.js';
import { etagOf, readWriteOptions } from './write-query.js';

const COLLECTION = ['namespaces/:namespace/:kind', ':kind'];
const OBJECT = ['namespaces/:namespace/:kind/:name', ':kind/:name'];
const DOOR = 'fleetwright-rest';

/** Hub documents of every kind, by namespace and name; without a namespace lists cross them all. */
@Controller('api/v1')
export class DocumentsController {
  constructor(
    private readonly kinds: DocumentKinds,
    private readonly documents: DocumentsService,
    private readonly writer: DocumentWriter,
  ) {}

  @Get(COLLECTION)
  @DescribesList()
  @RouteAccess({ kind: 'user', verb: 'list', resource: 'documents' })
  async list(@CurrentActor() actor: Actor, @Param() path: DocumentPath, @Query() query: unknown): Promise<object> {
    const kind = this.kinds.byPlural(path.kind);
    return listAnswer(kind.names, await this.documents.list(actor, kind, readListQuery(query, path.namespace)));
  }

  @Get(OBJECT)
  @RouteAccess({ kind: 'user', verb: 'get', resource: 'documents' })
  async get(
    @CurrentActor() actor: Actor,
    @Param() path: DocumentPath,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const object = await this.documents.get(actor, this.kinds.byPlural(path.kind), refOf(path));
    void reply.header('etag', etagOf(object.metadata.resourceVersion));
    return object;
  }

  @Post(COLLECTION)
  @DescribesWrite()
  @HttpCode(200)
  @RouteAccess({ kind: 'user', verb: 'create', resource: 'documents' })
  async create(
    @CurrentActor() actor: Actor,
    @Param() path: DocumentPath,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const kind = this.kinds.byPlural(path.kind);
    const document = readDocumentFor(kind.names, path, body);
    return answerWrite(reply, await this.writer.create(actor, kind, document, readWriteOptions(request, DOOR)));
  }

  @Put(OBJECT)
  @DescribesWrite()
  @RouteAccess({ kind: 'user', verb: 'update', resource: 'documents' })
  async replace(
    @CurrentActor() actor: Actor,
    @Param() path: DocumentPath,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const kind = this.kinds.byPlural(path.kind);
    const document = readDocumentFor(kind.names, path, body);
    return answerWrite(reply, await this.writer.replace(actor, kind, document, readWriteOptions(request, DOOR)));
  }

  /** A JSON merge patch, or with kubectl's `application/apply-patch+yaml` a server-side apply. */
  @Patch(OBJECT)
  @DescribesWrite()
  @RouteAccess({ kind: 'user', verb: 'update', resource: 'documents' })
  async patch(
    @CurrentActor() actor: Actor,
    @Param() path: DocumentPath,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const kind = this.kinds.byPlural(path.kind);
    const options = readWriteOptions(request, DOOR);
    const outcome =
      typeof body === 'string'
        ? this.writer.apply(actor, kind, readDocumentFor(kind.names, path, body), options)
        : this.writer.patch(actor, kind, { ref: refOf(path), patch: body }, options);
    return answerWrite(reply, await outcome);
  }

  @Delete(OBJECT)
  @DescribesWrite()
  @RouteAccess({ kind: 'user', verb: 'delete', resource: 'documents' })
  async delete(
    @CurrentActor() actor: Actor,
    @Param() path: DocumentPath,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const kind = this.kinds.byPlural(path.kind);
    return answerWrite(reply, await this.writer.delete(actor, kind, refOf(path), readWriteOptions(request, DOOR)));
  }
}
