import { describe, expect, it } from 'vitest';
import type { HubObject } from '../../src/database/objects/hub-object.js';
import { generatorStatus, type GeneratorPass } from '../../src/generation/generator-status.js';
import type { Condition } from '../../src/kernel/conditions.js';

const set = (status?: object) =>
  ({ metadata: { generation: 2 }, ...(status ? { status } : {}) }) as unknown as HubObject;
const pass = (overrides: Partial<GeneratorPass> = {}): GeneratorPass => ({
  expansion: { branches: [{ index: 0, state: 'complete', remoteReads: [], results: 2 }], errors: [], warnings: [] },
  problems: [],
  plan: { creates: [], updates: [], deletes: [], kept: [], unchanged: 2 },
  guarded: { allowed: [], held: [] },
  ...overrides,
});
const quiet = { created: 0, updated: 0, deleted: 0, held: 0 };
const error = { code: 'GIT_UNREACHABLE', message: 'no route', path: 'spec.generators[0].git' };

function conditions(status: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries((status['conditions'] as Condition[]).map(({ type, status: verdict }) => [type, verdict]));
}

describe('generatorStatus', () => {
  it('says that all is up to date', () => {
    expect(conditions(generatorStatus(set(), pass(), quiet, 't1'))).toEqual({
      AwaitingApproval: 'False',
      ErrorOccurred: 'False',
      ParametersGenerated: 'True',
      ResourcesUpToDate: 'True',
    });
  });

  it('names the first failed input, with its code and place', () => {
    const failing = pass({ expansion: { ...pass().expansion, errors: [error] } });
    const status = generatorStatus(set(), failing, quiet, 't1');
    expect(conditions(status)).toMatchObject({
      ErrorOccurred: 'True',
      ParametersGenerated: 'False',
      ResourcesUpToDate: 'False',
    });
    expect(status['errors']).toEqual([error]);
  });

  it('reports a refused result without calling the generation failed', () => {
    const problems = [{ key: 'argocd/web', code: 'NOT_PERMITTED', message: 'not yours' }];
    const status = generatorStatus(set(), pass({ problems }), quiet, 't1');
    expect(conditions(status)).toMatchObject({ ErrorOccurred: 'True', ParametersGenerated: 'True' });
    expect(JSON.stringify(status['conditions'])).toContain('argocd/web: not yours');
  });

  it('writes the same status for the same verdict, whenever it is reached', () => {
    const first = generatorStatus(set(), pass(), quiet, 't1');
    expect(generatorStatus(set(first), pass(), quiet, 't2')).toEqual(first);
  });

  it('says what waits for approval, and why', () => {
    const line = { uid: 'u', action: 'delete' as const, target: 'Application argocd/web', objects: [] };
    const guarded = { allowed: [], held: [{ line, id: 'i', reason: 'more than ten' }] };
    const status = generatorStatus(set(), pass({ guarded }), { ...quiet, held: 1, reason: 'more than ten' }, 't1');
    expect(conditions(status)['AwaitingApproval']).toBe('True');
    expect(JSON.stringify(status)).toContain('more than ten');
  });

  it('tells how far a rollout is, and nothing of one when there is none any more', () => {
    const rollout = { step: 2, steps: 3, faults: ['step 3 selects no Application'] };
    const rolling = generatorStatus(set(), pass({ rollout }), quiet, 't1');
    expect(rolling['conditions']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          type: 'RolloutProgressing',
          status: 'True',
          reason: 'ApplicationSetModified',
          message: 'ApplicationSet is performing rollout of step 2',
        }),
        expect.objectContaining({
          type: 'InvalidRolloutConfig',
          status: 'True',
          reason: 'InvalidRolloutConfig',
          message: 'step 3 selects no Application',
        }),
      ]),
    );
    const complete = generatorStatus(set(), pass({ rollout: { step: null, steps: 3, faults: [] } }), quiet, 't1');
    expect(conditions(complete)).toMatchObject({ RolloutProgressing: 'False', InvalidRolloutConfig: 'False' });
    expect(conditions(generatorStatus(set(rolling), pass(), quiet, 't2'))).not.toHaveProperty('RolloutProgressing');
  });

  it.each([
    ['Degraded', { problems: [{ key: 'a', code: 'X', message: 'm' }], rollout: { step: 1, steps: 1, faults: [] } }],
    ['Progressing', { rollout: { step: 1, steps: 1, faults: [] } }],
    ['Healthy', { rollout: { step: null, steps: 1, faults: [] } }],
    ['Healthy', {}],
  ])('is %s (argocd-behaviour.md 3.3)', (status, overrides) => {
    expect(generatorStatus(set(), pass(overrides), quiet, 't1')['health']).toEqual({ status });
  });
});
