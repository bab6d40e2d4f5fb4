import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PQueue from 'p-queue';
import { fail, ok, type Result } from '../../kernel/result.js';
import { runProcess, type ProcessOutcome } from '../../repositories/process.js';
import { renderFailure, type RenderFailure, type RenderFailureCode } from '../domain/render-failure.js';
import { MemoryWatch } from './memory-watch.js';

export interface RenderPoolOptions {
  /** Programs at one time. */
  concurrency?: number;
  timeoutMs?: number;
  maxOutputBytes?: number;
  /** Of one program and what it starts. */
  maxMemoryBytes?: number;
  /** Where sources lie while they are rendered; each is removed afterwards. */
  workDirectory?: string;
}

/** One run of a program that renders. */
export interface RenderProgram {
  /** As people know it. */
  name: 'helm' | 'kustomize';
  command: string;
  args: readonly string[];
  /** The render's own folder: home, temporary files and working directory. */
  folder: string;
  /** The source's directory, for complaints. */
  path: string;
  env?: Readonly<Record<string, string>>;
  failure: RenderFailureCode;
  /** Its complaint without what who reads it may not know. */
  withoutValues: (complaint: string) => Promise<string>;
}

// Go's proxy settings: a program that would fetch something finds nobody there.
const NO_NETWORK = { HTTP_PROXY: 'http://127.0.0.1:9', HTTPS_PROXY: 'http://127.0.0.1:9' };
const BINARIES = { helm: 'HELM_BINARY', kustomize: 'KUBECTL_BINARY' };

/** The programs that render, so many at a time, each in a folder of its own and with nothing of our environment. */
export class RenderPool {
  private readonly queue: PQueue;
  private readonly stopping = new AbortController();

  constructor(private readonly options: RenderPoolOptions = {}) {
    this.queue = new PQueue({ concurrency: options.concurrency ?? 2 });
  }

  /** Does the work when its turn comes, in an empty folder that is gone afterwards. */
  inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
    return this.queue.add(async () => {
      const folder = await realpath(await mkdtemp(join(this.options.workDirectory ?? tmpdir(), 'fleetwright-render-')));
      try {
        return await work(folder);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
  }

  /** What the program printed. */
  async run(program: RenderProgram): Promise<Result<string, RenderFailure>> {
    const { command, args, folder, env } = program;
    const stop = new AbortController();
    const memory = new MemoryWatch(this.maxMemoryBytes, () => stop.abort());
    const outcome = await this.untilClosed(stop, () =>
      runProcess({
        command,
        args,
        cwd: folder,
        env: { HOME: folder, TMPDIR: folder, LC_ALL: 'C', ...NO_NETWORK, ...env },
        timeoutMs: this.timeoutMs,
        signal: stop.signal,
        onStart: (pid) => memory.start(pid),
        maxOutputBytes: this.options.maxOutputBytes ?? 32 << 20,
      }),
    );
    memory.end();
    if (!memory.isExceeded) return this.textOf(outcome, program);
    const message = `${program.name} took more than ${Math.round(this.maxMemoryBytes / 2 ** 20)} MiB of memory`;
    return fail(renderFailure('RENDER_TOO_LARGE', message, program.path));
  }

  /** Kills what runs and refuses what comes. */
  close(): void {
    this.stopping.abort();
  }

  private async untilClosed<T>(stop: AbortController, work: () => Promise<T>): Promise<T> {
    const { signal } = this.stopping;
    const close = (): void => stop.abort();
    if (signal.aborted) close();
    signal.addEventListener('abort', close);
    return work().finally(() => signal.removeEventListener('abort', close));
  }

  private get maxMemoryBytes(): number {
    return this.options.maxMemoryBytes ?? 2 ** 31;
  }

  private get timeoutMs(): number {
    return this.options.timeoutMs ?? 60_000;
  }

  private async textOf(outcome: ProcessOutcome, program: RenderProgram): Promise<Result<string, RenderFailure>> {
    const refuse = (code: RenderFailureCode, message: string): Result<never, RenderFailure> =>
      fail(renderFailure(code, message, program.path));
    switch (outcome.kind) {
      case 'exited':
        if (outcome.code === 0) return ok(outcome.stdout.toString('utf8'));
        return refuse(program.failure, await complaintOf(outcome.stderr, program));
      case 'timeout':
        return refuse('RENDER_TIMEOUT', `${program.name} took longer than ${this.timeoutMs} ms`);
      case 'too-much-output':
        return refuse('RENDER_TOO_LARGE', `${program.name} printed more than is read`);
      case 'aborted':
        return refuse('RENDERER_UNAVAILABLE', 'rendering was stopped: the hub is shutting down');
      case 'not-started':
        return refuse('RENDERER_UNAVAILABLE', `${program.name} cannot be started: set ${BINARIES[program.name]}`);
    }
  }
}

/** The program's words, with paths as the repository spells them and without values: those are cut out before the end is. */
async function complaintOf(stderr: string, { name, folder, withoutValues }: RenderProgram): Promise<string> {
  const text = stderr.replaceAll(`${folder}/source/`, '').replaceAll(`${folder}/`, '').replaceAll(folder, '').trim();
  return `${name}: ${(await withoutValues(text.replace(/^error: /i, ''))).slice(0, 1000)}`;
}
