import { NestFactory } from '@nestjs/core';
import type { DynamicModule } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { RequestScope } from '../../audit/request-scope.js';
import { type Log } from '../../kernel/log.js';
import { ApiErrors } from '../errors/api-errors.js';
import { sendFailure } from '../errors/send-failure.js';
import { HubMetrics } from '../observability/hub-metrics.js';
import { serveOpenApi } from '../openapi/openapi.js';
import { registerBodyParsers } from './body-parsers.js';
import { HubHttpAdapter, type AdapterOptions } from './hub-http-adapter.js';
import { NestLog } from './nest-log.js';
import { registerRequestHooks } from './request-hooks.js';
import { registerSignedRoutes } from './signed-routes.js';
import { WebhookRate } from './webhook-rate.js';

const GRACE_MS = 5_000;
const IDLE_CHECK_MS = 100;

export interface HttpOptions extends AdapterOptions {
  /** Of routes whose bodies are signed; those of the others where absent. */
  signedBodyLimitBytes?: number;
  /** Also serve the description of the API; the module then has the API's controllers. */
  describeApi: boolean;
  log: Log;
}

/** The hub's HTTP server, ready to listen. */
export async function createHttpApplication(
  module: DynamicModule,
  { describeApi, signedBodyLimitBytes, log, ...options }: HttpOptions,
): Promise<NestFastifyApplication> {
  const adapter = new HubHttpAdapter(options);
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: new NestLog(log),
    bodyParser: false,
    abortOnError: false,
    return503OnClosing: true,
  });
  const instance = app.getHttpAdapter().getInstance();
  const errors = app.get(ApiErrors, { strict: false });
  instance.setErrorHandler((error, request, reply) => sendFailure(reply, errors.statusOf(error, request.id)));
  registerBodyParsers(instance);
  registerSignedRoutes(instance, {
    bodyLimitBytes: signedBodyLimitBytes ?? options.bodyLimitBytes,
    rate: app.get(WebhookRate, { strict: false }),
  });
  registerRequestHooks(instance, { requests: app.get(RequestScope), metrics: app.get(HubMetrics), log });
  if (describeApi) serveOpenApi(app);
  await app.init();
  return app;
}

/** Ends the server: requests under way have a few seconds to finish, new ones are sent elsewhere. */
export async function closeHttpApplication(app: NestFastifyApplication): Promise<void> {
  const server = app.getHttpServer();
  const ripe = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  const late = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  try {
    await app.close();
  } finally {
    clearInterval(ripe);
    clearTimeout(late);
  }
}
