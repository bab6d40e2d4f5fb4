import { describe, expect, it } from 'vitest';
import {
  judging,
  keyOf,
  storedItem,
  type SetContext,
} from '../../../src/applicationsets/domain/desired-applications.js';
import { IgnoredDifferences } from '../../../src/applicationsets/domain/ignored-differences.js';
import { preservedFieldsOf } from '../../../src/applicationsets/domain/preserved-fields.js';
import type { ApplicationSetSpec } from '../../../src/applicationsets/domain/application-set.js';
import { fieldChanges } from '../../../src/changes/field-changes.js';
import type { Stored } from '../../../src/database/objects/hub-object.js';
import type { GeneratedApplication } from '../../../src/expansion/expansion.js';
import type { JudgedItems } from '../../../src/generation/judged-items.js';
import { inOnePiece } from '../../../src/kernel/pace.js';

const c1 = { uid: 'u1', name: 'c1', server: 'https://c1' };
const rules = { sourceRepos: ['https://git/*'], destinations: [{ server: '*', namespace: '*' }] };

function generated(name: string, spec: object = {}, metadata: object = {}): GeneratedApplication {
  return {
    metadata: { name, namespace: 'argocd', ...metadata },
    spec: {
      project: 'team-a',
      source: { repoURL: 'https://git/r', path: 'p' },
      destination: { name: 'c1', namespace: 'a' },
      ...spec,
    },
    origin: { branch: 0, parameters: {} },
  };
}

function context(overrides: Partial<SetContext> = {}): SetContext {
  return {
    project: 'team-a',
    owner: { apiVersion: 'argoproj.io/v1alpha1', kind: 'ApplicationSet', name: 's', uid: 'set', controller: true },
    preserved: preservedFieldsOf({} as ApplicationSetSpec),
    clusters: { byName: (name) => (name === 'c1' ? c1 : undefined), byServer: () => undefined, ownedBy: () => [] },
    projects: new Map([
      ['team-a', { spec: rules }],
      ['team-b', { spec: rules }],
    ]),
    stored: new Map(),
    ignored: IgnoredDifferences.NONE,
    rollsOut: false,
    ...overrides,
  };
}

function judged(applications: readonly GeneratedApplication[], given: SetContext): JudgedItems {
  return inOnePiece(judging(applications, given));
}

function stored(name: string, scope: Stored['scope'], annotations: Record<string, string> = {}): Map<string, Stored> {
  const [item] = judged([generated(name)], context()).desired;
  const object = structuredClone(item!.value.object);
  Object.assign(object.metadata, { uid: name, annotations: { ...object.metadata.annotations, ...annotations } });
  return new Map([[`argocd/${name}`, { object, scope } as Stored]]);
}

describe('generated Applications, judged', () => {
  it('owns what it generates and says where it goes', () => {
    const [item] = judged([generated('web')], context()).desired;
    expect(item?.value.object.metadata.ownerReferences).toMatchObject([{ uid: 'set', controller: true }]);
    expect(item?.value.scope).toEqual({ project: 'team-a', cluster: 'c1', ownerUid: 'set' });
  });

  it.each([
    ['a duplicate name, all of them', [generated('web'), generated('web')], 'NAME_DUPLICATE'],
    ['a name that is no DNS name', [generated('Web!')], 'NAME_INVALID'],
    ['an empty name', [generated('')], 'NAME_MISSING'],
    ['a project that does not exist', [generated('web', { project: 'gone' })], 'PROJECT_NOT_OWNED'],
    ["another project than the set's own", [generated('web', { project: 'team-b' })], 'PROJECT_NOT_OWNED'],
    ['an unknown cluster', [generated('web', { destination: { name: 'nowhere' } })], 'DESTINATION_UNKNOWN'],
    [
      'a repository that the project does not permit',
      [generated('web', { source: { repoURL: 'https://evil/r', path: 'p' } })],
      'NOT_PERMITTED',
    ],
  ])('reports %s and leaves the others alone', (_reason, refused, code) => {
    const result = judged([generated('good'), ...refused], context());
    expect(result.desired.map((item) => item.key)).toEqual(['argocd/good']);
    expect(result.problems).toMatchObject([{ code }]);
    expect(result.leave.has(keyOf(refused[0]!.metadata))).toBe(true);
  });

  it('lets a set of project default create Applications in any project', () => {
    expect(judged([generated('web', { project: 'team-b' })], context({ project: 'default' })).problems).toEqual([]);
  });

  it('adopts an Application of its project that nobody owns', () => {
    const result = judged([generated('web')], context({ stored: stored('web', { project: 'team-a' }) }));
    expect(result.desired[0]?.value.object.metadata.uid).toBe('web');
  });

  it.each([
    ['of another owner', { project: 'team-a', ownerUid: 'other' }],
    ['of another project', { project: 'team-b' }],
  ])('never takes over an Application %s', (_reason, scope) => {
    const result = judged([generated('web')], context({ stored: stored('web', scope) }));
    expect(result.problems).toMatchObject([{ code: 'NAME_TAKEN' }]);
  });

  it('lets a set of project default adopt what nobody owns, in any project, and nothing of another owner', () => {
    const generate = (scope: Stored['scope']) =>
      judged([generated('web', { project: 'team-b' })], context({ project: 'default', stored: stored('web', scope) }));
    expect(generate({ project: 'team-b' }).problems).toEqual([]);
    expect(generate({ project: 'team-b', ownerUid: 'other' }).problems).toMatchObject([{ code: 'NAME_TAKEN' }]);
  });

  it('turns the automation of Applications off that a rollout syncs, where they have any', () => {
    const automated = (syncPolicy: object) =>
      judged([generated('web', { syncPolicy })], context({ rollsOut: true })).desired[0]?.value.object.spec;
    expect(automated({ automated: { prune: true } })).toMatchObject({
      syncPolicy: { automated: { prune: true, enabled: false } },
    });
    expect(automated({ automated: {} })).toMatchObject({ syncPolicy: { automated: { enabled: false } } });
    expect(automated({ syncOptions: ['A=b'] })).toMatchObject({ syncPolicy: { syncOptions: ['A=b'] } });
  });

  it('keeps finalizers of deletion hooks, and no others', () => {
    const live = stored('web', { project: 'team-a', ownerUid: 'set' });
    const finalizers = ['pre-delete-finalizer.argocd.argoproj.io/cleanup', 'post-delete-finalizer.argocd.argoproj.io'];
    for (const { object } of live.values()) object.metadata.finalizers = [...finalizers, 'example.com/other'];
    const [item] = judged([generated('web', {}, { finalizers: ['mine'] })], context({ stored: live })).desired;
    expect(item?.value.object.metadata.finalizers).toEqual(['mine', ...finalizers]);
  });

  it('judges an Application with the live values that it ignores', () => {
    const ignored = IgnoredDifferences.of([{ jsonPointers: ['/spec/destination'] }]);
    const live = stored('web', { project: 'team-a', ownerUid: 'set' });
    for (const { object } of live.values()) Object.assign(object.spec as object, { destination: { name: 'gone' } });
    const result = judged(
      [generated('web')],
      context({ stored: live, ...(ignored.ok ? { ignored: ignored.value } : {}) }),
    );
    expect(result.problems).toMatchObject([{ code: 'DESTINATION_UNKNOWN' }]);
  });

  it('finds nothing to change in what it made itself, whatever refresh annotation it carries since', () => {
    const live = stored('web', { project: 'team-a', ownerUid: 'set' }, { 'argocd.argoproj.io/refresh': 'normal' });
    const [item] = judged([generated('web')], context({ stored: live })).desired;
    const [existing] = [...live.values()].map((each) => storedItem(each, context().preserved));
    expect(fieldChanges(existing?.content, item?.content)).toEqual([]);
    expect(item?.value.object.metadata.annotations).toEqual({ 'argocd.argoproj.io/refresh': 'normal' });
  });

  it('takes away a foreign annotation that is not preserved', () => {
    const live = stored('web', { project: 'team-a', ownerUid: 'set' }, { foreign: 'x' });
    const [item] = judged([generated('web')], context({ stored: live })).desired;
    const [existing] = [...live.values()].map((each) => storedItem(each, context().preserved));
    expect(fieldChanges(existing?.content, item?.content)).toMatchObject([
      { path: 'metadata.annotations.foreign', from: 'x' },
    ]);
  });
});
