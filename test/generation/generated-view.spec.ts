import { describe, expect, it } from 'vitest';
import type { HeldLine } from '../../src/changes/guard.js';
import type { ObjectWrite, Stored } from '../../src/database/objects/hub-object.js';
import type { GeneratedPlan } from '../../src/generation/generated-plan.js';
import { viewOf, type PlanReader } from '../../src/generation/generated-view.js';

const stored = (name: string, project: string): Stored => ({
  object: {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {
      name,
      namespace: 'argocd',
      uid: `uid-${name}`,
      generation: 1,
      resourceVersion: '1',
      labels: {},
      annotations: {},
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
    spec: {},
  },
  scope: { project },
});
const item = (name: string, project: string) => ({
  key: `argocd/${name}`,
  uid: `uid-${name}`,
  content: {},
  value: stored(name, project),
});
const write = (name: string, project: string): ObjectWrite => stored(name, project);
const held = (name: string, reason: string, scope?: string): HeldLine => ({
  line: { uid: `uid-${name}`, action: 'delete', target: name, objects: [] },
  id: name,
  reason,
  ...(scope === undefined ? {} : { scope }),
});

const failed = { code: 'GIT_NOT_FOUND', path: 'spec.generators[0].git', message: 'no https://git/secret' };
const plan = {
  owner: { queue: 'applicationsets', uid: 'set', name: 'ApplicationSet argocd/web' },
  expansion: {
    branches: [{ index: 0, state: 'failed', results: 0, error: failed, remoteReads: [] }],
    errors: [failed],
    warnings: ['a remark'],
  },
  problems: [
    { key: 'argocd/bad-a', code: 'NOT_PERMITTED', message: 'no', project: 'a' },
    { key: 'argocd/bad-b', code: 'NOT_PERMITTED', message: 'no', project: 'b' },
  ],
  plan: {
    creates: [
      { key: 'argocd/new-a', content: {}, value: write('new-a', 'a') },
      { key: 'argocd/new-b', content: {}, value: write('new-b', 'b') },
    ],
    updates: [
      {
        key: 'argocd/moves',
        uid: 'uid-moves',
        desired: write('moves', 'a'),
        stored: stored('moves', 'b'),
        changes: [{ path: 'spec.project', from: 'b', to: 'a' }],
      },
    ],
    deletes: [item('gone', 'a'), item('waits', 'a'), item('waits-too', 'b')],
    kept: [{ item: item('kept', 'a'), reason: `${failed.path}: ${failed.message}` }],
    unchanged: 2,
  },
  stored: [
    ...['gone', 'waits', 'kept', 'same-a'].map((name) => item(name, 'a')),
    ...['moves', 'waits-too', 'same-b'].map((name) => item(name, 'b')),
  ],
  guarded: {
    allowed: [],
    held: [
      held('waits', '11 removals in the fleet within an hour', 'the fleet'),
      held('waits-too', '4 of 5 go from ApplicationSet argocd/web', 'ApplicationSet argocd/web'),
    ],
  },
} as unknown as GeneratedPlan;

const admin: PlanReader = { sees: () => true, seesSet: true, seesFleet: true };
const teamA: PlanReader = { sees: ({ project }) => project === 'a', seesSet: true, seesFleet: false };
const names = (lines: { action: string; name: string }[]): string[] =>
  lines.map(({ action, name }) => `${action} ${name}`);

describe('the view of a plan', () => {
  it('is whole for those who see everything', () => {
    const view = viewOf(plan, admin);
    expect(names(view.lines)).toEqual(['create new-a', 'create new-b', 'update moves', 'delete gone']);
    expect(view.held.map(({ reason }) => reason)).toEqual([
      '11 removals in the fleet within an hour',
      '4 of 5 go from ApplicationSet argocd/web',
    ]);
    expect(view).toMatchObject({ unchanged: 2, problems: [{ key: 'argocd/bad-a' }, { key: 'argocd/bad-b' }] });
    expect(view.branches).toEqual([{ path: 'spec.generators[0]', state: 'failed', results: 0, error: failed }]);
  });

  it('has nothing of another project, and counts none of it', () => {
    const view = viewOf(plan, teamA);
    expect(names(view.lines)).toEqual(['create new-a', 'delete gone']);
    expect(names(view.held)).toEqual(['delete waits']);
    expect(view).toMatchObject({ unchanged: 1, problems: [{ key: 'argocd/bad-a' }] });
    expect(JSON.stringify(view)).not.toMatch(/"[^"]*-b"|moves|waits-too/);
  });

  it('does not tell a team how much goes from the whole fleet', () => {
    expect(viewOf(plan, teamA).held[0]?.reason).toBe('removals in the fleet need approval');
  });

  it('tells nothing of the set to those who see only its Applications', () => {
    const view = viewOf(plan, { ...teamA, seesSet: false });
    expect(view).toMatchObject({ errors: [], warnings: [], branches: [] });
    expect(view.kept).toMatchObject([{ name: 'kept', reason: 'its set decides, which you may not see' }]);
    expect(JSON.stringify(view)).not.toContain('https://git/secret');
  });
});
