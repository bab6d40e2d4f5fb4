import { ageMs } from '../../kernel/age.js';

/** Heals of one Application, lately: each counts less as time passes. */
export interface HealCount {
  recent: number;
  atMs: number;
}

export const NO_HEALS: HealCount = { recent: 0, atMs: 0 };

/** As many may follow each other at once; a person's edits never reach it. */
const MOST_AT_ONCE = 50;
/** Beyond them one heal is allowed each time this passes. */
const EVERY_MS = 2000;

/**
 * How long to wait before healing again. Immediate, except where somebody keeps changing an object back: two writers
 * must not wear out the API server.
 */
export function healPauseMs(count: HealCount, nowMs: number): number {
  const over = recentAt(count, nowMs) - MOST_AT_ONCE + 1;
  return Math.max(0, Math.ceil(over * EVERY_MS));
}

export function afterHeal(count: HealCount, nowMs: number): HealCount {
  return { recent: recentAt(count, nowMs) + 1, atMs: nowMs };
}

function recentAt({ recent, atMs }: HealCount, nowMs: number): number {
  return Math.max(0, recent - ageMs(atMs, nowMs) / EVERY_MS);
}
