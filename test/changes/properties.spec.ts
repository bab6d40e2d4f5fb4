import { describe, expect, it } from 'vitest';
import { DEFAULT_BUDGET, guard, lineId, type GuardInput, type RemovalLine } from '../../src/changes/guard.js';
import { isEmptyPlan, plan, planning, type DesiredItem, type Plan, type StoredItem } from '../../src/changes/plan.js';
import { Pace } from '../../src/kernel/pace.js';
import { seededRandom, type Random } from '../support/seeded-random.js';

const SEEDS = Array.from({ length: 40 }, (_, seed) => seed);
const MAY = { create: true, update: true, delete: true };

type Contents = Map<string, unknown>;

function contentsOf(random: Random): Contents {
  const keys = Array.from({ length: random.below(15) }, () => `argocd/a${random.below(20)}`);
  return new Map(keys.map((key) => [key, { spec: { v: random.below(3), list: [random.below(2)] } }]));
}

const desiredOf = (contents: Contents): DesiredItem<unknown>[] =>
  Array.from(contents, ([key, content]) => ({ key, content, value: content }));
const storedOf = (contents: Contents): StoredItem<unknown>[] =>
  Array.from(contents, ([key, content]) => ({ key, uid: `u:${key}`, content, value: content }));

/** A store that does what a plan says, and nothing else. */
function applied(contents: Contents, { creates, updates, deletes }: Plan<unknown, unknown>): Contents {
  const next = new Map(contents);
  for (const { key, value } of creates) next.set(key, value);
  for (const { key, desired } of updates) next.set(key, desired);
  for (const { key } of deletes) next.delete(key);
  return next;
}

const sorted = (contents: Contents): unknown[] => [...contents].toSorted(([left], [right]) => (left < right ? -1 : 1));
const shuffled = <T>(items: readonly T[], random: Random): T[] =>
  items
    .map((item) => ({ item, at: random.below(1e6) }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);

describe('any plan', () => {
  it.each(SEEDS)('leads from what is stored to what is desired, and is empty from then on (%i)', (seed) => {
    const random = seededRandom(seed);
    const [desired, stored] = [contentsOf(random), contentsOf(random)];
    const made = plan({ desired: desiredOf(desired), stored: storedOf(stored), may: MAY });
    const next = applied(stored, made);
    expect(sorted(next)).toEqual(sorted(desired));
    expect(isEmptyPlan(plan({ desired: desiredOf(desired), stored: storedOf(next), may: MAY }))).toBe(true);
  });

  it.each(SEEDS)('is the same in any order of listing, and in pieces (%i)', async (seed) => {
    const random = seededRandom(seed);
    const [desired, stored] = [desiredOf(contentsOf(random)), storedOf(contentsOf(random))];
    const made = plan({ desired, stored, may: MAY });
    expect(plan({ desired: shuffled(desired, random), stored: shuffled(stored, random), may: MAY })).toEqual(made);
    expect(await new Pace(() => Promise.resolve()).run(planning({ desired, stored, may: MAY }))).toEqual(made);
  });

  it.each(SEEDS)('deletes nothing where an input is unreadable or the policy forbids it (%i)', (seed) => {
    const random = seededRandom(seed);
    const [desired, stored] = [desiredOf(contentsOf(random)), storedOf(contentsOf(random))];
    expect(plan({ desired, stored, may: MAY, unreadable: 'git is away' }).deletes).toEqual([]);
    expect(plan({ desired, stored, may: { ...MAY, delete: false } }).deletes).toEqual([]);
  });
});

describe('any guard', () => {
  const linesOf = (random: Random): RemovalLine[] =>
    Array.from({ length: 1 + random.below(25) }, (_, index) => ({
      uid: `u${index}`,
      action: 'delete',
      target: `Application argocd/a${index}`,
      objects: Array.from({ length: random.below(3) }, (_none, object) => `o${object}`),
    }));

  function inputOf(random: Random): GuardInput {
    const scopes = [{ name: 'the set', total: 1 + random.below(60), recent: random.below(8) }];
    const emptied = random.below(4) === 0 ? { emptied: 'git gave 5 results before and none now' } : {};
    return { lines: linesOf(random), scopes, budget: DEFAULT_BUDGET, approved: new Set(), ...emptied };
  }

  it.each(SEEDS)('lets each line go or wait, and never holds more once more is approved (%i)', (seed) => {
    const random = seededRandom(seed);
    const input = inputOf(random);
    const approved = new Set<string>();
    let held = guard(input).held.length;
    for (const line of shuffled(input.lines, random)) {
      approved.add(lineId(line));
      const judged = guard({ ...input, approved });
      expect(judged.allowed.length + judged.held.length).toBe(input.lines.length);
      expect(judged.held.some(({ id }) => approved.has(id))).toBe(false);
      expect(judged.held.length).toBeLessThanOrEqual(held);
      held = judged.held.length;
    }
    expect(held).toBe(0);
  });
});
