import { describe, expect, it } from 'vitest';
import { advanceRollout, type Rollout } from '../../../../src/applicationsets/domain/rollout/advance-rollout.js';
import type { RolloutStep } from '../../../../src/applicationsets/domain/rollout/rolling-strategy.js';
import type {
  ObservedApplication,
  RolloutEntry,
} from '../../../../src/applicationsets/domain/rollout/rollout-entry.js';

const AT = '2026-01-01T00:00:00Z';
const ring = (value: string, maxUpdate?: number | string): RolloutStep => ({
  matchExpressions: [{ key: 'ring', operator: 'In', values: [value] }],
  maxUpdate,
});

function application(name: string, change: Partial<ObservedApplication> = {}): ObservedApplication {
  return {
    uid: name,
    key: `argocd/${name}`,
    labels: { ring: name[0] ?? '' },
    settled: true,
    sync: 'OutOfSync',
    health: 'Missing',
    blocked: false,
    target: 't1',
    targetRevisions: ['sha1'],
    operation: undefined,
    openOperationId: undefined,
    ...change,
  };
}

/** A fleet that is looked at again and again; `a*` is in the first step, `b*` in the second. */
class Fleet {
  entries = new Map<string, RolloutEntry>();
  last!: Rollout;

  constructor(
    readonly applications: Map<string, ObservedApplication>,
    readonly steps: RolloutStep[] = [ring('a'), ring('b')],
  ) {}

  static of(names: readonly string[], steps?: RolloutStep[]): Fleet {
    return new Fleet(new Map(names.map((name) => [name, application(name)])), steps);
  }

  /** One pass; what it starts gets an operation, as the reconciler stores it. */
  look(): this {
    this.last = advanceRollout({ ...this, applications: [...this.applications.values()], at: AT });
    this.entries = new Map(
      this.last.entries.map((entry) => {
        const operationId = this.last.starts.includes(entry.applicationUid) ? `op-${entry.target}` : entry.operationId;
        return [entry.applicationUid, { ...entry, operationId }];
      }),
    );
    for (const uid of this.last.starts) this.see(uid, { openOperationId: `op-${this.applications.get(uid)?.target}` });
    return this;
  }

  see(name: string, change: Partial<ObservedApplication>): this {
    this.applications.set(name, { ...(this.applications.get(name) ?? application(name)), ...change });
    return this;
  }

  /** Its agent carried the operation out. */
  synced(name: string, health = 'Healthy'): this {
    const target = this.applications.get(name)?.target;
    const operation = { id: `op-${target}`, phase: 'Succeeded' };
    return this.see(name, { sync: 'Synced', health, operation, openOperationId: undefined });
  }

  get statuses(): Record<string, string> {
    return Object.fromEntries([...this.entries].map(([name, { status }]) => [name, status]));
  }
}

describe('a rollout in steps (argocd-behaviour.md 3.6)', () => {
  it('starts the first step and keeps the others waiting', () => {
    const fleet = Fleet.of(['a1', 'a2', 'b1']).look();
    expect(fleet.statuses).toEqual({ a1: 'Pending', a2: 'Pending', b1: 'Waiting' });
    expect(fleet.last.starts).toEqual(['a1', 'a2']);
    expect(fleet.last.verdict).toEqual({ step: 1, steps: 2, faults: [] });
  });

  it('reaches a step when every Application before it is Healthy', () => {
    const fleet = Fleet.of(['a1', 'a2', 'b1']).look().synced('a1').look();
    expect(fleet.statuses).toEqual({ a1: 'Healthy', a2: 'Pending', b1: 'Waiting' });
    fleet.synced('a2').look();
    expect(fleet.statuses).toEqual({ a1: 'Healthy', a2: 'Healthy', b1: 'Pending' });
    fleet.synced('b1').look();
    expect(fleet.last.verdict.step).toBeNull();
  });

  it('asks again with the same answers and changes nothing', () => {
    const fleet = Fleet.of(['a1', 'b1']).look();
    const before = structuredClone(fleet.entries);
    fleet.look();
    expect(fleet.entries).toEqual(before);
    expect(fleet.last.starts).toEqual([]);
  });

  it.each(['Degraded', 'Progressing', 'Unknown'])('stops where an Application is synced and %s', (health) => {
    const fleet = Fleet.of(['a1', 'b1']).look().synced('a1', health).look().look();
    expect(fleet.statuses).toEqual({ a1: 'Progressing', b1: 'Waiting' });
  });

  it('leaves a failed sync Progressing, and does not try it again', () => {
    const fleet = Fleet.of(['a1', 'b1']).look();
    fleet.see('a1', { operation: { id: 'op-t1', phase: 'Failed' }, openOperationId: undefined }).look();
    expect(fleet.statuses).toEqual({ a1: 'Progressing', b1: 'Waiting' });
    expect(fleet.last.starts).toEqual([]);
  });

  it('lets an Application that cannot sync at all become Progressing', () => {
    const fleet = Fleet.of(['a1']).look().see('a1', { blocked: true }).look();
    expect(fleet.statuses).toEqual({ a1: 'Progressing' });
  });

  it.each([
    ['Healthy', 'Healthy'],
    ['Degraded', 'Progressing'],
  ])('starts no sync of what is synced and %s already', (health, status) => {
    const fleet = Fleet.of(['a1']).see('a1', { sync: 'Synced', health }).look();
    expect(fleet.statuses).toEqual({ a1: status });
    expect(fleet.last.starts).toEqual([]);
  });

  it('starts anew, from the first step, for another target', () => {
    const fleet = Fleet.of(['a1', 'b1']).look().synced('a1').look().synced('b1').look();
    const next = { target: 't2', targetRevisions: ['sha2'], sync: 'OutOfSync' };
    fleet.see('a1', next).see('b1', next).look();
    expect(fleet.statuses).toEqual({ a1: 'Pending', b1: 'Waiting' });
    expect(fleet.entries.get('b1')).toMatchObject({
      targetRevisions: ['sha2'],
      message: 'its source moved to another revision: it waits for its step',
    });
  });

  it('moves nothing to Pending while one of the set was not looked at since it changed', () => {
    const fleet = Fleet.of(['a1', 'b1']).look().synced('a1').look().synced('b1').look();
    fleet.see('b1', { target: 't2', sync: 'OutOfSync' }).see('a1', { settled: false }).look();
    expect(fleet.statuses).toEqual({ a1: 'Healthy', b1: 'Waiting' });
    expect(fleet.last.unsettled).toBe(true);
    fleet.see('a1', { settled: true, target: 't2', sync: 'OutOfSync' }).look();
    expect(fleet.statuses).toEqual({ a1: 'Pending', b1: 'Waiting' });
  });

  it.each([
    ['was withdrawn or ran out of time', { openOperationId: undefined }],
    ['gave way to one of somebody else', { openOperationId: 'by-hand' }],
  ])('asks again for an operation that %s', (_why, change) => {
    const fleet = Fleet.of(['a1']).look().see('a1', change).look();
    expect(fleet.last.starts).toEqual(['a1']);
  });

  it('never syncs an Application in no step, and tells step -1', () => {
    const fleet = Fleet.of(['a1', 'x1']).look().synced('a1').look();
    expect(fleet.statuses).toEqual({ a1: 'Healthy', x1: 'Waiting' });
    expect(fleet.entries.get('x1')?.step).toBe('-1');
    expect(fleet.last.verdict.step).toBeNull();
  });

  it('passes a step without Applications over, and reports it', () => {
    const fleet = Fleet.of(['b1']).look();
    expect(fleet.statuses).toEqual({ b1: 'Pending' });
    expect(fleet.last.verdict).toEqual({ step: 2, steps: 2, faults: ['step 1 selects no Application'] });
  });

  it('counts an Application of several steps in the first, and waits for it in each', () => {
    const every: RolloutStep = { matchExpressions: [] };
    const fleet = Fleet.of(['a1', 'b1'], [ring('a'), every]).look();
    expect(fleet.entries.get('a1')?.step).toBe('1');
    expect(fleet.last.verdict.faults).toEqual([
      'Application argocd/a1 is selected by steps 1 and 2; the first one counts',
    ]);
  });
});

describe('maxUpdate', () => {
  const pendingWith = (maxUpdate: number | string | undefined, count: number): number => {
    const names = Array.from({ length: count }, (_each, index) => `a${index}`);
    const { statuses } = Fleet.of(names, [ring('a', maxUpdate)]).look();
    return Object.values(statuses).filter((status) => status === 'Pending').length;
  };

  it.each([
    [undefined, 5, 5],
    [2, 5, 2],
    [0, 5, 0],
    ['50%', 5, 2],
    ['10%', 5, 1],
    ['0%', 5, 0],
    ['100%', 5, 5],
    ['many', 5, 1],
    ['3', 5, 1],
  ])('%s of %i Applications lets %i change at a time', (maxUpdate, count, expected) => {
    expect(pendingWith(maxUpdate, count)).toBe(expected);
  });

  it('reports what is neither a number nor a percentage', () => {
    const { last } = Fleet.of(['a1'], [ring('a', 'many')]).look();
    expect(last.verdict.faults).toEqual(['step 1: maxUpdate "many" is neither a number nor a percentage']);
  });

  it('frees a place when one of the step is Healthy, and counts those that go on', () => {
    const fleet = Fleet.of(['a1', 'a2', 'a3'], [ring('a', 2)]).look();
    fleet.synced('a1').synced('a2', 'Progressing').look();
    expect(fleet.statuses).toEqual({ a1: 'Healthy', a2: 'Progressing', a3: 'Pending' });
  });

  it('counts Applications in no step among those of the first, as Argo CD does', () => {
    const names = ['a1', 'a2', 'x1', 'x2'];
    expect(Object.values(Fleet.of(names, [ring('a', '50%')]).look().statuses)).toEqual([
      'Pending',
      'Pending',
      'Waiting',
      'Waiting',
    ]);
    const busy = Fleet.of(['a1', 'x1'], [ring('a', 1)])
      .see('x1', { sync: 'Synced', health: 'Degraded' })
      .look();
    expect(busy.statuses).toEqual({ a1: 'Waiting', x1: 'Progressing' });
  });
});
