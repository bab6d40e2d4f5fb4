import { ageMs } from '../../kernel/age.js';
import type { Clock } from '../../kernel/clock.js';
import { canonicalJson } from '../../kernel/json.js';
import { ok, type Result } from '../../kernel/result.js';
import { BoundedCache } from '../../repositories/git/bounded-cache.js';
import type { ReadFailure } from '../reader.js';

interface Kept {
  at: number;
  value: unknown;
  characters: number;
}

export interface KeptQuestion {
  question: readonly unknown[];
  maxAgeSeconds: number;
  /** Answers from before are not good enough: someone asked for a refresh then. */
  notBefore: number;
}

const LARGEST_MEMORY_CHARACTERS = 64 * 1024 * 1024;

/** A run that comes a little before its time finds nothing old enough to ask for again. */
const SLACK_MS = 1_000;

/**
 * What remote inputs answered, for every set that asks the same: a label edit re-runs sets, and providers need not be
 * asked for it. Failures are not kept.
 */
export class KeptAnswers {
  private readonly kept = new BoundedCache<Kept>(LARGEST_MEMORY_CHARACTERS, ({ characters }) => characters);
  private readonly asked = new Map<string, Promise<Result<unknown, ReadFailure>>>();

  constructor(private readonly clock: Clock) {}

  /** What is kept and good enough, without asking. */
  known<T>(wanted: KeptQuestion): Result<T, never> | undefined {
    const known = this.kept.get(canonicalJson(wanted.question));
    return known && this.isFresh(known, wanted) ? ok(known.value as T) : undefined;
  }

  /** Asks, or joins whoever is asking. */
  ask<T>({ question }: KeptQuestion, ask: () => Promise<Result<T, ReadFailure>>): Promise<Result<T, ReadFailure>> {
    const key = canonicalJson(question);
    const underway = this.asked.get(key) as Promise<Result<T, ReadFailure>> | undefined;
    if (underway) return underway;
    const answer = this.keep(key, ask).finally(() => this.asked.delete(key));
    this.asked.set(key, answer);
    return answer;
  }

  private async keep<T>(key: string, ask: () => Promise<Result<T, ReadFailure>>): Promise<Result<T, ReadFailure>> {
    const at = this.clock.now().getTime();
    const answer = await ask();
    if (answer.ok) {
      const characters = key.length + canonicalJson(answer.value).length;
      this.kept.set(key, { at, value: answer.value, characters });
    }
    return answer;
  }

  private isFresh({ at }: Kept, { maxAgeSeconds, notBefore }: KeptQuestion): boolean {
    return at >= notBefore && ageMs(at, this.clock.now().getTime()) < maxAgeSeconds * 1000 - SLACK_MS;
  }
}
