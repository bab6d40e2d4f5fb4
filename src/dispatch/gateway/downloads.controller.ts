import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Controller, Get, Headers, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Agent } from '../../clusters/domain/agent.js';
import { AgentRoute, CallingAgent } from './auth/agent-route.js';
import { DeliveredContent } from './deliveries/delivered-content.js';

const unzip = promisify(gunzip);

/** Content by digest: it never changes, so whoever has it need not ask again. */
const IMMUTABLE = { 'content-type': 'application/json', 'cache-control': 'private, immutable, max-age=31536000' };

@AgentRoute()
@Controller('agent/v1')
export class DownloadsController {
  constructor(private readonly content: DeliveredContent) {}

  @Get('bundles/:digest')
  async bundle(
    @CallingAgent() agent: Agent,
    @Param('digest') digest: string,
    @Headers('accept-encoding') accepts: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { gzip } = await this.content.bundle(agent.clusterUid, digest);
    const zipped = /\bgzip\b/.test(accepts ?? '');
    await reply
      .headers({ ...IMMUTABLE, vary: 'accept-encoding', ...(zipped ? { 'content-encoding': 'gzip' } : {}) })
      .send(zipped ? gzip : await unzip(gzip));
  }

  @Get('projects/:digest')
  async project(
    @CallingAgent() agent: Agent,
    @Param('digest') digest: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await reply.headers(IMMUTABLE).send(await this.content.document('projects', agent.clusterUid, digest));
  }

  @Get('settings/:digest')
  async settings(
    @CallingAgent() agent: Agent,
    @Param('digest') digest: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await reply.headers(IMMUTABLE).send(await this.content.document('settings', agent.clusterUid, digest));
  }
}
