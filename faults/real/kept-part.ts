import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../src/kernel/errors.js';
import { Program } from '../../test/support/program.js';
import { PART } from './part-path.js';

const PAUSE_MS = 300;
const MOST_STARTS = 20;

/**
 * A process that is started again where its start fails, as a kubelet does it: what it needs may be away. One that ends
 * later by itself stays so.
 */
export class KeptPart {
  /** What the starts before the present one said last. */
  private before = '';
  private program: Program | undefined;
  private starting: Promise<RegExpExecArray> | undefined;
  private lives = 0;

  constructor(
    private readonly args: (skewMs: number) => readonly string[],
    private readonly environment: Readonly<Record<string, string>>,
    /** What it says when it is up. */
    private readonly up: RegExp,
  ) {}

  get output(): string {
    return `${this.before}${this.program?.output ?? ''}`;
  }

  get isRunning(): boolean {
    return this.program?.isRunning ?? false;
  }

  /** It comes up while the caller goes on; `isUp` tells. */
  start(skewMs: () => number): void {
    this.lives += 1;
    this.starting = this.bringUp(skewMs, this.lives);
    this.starting.catch(() => undefined);
  }

  /** What it said then. Throws where it never came up, or was killed before. */
  async isUp(): Promise<RegExpExecArray> {
    if (!this.starting) throw new Error('it was never started');
    return this.starting;
  }

  tell(skewMs: number): void {
    this.program?.tell(skewMs);
  }

  async kill(): Promise<void> {
    this.lives += 1;
    await this.program?.end('SIGKILL');
    this.before = this.output.slice(-8_000);
    this.program = undefined;
  }

  private async bringUp(skewMs: () => number, life: number): Promise<RegExpExecArray> {
    for (let starts = 1; ; starts += 1) {
      const program = Program.of(PART, this.args(skewMs()), this.environment);
      this.program = program;
      try {
        return await program.says(this.up);
      } catch (error) {
        if (this.lives !== life) throw new Error('it was killed before it was up', { cause: error });
        if (program.isRunning || starts === MOST_STARTS) throw error;
        this.before = `${this.before}${messageOf(error)}\n`.slice(-8_000);
      }
      await sleep(PAUSE_MS);
      if (this.lives !== life) throw new Error('it was killed before it was up');
    }
  }
}
