import { describe, expect, it } from 'vitest';
import { afterHeal, healPauseMs, NO_HEALS } from '../../../src/dispatch/agent/heal-pace.js';
import { advanceHistory, fenceOf, supersedes, type HubHistory } from '../../../src/dispatch/agent/hub-history.js';
import type { Delivery } from '../../../src/dispatch/protocol/delivery.js';

const KNOWN: HubHistory = { hubId: 'hub', epoch: 'e1', position: 10, fencePosition: null };
const at = (epoch: string, position: number) => ({ epoch, position }) as Delivery;

describe('the history of a hub', () => {
  it('moves on without a fence while it only grows', () => {
    expect(advanceHistory(KNOWN, { hubId: 'hub', epoch: 'e1', position: 12 })).toEqual({ ...KNOWN, position: 12 });
    expect(fenceOf(at('e1', 3), KNOWN)).toBeUndefined();
  });

  it('is fenced by another epoch up to where that epoch was met', () => {
    const next = advanceHistory(KNOWN, { hubId: 'hub', epoch: 'e2', position: 4 });
    expect(next.fencePosition).toBe(4);
    expect(fenceOf(at('e2', 4), next)).toMatch(/rewound/);
    expect(fenceOf(at('e2', 5), next)).toBeUndefined();
    expect(fenceOf(at('e1', 9), next)).toMatch(/epoch/);
  });

  it('is fenced by a hub that is behind, up to what was read before', () => {
    const next = advanceHistory(KNOWN, { hubId: 'hub', epoch: 'e1', position: 7 });
    expect(next).toMatchObject({ position: 10, fencePosition: 10 });
    expect(advanceHistory(next, { hubId: 'hub', epoch: 'e1', position: 11 })).toMatchObject({
      position: 11,
      fencePosition: 10,
    });
  });

  it('compares positions within an epoch only', () => {
    expect(supersedes(at('e1', 4), at('e1', 5), 'e1')).toBe(false);
    expect(supersedes(at('e1', 5), at('e1', 5), 'e1')).toBe(true);
    expect(supersedes(at('e2', 1), at('e1', 5), 'e2')).toBe(true);
    expect(supersedes(at('e1', 9), at('e2', 5), 'e2')).toBe(false);
  });
});

describe('the pace of healing', () => {
  it('is immediate for any number of edits a person makes, and slow against a second writer', () => {
    let heals = NO_HEALS;
    for (let index = 0; index < 50; index += 1) {
      expect(healPauseMs(heals, 1000)).toBe(0);
      heals = afterHeal(heals, 1000);
    }
    expect(healPauseMs(heals, 1000)).toBe(2000);
    expect(healPauseMs(heals, 3000)).toBe(0);
    expect(healPauseMs(afterHeal(heals, 3000), 3000)).toBe(2000);
    expect(afterHeal(heals, 1_000_000).recent).toBe(1);
  });

  it('waits for no time that the clock was set back from', () => {
    expect(healPauseMs(afterHeal(NO_HEALS, 3_600_000), 0)).toBe(0);
  });
});
