import type { FastifyInstance } from 'fastify';
import type { WebhookRate } from './webhook-rate.js';

export interface SignedRouteParts {
  bodyLimitBytes: number;
  rate: WebhookRate;
}

/** Routes with `signedBody`: a limit of their own, and room asked for before a byte of the body is read. */
export function registerSignedRoutes(instance: FastifyInstance, { bodyLimitBytes, rate }: SignedRouteParts): void {
  instance.addHook('onRoute', (route) => {
    if (takesSignedBody(route.config)) route.bodyLimit = bodyLimitBytes;
  });
  instance.addHook('onRequest', async (request, reply) => {
    if (!takesSignedBody(request.routeOptions.config)) return;
    const announced = Number(request.headers['content-length'] ?? bodyLimitBytes);
    reply.raw.once('close', rate.enter(Math.min(announced, bodyLimitBytes)));
  });
}

/** What a route says in its `RouteConfig`. */
export function takesSignedBody(config: unknown): boolean {
  return (config as { signedBody?: boolean } | undefined)?.signedBody === true;
}
