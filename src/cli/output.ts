import type { Writable } from 'node:stream';

/**
 * A stream of the terminal. Waits until what was written is taken, so a slow reader costs no memory; a reader that went
 * away (`| head`) ends the writing quietly.
 */
export class Output {
  private closed = false;
  private fault: Error | undefined;

  constructor(private readonly stream: Writable) {
    stream.on('error', (error: NodeJS.ErrnoException) => this.end(error));
  }

  /** Nobody reads any more: more need not be made. */
  get isClosed(): boolean {
    return this.closed;
  }

  /** Why the output is incomplete although somebody wanted it: a full disk, for example. */
  get failure(): Error | undefined {
    return this.fault;
  }

  write(text: string): Promise<void> {
    if (this.closed || text === '') return Promise.resolve();
    return new Promise((resolve) => this.stream.write(text, () => resolve()));
  }

  private end(error: NodeJS.ErrnoException): void {
    this.closed = true;
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') this.fault ??= error;
  }
}
