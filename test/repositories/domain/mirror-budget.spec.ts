import { describe, expect, it } from 'vitest';
import { mirrorsToDrop, type StoredMirror } from '../../../src/repositories/domain/mirror-budget.js';

const HOUR = 3_600_000;
const NOW = 1_000 * HOUR;
const LIMITS = { budgetBytes: 100, idleMs: 48 * HOUR };

/** A mirror that was used so many hours ago. */
const mirror = (name: string, hours: number, more: Partial<StoredMirror> = {}): StoredMirror => ({
  name,
  bytes: 40,
  usedAt: NOW - hours * HOUR,
  isRead: false,
  ...more,
});

const dropped = (...mirrors: StoredMirror[]) => mirrorsToDrop(mirrors, LIMITS, NOW).map(({ name }) => name);

describe('the disk budget of mirrors', () => {
  it('lets go what nobody reads and nobody used for long', () => {
    expect(dropped(mirror('old', 49), mirror('recent', 2))).toEqual(['old']);
  });

  it('lets the longest unused go first, and no more than it must', () => {
    expect(dropped(mirror('a', 5), mirror('b', 9), mirror('c', 3))).toEqual(['b']);
  });

  it('never lets go what somebody reads, however much it takes', () => {
    const read = { isRead: true, bytes: 500 };
    expect(dropped(mirror('big', 90, read), mirror('other', 90, read), mirror('spare', 2))).toEqual(['spare']);
  });

  it('leaves alone what was used within the hour, which a preview may be reading', () => {
    expect(dropped(mirror('fresh', 0.5, { bytes: 500 }))).toEqual([]);
  });
});
