import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { REQUEST_ID_HEADER, requestIdFrom } from './request-hooks.js';

const LONGEST_NAME = 512;

export interface AdapterOptions {
  bodyLimitBytes: number;
  /** Chain and key in PEM; plain HTTP without. */
  tls?: { cert: string; key: string };
}

/** Fastify as the hub runs it. */
export class HubHttpAdapter extends FastifyAdapter {
  constructor({ bodyLimitBytes, tls }: AdapterOptions) {
    super({
      ...(tls === undefined ? {} : { https: tls }),
      bodyLimit: bodyLimitBytes,
      genReqId: (request: IncomingMessage) => requestIdFrom(request.headers[REQUEST_ID_HEADER], randomUUID),
      routerOptions: { maxParamLength: LONGEST_NAME },
    });
  }

  /**
   * Nest sets its handler after the routes exist, when Fastify has given them its own already: bodies that cannot be
   * read would be answered by Fastify. Ours is set first (http-application.ts), and this call has nothing left to do.
   */
  override setErrorHandler(): never {
    return undefined as never;
  }
}
