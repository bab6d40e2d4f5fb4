import type { FastifyInstance } from 'fastify';
import { type RequestScope } from '../../audit/request-scope.js';
import { type Log } from '../../kernel/log.js';
import { type HubMetrics } from '../observability/hub-metrics.js';

export const REQUEST_ID_HEADER = 'x-request-id';
const REQUEST_ID = /^[\w.:-]{1,64}$/;

/** The caller's request id where it has one that is fit for logs. */
export function requestIdFrom(header: string | string[] | undefined, fresh: () => string): string {
  return typeof header === 'string' && REQUEST_ID.test(header) ? header : fresh();
}

export interface HookParts {
  requests: RequestScope;
  metrics: HubMetrics;
  log: Log;
}

/** What happens around every request: its id is echoed and carried along, its time counted. */
export function registerRequestHooks(instance: FastifyInstance, { requests, metrics, log }: HookParts): void {
  instance.addHook('onRequest', async (request, reply) => {
    void reply.header(REQUEST_ID_HEADER, request.id);
  });
  // After the body was read: reading it would leave the scope again.
  instance.addHook('preHandler', (request, _reply, done) => requests.run(request.id, done));
  instance.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    const labels = { method: request.method, route, status: reply.statusCode };
    metrics.requestServed(labels, reply.elapsedTime / 1000);
    log.debug({ requestId: request.id, ...labels, ms: Math.round(reply.elapsedTime) }, 'request served');
  });
}
