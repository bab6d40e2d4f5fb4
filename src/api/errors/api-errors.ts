import { Injectable } from '@nestjs/common';
import { FleetError, messageOf } from '../../kernel/errors.js';
import { Log } from '../../kernel/log.js';
import { toKnownError } from './known-errors.js';
import { statusOf, type StatusBody } from './status.js';

/** Tells callers about failures. Surprises are logged, once, under the request's id, and never shown. */
@Injectable()
export class ApiErrors {
  constructor(private readonly log: Log) {}

  statusOf(thrown: unknown, requestId: string): StatusBody {
    return statusOf(this.known(thrown, requestId));
  }

  /** One of ours; a surprise becomes INTERNAL. */
  known(thrown: unknown, requestId: string): unknown {
    const error = toKnownError(thrown);
    if (error instanceof FleetError && error.code === 'DATABASE_FULL') this.log.error({ requestId }, error.message);
    if (!(error instanceof FleetError)) {
      const { stack } = error instanceof Error ? error : {};
      this.log.error({ requestId, error: messageOf(error), stack }, 'a request failed unexpectedly');
    }
    return error;
  }
}
