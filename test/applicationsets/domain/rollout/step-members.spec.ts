import { describe, expect, it } from 'vitest';
import { deletesInReverse, rollingSteps } from '../../../../src/applicationsets/domain/rollout/rolling-strategy.js';
import { rolloutTurns } from '../../../../src/applicationsets/domain/rollout/rollout-turns.js';
import { stepMembers, type Labelled } from '../../../../src/applicationsets/domain/rollout/step-members.js';

const expression = (operator: string, ...values: string[]) => ({
  matchExpressions: [{ key: 'env', operator, values }],
});
const labelled: Labelled[] = [
  { key: 'dev', labels: { env: 'dev' } },
  { key: 'prod', labels: { env: 'prod' } },
  { key: 'none', labels: {} },
];

describe('step membership (argocd-behaviour.md 3.6)', () => {
  it.each([
    ['In', ['dev'], ['dev']],
    ['NotIn', ['dev'], ['prod', 'none']],
    ['In', [], []],
    ['NotIn', [], ['dev', 'prod', 'none']],
    // The trap: without the label an unknown operator leaves an Application in.
    ['Exists', [], ['none']],
    ['in', ['dev'], ['none']],
  ])('%s %j', (operator, values, expected) => {
    expect(stepMembers([expression(operator, ...values)], labelled).members[0]).toEqual(expected);
  });

  it('selects every Application without expressions, and ANDs several', () => {
    expect(stepMembers([{ matchExpressions: [] }], labelled).members[0]).toHaveLength(3);
    const both = {
      matchExpressions: [
        ...expression('In', 'dev', 'prod').matchExpressions,
        ...expression('NotIn', 'dev').matchExpressions,
      ],
    };
    expect(stepMembers([both], labelled).members[0]).toEqual(['prod']);
  });

  it('reports an unknown operator once a step', () => {
    expect(stepMembers([expression('Exists')], labelled).faults).toEqual([
      'step 1 has the operator "Exists"; only In and NotIn are known',
    ]);
  });
});

describe('the strategy of a set', () => {
  const steps = [{ matchExpressions: null, maxUpdate: null }];

  it.each([
    ['RollingSync', { steps }, [{ matchExpressions: [] }]],
    ['RollingSync', {}, []],
    ['RollingSync', null, undefined],
    ['AllAtOnce', { steps }, undefined],
    ['rollingsync', { steps }, undefined],
    [null, { steps }, undefined],
  ])('%s with %j', (type, rollingSync, expected) => {
    expect(rollingSteps({ strategy: { type, rollingSync, deletionOrder: null } })).toEqual(expected);
  });

  it.each([
    ['RollingSync', 'Reverse', true],
    ['RollingSync', 'rEVERSE', true],
    ['RollingSync', 'AllAtOnce', false],
    ['RollingSync', null, false],
    ['AllAtOnce', 'Reverse', false],
  ])('%s deletes in reverse for %s: %s', (type, deletionOrder, expected) => {
    expect(deletesInReverse({ strategy: { type, rollingSync: { steps }, deletionOrder } })).toBe(expected);
  });
});

describe('whose turn it is in a preview', () => {
  const steps = [expression('In', 'dev'), { ...expression('In', 'prod'), maxUpdate: 1 }];
  const applications = [...labelled, { key: 'prod2', labels: { env: 'prod' } }];

  it('syncs the first step that changes first, as many as it lets through', () => {
    expect(Object.fromEntries(rolloutTurns(steps, applications, new Set(['prod2', 'prod', 'none'])))).toEqual({
      none: { step: -1, first: false },
      prod: { step: 2, first: true },
      prod2: { step: 2, first: false },
    });
    expect(rolloutTurns(steps, applications, new Set(['dev', 'prod'])).get('prod')).toEqual({ step: 2, first: false });
  });

  it('has no turn where nothing changes', () => {
    expect(rolloutTurns(steps, applications, new Set())).toEqual(new Map());
  });
});
