import { fail, type Result } from '../../kernel/result.js';
import type { ReadFailure } from '../reader.js';

const LATE: ReadFailure = {
  code: 'SCM_TIMEOUT',
  message: 'remote inputs take longer than a set may wait; they are asked further, and the set runs again soon',
};

/**
 * How long one expansion waits for remote inputs, counted from the first one it asks. Whoever was asked goes on, so that a
 * later expansion finds the answer.
 */
export class Patience {
  private late: Promise<Result<never, ReadFailure>> | undefined;
  private isOver = false;

  constructor(private readonly milliseconds: number) {}

  async wait<T>(ask: () => Promise<Result<T, ReadFailure>>): Promise<Result<T, ReadFailure>> {
    if (this.isOver) return fail(LATE);
    this.late ??= this.start();
    return Promise.race([ask(), this.late]);
  }

  private start(): Promise<Result<never, ReadFailure>> {
    return new Promise((resolve) => {
      const end = (): void => {
        this.isOver = true;
        resolve(fail(LATE));
      };
      setTimeout(end, this.milliseconds).unref();
    });
  }
}
