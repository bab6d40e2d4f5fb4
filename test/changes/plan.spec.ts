import { describe, expect, it } from 'vitest';
import { isEmptyPlan, plan, type DesiredItem, type PlanInput, type StoredItem } from '../../src/changes/plan.js';

const want = (key: string, content: unknown = {}): DesiredItem<string> => ({ key, content, value: `d:${key}` });
const have = (key: string, content: unknown = {}): StoredItem<string> => ({
  key,
  uid: `u:${key}`,
  content,
  value: `s:${key}`,
});
const all = { create: true, update: true, delete: true };
const make = (input: Partial<PlanInput<string, string>>) => plan({ desired: [], stored: [], may: all, ...input });

describe('plan', () => {
  it('creates what is missing, updates what differs, deletes what is no longer desired', () => {
    const result = make({ desired: [want('b', { x: 2 }), want('a')], stored: [have('b', { x: 1 }), have('c')] });
    expect(result.creates.map((item) => item.key)).toEqual(['a']);
    expect(result.updates).toMatchObject([{ key: 'b', uid: 'u:b', changes: [{ path: 'x', from: 1, to: 2 }] }]);
    expect(result.deletes.map((item) => item.key)).toEqual(['c']);
  });

  it('is empty when desired equals stored', () => {
    expect(isEmptyPlan(make({ desired: [want('a', { x: [1] })], stored: [have('a', { x: [1] })] }))).toBe(true);
  });

  it('deletes nothing when an input could not be read', () => {
    const result = make({ stored: [have('a')], unreadable: 'generator 0 failed' });
    expect(result.deletes).toEqual([]);
    expect(result.kept).toMatchObject([{ item: { key: 'a' }, reason: 'generator 0 failed' }]);
  });

  it('neither updates nor deletes an invalid result, and says why it is kept', () => {
    const leave = new Map([['a', 'duplicate name']]);
    const result = make({ desired: [want('a', { x: 2 })], stored: [have('a', { x: 1 })], leave });
    expect(isEmptyPlan(result)).toBe(true);
    expect(make({ stored: [have('a')], leave }).kept).toMatchObject([{ reason: 'duplicate name' }]);
  });

  it('counts what is on its way out already neither as a delete nor as an update', () => {
    const leaving = (key: string) => ({ ...have(key, { x: 1 }), deleting: true });
    expect(isEmptyPlan(make({ desired: [want('a', { x: 2 })], stored: [leaving('a'), leaving('b')] }))).toBe(true);
  });

  it('does only what the policy of the owner permits', () => {
    const input = { desired: [want('a'), want('b', { x: 2 })], stored: [have('b', { x: 1 }), have('c')] };
    expect(isEmptyPlan(make({ ...input, may: { create: false, update: false, delete: false } }))).toBe(true);
    expect(make({ ...input, may: { ...all, delete: false } }).deletes).toEqual([]);
  });

  it('does not depend on the order of its input', () => {
    const desired = ['a', 'b', 'c'].map((key) => want(key));
    const stored = ['c', 'd', 'e'].map((key) => have(key));
    expect(make({ desired, stored })).toEqual(make({ desired: desired.toReversed(), stored: stored.toReversed() }));
  });
});
