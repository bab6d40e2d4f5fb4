import { Log } from '../../src/kernel/log.js';

/** Keeps the last lines, for whoever looks at a failing history. */
export class QuietLog extends Log {
  readonly lines: string[] = [];

  debug(): void {
    // Too much to keep.
  }

  info(fields: object, message: string): void {
    this.keep(fields, message);
  }

  warn(fields: object, message: string): void {
    this.keep(fields, message);
  }

  error(fields: object, message: string): void {
    this.keep(fields, message);
  }

  private keep(fields: object, message: string): void {
    this.lines.push(`${message} ${JSON.stringify(fields)}`);
    if (this.lines.length > 400) this.lines.splice(0, 200);
  }
}
