import type { Clock } from '../../kernel/clock.js';

const LEAST_SECONDS = 10;
const MOST_SECONDS = 3_600;
const MOST_CALLERS = 10_000;

interface Refusal {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Remembers who was told to come back later, so that nobody is asked before. */
export class RateLimits {
  private readonly until = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  /** Seconds that a caller still has to wait. */
  remaining(caller: string): number {
    const until = this.until.get(caller) ?? 0;
    const left = Math.ceil((until - this.clock.now().getTime()) / 1000);
    if (left <= 0) this.until.delete(caller);
    return Math.max(left, 0);
  }

  /** Seconds to wait where the refusal is one for asking too often: 429, or 403 with a word about limits. */
  note(caller: string, { status, headers }: Refusal): number | undefined {
    const retryAfter = one(headers['retry-after']);
    const isExhausted = one(headers['x-ratelimit-remaining']) === '0' || one(headers['ratelimit-remaining']) === '0';
    const isLimit = status === 429 || (status === 403 && (retryAfter !== undefined || isExhausted));
    if (!isLimit) return undefined;
    const now = this.clock.now().getTime();
    const reset = one(headers['x-ratelimit-reset']) ?? one(headers['ratelimit-reset']);
    const seconds = bounded(retryAfter === undefined ? untilReset(reset, now) : secondsOf(retryAfter, now));
    if (this.until.size >= MOST_CALLERS) this.until.clear();
    this.until.set(caller, now + seconds * 1000);
    return seconds;
  }
}

/** Retry-After holds seconds or a date. */
function secondsOf(text: string, now: number): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : (Date.parse(text) - now) / 1000;
}

/** Seconds since 1970. */
function untilReset(reset: string | undefined, now: number): number {
  return reset !== undefined && /^\d{1,12}$/.test(reset) ? Number(reset) - now / 1000 : 60;
}

function bounded(seconds: number): number {
  if (Number.isNaN(seconds)) return 60;
  return Math.ceil(Math.min(Math.max(seconds, LEAST_SECONDS), MOST_SECONDS));
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
