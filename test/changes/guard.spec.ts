import { describe, expect, it } from 'vitest';
import { DEFAULT_BUDGET, guard, lineId, type GuardInput, type RemovalLine } from '../../src/changes/guard.js';

const line = (uid: string, objects: string[] = []): RemovalLine => ({
  uid,
  action: 'delete',
  target: `Application argocd/${uid}`,
  objects,
});
const lines = (count: number) => Array.from({ length: count }, (_unused, index) => line(`u${index}`));
const judge = (input: Partial<GuardInput>) =>
  guard({
    lines: [],
    scopes: [{ name: 'set s', total: 100, recent: 0 }],
    budget: DEFAULT_BUDGET,
    approved: new Set(),
    ...input,
  });

describe('guard', () => {
  it('lets ten removals of a hundred go', () => {
    expect(judge({ lines: lines(10) })).toMatchObject({ allowed: { length: 10 }, held: [] });
  });

  it('holds every removal once more than ten would go', () => {
    const { allowed, held } = judge({ lines: lines(11) });
    expect(allowed).toEqual([]);
    expect(held).toHaveLength(11);
    expect(held[0]?.reason).toContain('set s');
  });

  it('holds more than a fifth, but only from three on', () => {
    const scopes = [{ name: 'set s', total: 10, recent: 0 }];
    expect(judge({ lines: lines(2), scopes: [{ name: 'set s', total: 2, recent: 0 }] }).held).toEqual([]);
    expect(judge({ lines: lines(2), scopes }).held).toEqual([]);
    expect(judge({ lines: lines(3), scopes }).held).toHaveLength(3);
  });

  it('counts what went within the last hour, in the narrowest and the widest scope alike', () => {
    const scopes = [
      { name: 'set s', total: 100, recent: 0 },
      { name: 'the fleet', total: 1000, recent: 9 },
    ];
    expect(judge({ lines: lines(2), scopes }).held[0]?.reason).toContain('the fleet');
  });

  it('counts each object that a delivery would prune', () => {
    const prune: RemovalLine = {
      ...line(
        'u',
        Array.from({ length: 11 }, (_unused, i) => `/ConfigMap/a/${i}`),
      ),
      action: 'prune',
    };
    expect(judge({ lines: [prune] }).held).toHaveLength(1);
  });

  it('holds even one removal when a remote input came back empty', () => {
    expect(judge({ lines: lines(1), emptied: 'git gave 5 directories before and none now' }).held).toHaveLength(1);
  });

  it('lets approved lines go while a new line waits alone', () => {
    const plan = lines(12);
    const approved = new Set(plan.slice(0, 11).map(lineId));
    const { allowed, held } = judge({ lines: plan, approved });
    expect(allowed).toHaveLength(11);
    expect(held.map((entry) => entry.line.uid)).toEqual(['u11']);
  });

  it('does not let an approval cover other objects of the same Application', () => {
    const approved = new Set([lineId(line('u', ['/ConfigMap/a/x']))]);
    const emptied = 'emptied';
    expect(judge({ lines: [line('u', ['/ConfigMap/a/y'])], approved, emptied }).held).toHaveLength(1);
  });
});
