import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { until } from './until.js';

const ROOT = resolve(import.meta.dirname, '../..');
const KEPT_OUTPUT = 20_000;

/** One of our programs as it is shipped (`npm test` builds first), in a process of its own that can be killed. */
export class Program {
  /** The end of what it said. */
  output = '';
  private readonly ended: Promise<unknown>;

  private constructor(
    private readonly file: string,
    private readonly child: ChildProcess,
  ) {
    this.ended = once(child, 'exit');
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.output = (this.output + chunk.toString()).slice(-KEPT_OUTPUT)));
  }

  /** `file` is below dist/. Only PATH is passed on from this process. */
  static start(file: string, environment: Readonly<Record<string, string>>): Program {
    const env = { PATH: process.env['PATH'], ...environment };
    const child = spawn(process.execPath, [resolve(ROOT, 'dist', file)], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    return new Program(file, child);
  }

  /** Any command line. Nothing of this process's environment is passed on. */
  static run([command = '', ...args]: readonly string[], environment: Readonly<Record<string, string>>): Program {
    return new Program(command, spawn(command, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  /** A module of ours that is no program by itself and can be told things. */
  static of(path: string, args: readonly string[], environment: Readonly<Record<string, string>>): Program {
    const stdio: ('ignore' | 'pipe' | 'ipc')[] = ['ignore', 'pipe', 'pipe', 'ipc'];
    const env = { PATH: process.env['PATH'], ...environment };
    return new Program(path, fork(path, args, { env, stdio, execArgv: [] }));
  }

  /** For a program that was started with `of`; nothing where it has ended. */
  tell(message: string | number): void {
    if (this.child.connected) this.child.send(message, () => undefined);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** The first match in what it says. Throws with all of it when it ends before. */
  says(pattern: RegExp): Promise<RegExpExecArray> {
    return until(
      () => {
        const found = pattern.exec(this.output);
        if (found) return found;
        if (!this.isRunning) throw new Error(`${this.file} ended: ${this.output}`);
        return undefined;
      },
      () => `${pattern} from ${this.file}, which said: ${this.output}`,
    );
  }

  /** Resolves with the exit code when it ends by itself. */
  async ends(): Promise<number | null> {
    await this.ended;
    return this.child.exitCode;
  }

  /** Resolves with the exit code when it is gone; null when the signal ended it. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.isRunning) this.child.kill(signal);
    await this.ended;
    return this.child.exitCode;
  }
}
