import { HttpException } from '@nestjs/common';
import { FleetError, type FleetErrorKind } from '../../kernel/errors.js';
import { sqlState } from '../../database/transactions.js';

/** Postgres away, starting, stopping or out of connections: classes 08, 53 and 57P, or the socket's own codes. */
const OUTAGE = /^(08...|53...|57P0[1-4]|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|CONNECTION_ENDED)$/;
/** As pg and TypeORM word it; TypeORM releases the query runner of a transaction whose connection broke. */
const OUTAGE_MESSAGE =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Driver not Connected|Query runner already released)/;
const RETRY_SECONDS = 2;
const DISK_FULL = '53100';

/** What Postgres says to texts that JSON can hold and it cannot. */
const UNSTORABLE = new Set(['22021', '22P02', '22P05']);

const KIND_OF_STATUS: ReadonlyMap<number, FleetErrorKind> = new Map([
  [400, 'malformed'],
  [401, 'unauthenticated'],
  [403, 'forbidden'],
  [404, 'not-found'],
  [413, 'too-large'],
  [415, 'malformed'],
  [429, 'too-many'],
]);

/** What the framework, Fastify and the database throw, in our own words; anything else unchanged. */
export function toKnownError(error: unknown): unknown {
  if (error instanceof FleetError) return error;
  if (sqlState(error) === DISK_FULL) {
    return new FleetError('unavailable', 'DATABASE_FULL', "the database's disk is full: nothing was changed", {
      hint: 'Free or add space there; the hub goes on by itself.',
      retryAfterSeconds: RETRY_SECONDS,
    });
  }
  if (isOutage(error)) {
    return new FleetError('unavailable', 'DATABASE_UNAVAILABLE', 'the database cannot be reached right now', {
      hint: 'Repeat the request in a moment.',
      retryAfterSeconds: RETRY_SECONDS,
    });
  }
  if (UNSTORABLE.has(sqlState(error) ?? '')) {
    return new FleetError('malformed', 'UNSTORABLE_TEXT', 'a text of the request cannot be stored', {
      hint: 'Remove NUL characters and unpaired surrogates.',
    });
  }
  return fromHttp(error) ?? error;
}

function isOutage(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== undefined && OUTAGE.test(state)) return true;
  return error instanceof Error && OUTAGE_MESSAGE.test(error.message);
}

function fromHttp(error: unknown): FleetError | undefined {
  const status = httpStatus(error);
  const kind = status === undefined ? undefined : KIND_OF_STATUS.get(status);
  if (status === undefined || kind === undefined) return undefined;
  return new FleetError(kind, CODE_OF_STATUS[status] ?? 'BAD_REQUEST', (error as Error).message);
}

/** Only the framework's and Fastify's own errors speak of our request; others' may carry a status of their own. */
function httpStatus(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  const { code, statusCode } = (error ?? {}) as { code?: unknown; statusCode?: unknown };
  return typeof code === 'string' && code.startsWith('FST_') && typeof statusCode === 'number' ? statusCode : undefined;
}

const CODE_OF_STATUS: Record<number, string> = {
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  413: 'BODY_TOO_LARGE',
  415: 'CONTENT_TYPE',
  429: 'TOO_MANY_REQUESTS',
};
