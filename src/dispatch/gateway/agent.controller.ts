import { Readable } from 'node:stream';
import { Body, Controller, Get, HttpCode, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { AgentSessions } from '../../clusters/agents/agent-sessions.js';
import type { Agent } from '../../clusters/domain/agent.js';
import { Log } from '../../kernel/log.js';
import { sessionRequestSchema, type SessionResponse } from '../protocol/join.js';
import { reportSchema } from '../protocol/report.js';
import { AgentRoute, CallingAgent } from './auth/agent-route.js';
import { CurrentIdentity } from './current-identity.js';
import { parseMessage } from './parse-message.js';
import { AgentReports, type ReportAnswer } from './reports/agent-reports.js';
import { DeliveryWatches } from './watch/delivery-watches.js';

/** Its connection is not used again: a hub that stops would otherwise wait for it to time out. */
const STREAM_HEADERS = {
  'content-type': 'application/x-ndjson',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
  connection: 'close',
};

const watchQuerySchema = z.object({ session: z.string().max(64), since: z.string().max(1024).optional() });

@AgentRoute()
@Controller('agent/v1')
export class AgentController {
  constructor(
    private readonly sessions: AgentSessions,
    private readonly watches: DeliveryWatches,
    private readonly reports: AgentReports,
    private readonly identity: CurrentIdentity,
    private readonly log: Log,
  ) {}

  @Post('sessions')
  @HttpCode(200)
  async open(@CallingAgent() agent: Agent, @Body() body: unknown): Promise<SessionResponse> {
    const opened = await this.sessions.open(agent, parseMessage(sessionRequestSchema, body));
    this.watches.sessionOpened(agent.clusterUid, opened.session);
    this.log.info({ cluster: agent.cluster, session: opened.session }, 'agent started');
    return { ...opened, ...(await this.identity.read()) };
  }

  /** Newline-delimited events for as long as the agent listens. */
  @Get('watch')
  async watch(@CallingAgent() agent: Agent, @Query() query: unknown, @Res() reply: FastifyReply): Promise<void> {
    const stream = await this.watches.open(agent.clusterUid, parseMessage(watchQuerySchema, query));
    reply.raw.once('close', () => stream.close());
    if (reply.raw.destroyed) return stream.close(); // left while its rows were read
    await reply.headers(STREAM_HEADERS).send(Readable.from(stream.text(), { objectMode: false }));
  }

  @Post('reports')
  @HttpCode(200)
  report(@CallingAgent() agent: Agent, @Body() body: unknown): Promise<ReportAnswer> {
    return this.reports.take(agent.clusterUid, parseMessage(reportSchema, body));
  }
}
