import { ageMs } from '../../kernel/age.js';
import type { Clock } from '../../kernel/clock.js';
import type { Result } from '../../kernel/result.js';
import type { ReadFailure } from '../domain/read-failure.js';

export interface TimedAnswersOptions {
  clock: Clock;
  /** How long an answer counts as now, and how long a failure answers further callers. */
  freshMs: number;
  failureMs: number;
}

interface Kept<T> {
  /** When it came; undefined while it is waited for. */
  at?: number;
  answer: Promise<Result<T, ReadFailure>>;
  failed: boolean;
}

const MOST = 10_000;

/** What servers said lately: each thing is asked for once in a while, however many want it. */
export class TimedAnswers<T> {
  private readonly kept = new Map<string, Kept<T>>();

  constructor(private readonly options: TimedAnswersOptions) {}

  get(key: string, ask: () => Promise<Result<T, ReadFailure>>): Promise<Result<T, ReadFailure>> {
    const known = this.kept.get(key);
    const now = this.options.clock.now().getTime();
    const { freshMs, failureMs } = this.options;
    if (known === undefined) return this.ask(key, ask);
    const isFresh = known.at === undefined || ageMs(known.at, now) < (known.failed ? failureMs : freshMs);
    return isFresh ? known.answer : this.ask(key, ask);
  }

  /** Asked anew whatever is known. */
  forget(isMeant: (key: string) => boolean): void {
    for (const key of this.kept.keys()) if (isMeant(key)) this.kept.delete(key);
  }

  private ask(key: string, ask: () => Promise<Result<T, ReadFailure>>): Promise<Result<T, ReadFailure>> {
    const kept: Kept<T> = { answer: ask(), failed: false };
    const [oldest] = this.kept.keys();
    if (oldest !== undefined && this.kept.size >= MOST) this.kept.delete(oldest);
    this.kept.delete(key);
    this.kept.set(key, kept);
    const settle = (failed: boolean): void => {
      kept.at = this.options.clock.now().getTime();
      kept.failed = failed;
    };
    void kept.answer.then(
      ({ ok }) => settle(!ok),
      () => this.kept.delete(key),
    );
    return kept.answer;
  }
}
