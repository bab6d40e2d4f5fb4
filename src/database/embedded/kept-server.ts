import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '../../kernel/backoff.js';
import type { Log } from '../../kernel/log.js';
import { OutageLog } from '../outage-log.js';

const PAUSE = { firstMs: 200, longestMs: 10_000 };

export interface KeptServerOptions {
  /** Resolves when the server is ready; called again when it is to be started anew. */
  launch: () => Promise<ChildProcess>;
  /** Without a log a server that dies stays dead. */
  log: Log | undefined;
}

/** A server process. One that ends without being told to (the kernel was out of memory) is started again. */
export class KeptServer {
  private readonly stopping = new AbortController();
  private revival: Promise<void> = Promise.resolve();

  private constructor(
    private readonly options: KeptServerOptions,
    private child: ChildProcess,
  ) {
    this.watch();
  }

  static async start(options: KeptServerOptions): Promise<KeptServer> {
    return new KeptServer(options, await options.launch());
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Asks it to end without waiting, where nothing can be waited for. */
  interrupt(): void {
    this.child.kill('SIGINT');
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.revival;
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.ref();
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.interrupt();
    await gone;
  }

  private watch(): void {
    const { log } = this.options;
    if (log === undefined) return;
    this.child.once('exit', (code, signal) => {
      if (!this.stopping.signal.aborted) this.revival = this.revive(log, `it ended by ${signal ?? code}`);
    });
  }

  private async revive(log: Log, death: string): Promise<void> {
    const outage = new OutageLog(log, 'running the embedded Postgres');
    let failures = outage.failed(new Error(death));
    while (!this.stopping.signal.aborted) {
      await this.pause(failures);
      try {
        if (this.stopping.signal.aborted) return;
        this.child = await this.options.launch();
        outage.worked();
        return this.watch();
      } catch (error) {
        failures = outage.failed(error);
      }
    }
  }

  private async pause(failures: number): Promise<void> {
    const ms = backoffMs(failures, PAUSE, Math.random);
    await sleep(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}
