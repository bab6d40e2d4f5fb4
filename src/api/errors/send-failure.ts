import type { FastifyReply } from 'fastify';
import type { StatusBody } from './status.js';

/** Sends a Status with the headers that go with it. */
export function sendFailure(reply: FastifyReply, body: StatusBody): FastifyReply {
  const { retryAfterSeconds } = body.details;
  if (retryAfterSeconds !== undefined) void reply.header('retry-after', retryAfterSeconds);
  if (body.code === 401) void reply.header('www-authenticate', 'Bearer realm="fleetwright"');
  return reply.code(body.code).type('application/json').send(body);
}
