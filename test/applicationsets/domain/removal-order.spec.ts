import { describe, expect, it } from 'vitest';
import type { ApplicationSetSpec } from '../../../src/applicationsets/domain/application-set.js';
import { nextToDelete, removalRule } from '../../../src/applicationsets/domain/removal-order.js';
import { mayOf } from '../../../src/applicationsets/domain/set-policy.js';

type Policy = NonNullable<ApplicationSetSpec['syncPolicy']>['applicationsSync'];

const FINALIZER = 'resources-finalizer.argocd.argoproj.io';
const step = (value: string) => ({ matchExpressions: [{ key: 'ring', operator: 'In', values: [value] }] });

function spec(applicationsSync: Policy, deletionOrder?: string): ApplicationSetSpec {
  const rollingSync = { steps: [step('first'), step('last')] };
  const strategy = { type: 'RollingSync', rollingSync, deletionOrder };
  return { syncPolicy: { applicationsSync }, ...(deletionOrder ? { strategy } : {}) } as ApplicationSetSpec;
}

describe('applicationsSync (argocd-behaviour.md 3.4)', () => {
  it.each([
    ['create-only', true, false, false],
    ['create-update', true, true, false],
    ['create-delete', true, false, true],
    ['sync', true, true, true],
    [undefined, true, true, true],
  ] as const)('%s: create %s, update %s, delete %s', (policy, create, update, remove) => {
    expect(mayOf(spec(policy))).toEqual({ create, update, delete: remove });
  });
});

describe('what a deleted set does with its Applications (argocd-behaviour.md 3.1)', () => {
  it.each([
    ['sync', [FINALIZER], undefined, 'together'],
    ['sync', [FINALIZER], 'Reverse', 'reverse'],
    ['sync', [`${FINALIZER}/background`], 'Reverse', 'reverse'],
    ['create-delete', [FINALIZER], 'Reverse', 'reverse'],
    ['create-only', [FINALIZER], 'Reverse', 'keep'],
    ['create-only', [FINALIZER], undefined, 'keep'],
    ['create-update', [FINALIZER], undefined, 'keep'],
    ['create-only', [], undefined, 'together'],
    ['create-only', ['example.com/other'], 'Reverse', 'together'],
  ] as const)('%s with %j and order %s: %s', (policy, finalizers, order, rule) => {
    expect(removalRule(spec(policy, order), finalizers)).toBe(rule);
  });
});

describe('reverse deletion (argocd-behaviour.md 3.6)', () => {
  const application = (key: string, ring: string, deleting = false) => ({ key, labels: { ring }, deleting });
  const next = (...applications: ReturnType<typeof application>[]) =>
    nextToDelete(spec('sync', 'Reverse'), applications);

  it('begins with the last step, by name', () => {
    expect(next(application('a', 'first'), application('c', 'last'), application('b', 'last'))).toEqual({ next: 'b' });
  });

  it('waits for the one that is on its way out', () => {
    expect(next(application('a', 'first'), application('b', 'last', true), application('c', 'last'))).toBe('wait');
  });

  it('goes on to the step before, and leaves Applications in no step to what follows', () => {
    expect(next(application('a', 'first'), application('x', 'none'))).toEqual({ next: 'a' });
    expect(next(application('x', 'none'), application('y', 'none', true))).toBe('none');
  });
});
