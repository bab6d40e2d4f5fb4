import type { LoggerService } from '@nestjs/common';
import type { Log } from '../../kernel/log.js';

/** Nest's own messages in the hub's log; what Nest tells about its start is of interest to its developers only. */
export class NestLog implements LoggerService {
  constructor(private readonly hub: Log) {}

  log(message: unknown, context?: unknown): void {
    this.hub.debug({ context }, String(message));
  }

  warn(message: unknown, context?: unknown): void {
    this.hub.warn({ context }, String(message));
  }

  error(message: unknown, ...details: unknown[]): void {
    this.hub.error({ details: details.map(String) }, String(message));
  }

  fatal(message: unknown, ...details: unknown[]): void {
    this.error(message, ...details);
  }

  debug(message: unknown, context?: unknown): void {
    this.log(message, context);
  }
}
