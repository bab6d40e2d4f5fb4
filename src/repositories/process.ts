import { spawn, type ChildProcess } from 'node:child_process';

export interface ProcessRequest {
  command: string;
  args: readonly string[];
  /** The whole environment: nothing of ours reaches the child. */
  env: Readonly<Record<string, string>>;
  cwd?: string;
  input?: string;
  timeoutMs: number;
  /** Bound on standard output; standard error is cut, not refused. */
  maxOutputBytes: number;
  signal?: AbortSignal;
  /** Told once it runs. */
  onStart?: (pid: number) => void;
}

export type ProcessOutcome =
  | { kind: 'exited'; code: number | null; stdout: Buffer; stderr: string }
  | { kind: 'timeout' }
  | { kind: 'too-much-output' }
  | { kind: 'aborted' }
  | { kind: 'not-started'; message: string };

const MAX_STDERR_BYTES = 16 * 1024;

/**
 * Runs a program without a shell, in a process group of its own, within bounds of time and output; past a bound the
 * whole group is killed, so no grandchild lives on. Never rejects.
 */
export function runProcess(request: ProcessRequest): Promise<ProcessOutcome> {
  if (request.signal?.aborted === true) return Promise.resolve({ kind: 'aborted' });
  return new Promise((resolve) => {
    const child = spawn(request.command, request.args, {
      env: request.env,
      cwd: request.cwd,
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const run = new Run(child, request, resolve);
    run.start();
  });
}

class Run {
  private readonly stdout: Buffer[] = [];
  private readonly stderr: Buffer[] = [];
  private stdoutBytes = 0;
  private stderrBytes = 0;
  private cause: ProcessOutcome | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly child: ChildProcess,
    private readonly request: ProcessRequest,
    private readonly resolve: (outcome: ProcessOutcome) => void,
  ) {}

  start(): void {
    const { child, request } = this;
    this.timer = setTimeout(() => this.stop({ kind: 'timeout' }), request.timeoutMs);
    request.signal?.addEventListener('abort', this.abort);
    child.stdout?.on('data', (chunk: Buffer) => this.take(chunk));
    child.stderr?.on('data', (chunk: Buffer) => this.takeError(chunk));
    // A child that exits early closes its input: not our error.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(request.input);
    if (child.pid !== undefined) request.onStart?.(child.pid);
    child.on('error', (error) => this.finish({ kind: 'not-started', message: error.message }));
    child.on('close', (code) => this.finish(this.exited(code)));
  }

  private exited(code: number | null): ProcessOutcome {
    return {
      kind: 'exited',
      code,
      stdout: Buffer.concat(this.stdout),
      stderr: Buffer.concat(this.stderr).toString('utf8'),
    };
  }

  private readonly abort = (): void => this.stop({ kind: 'aborted' });

  private take(chunk: Buffer): void {
    this.stdoutBytes += chunk.length;
    if (this.stdoutBytes > this.request.maxOutputBytes) this.stop({ kind: 'too-much-output' });
    else this.stdout.push(chunk);
  }

  private takeError(chunk: Buffer): void {
    if (this.stderrBytes < MAX_STDERR_BYTES) this.stderr.push(chunk.subarray(0, MAX_STDERR_BYTES - this.stderrBytes));
    this.stderrBytes += chunk.length;
  }

  private stop(cause: ProcessOutcome): void {
    if (this.cause !== undefined) return;
    this.cause = cause;
    this.stdout.length = 0;
    if (this.child.pid === undefined) return;
    try {
      process.kill(-this.child.pid, 'SIGKILL');
    } catch {
      // The group is gone already: 'close' follows.
    }
  }

  private finish(outcome: ProcessOutcome): void {
    clearTimeout(this.timer);
    this.request.signal?.removeEventListener('abort', this.abort);
    this.resolve(this.cause ?? outcome);
  }
}
