import { describe, expect, it } from 'vitest';
import { applyStrategicPatch } from '../../../src/expansion/templates/strategic-merge.js';
import { applicationOf, expandSet } from '../../support/expansion.js';

const patched = (templatePatch: string) => applicationOf({ templatePatch });
const refused = async (templatePatch: string): Promise<string | undefined> =>
  (await expandSet({ templatePatch })).errors[0]?.code;

describe('templatePatch (2.5)', () => {
  it('is rendered as one text in the default mode too', async () => {
    const { metadata } = await patched('metadata:\n  labels:\n    of: "{{name}}"\n');
    expect(metadata.labels).toEqual({ of: 'web' });
  });

  it('reads JSON where it starts with a brace', async () => {
    const { spec } = await patched(' {"spec": {"revisionHistoryLimit": 3}}');
    expect(spec['revisionHistoryLimit']).toBe(3);
    expect(await refused('{spec: {}}')).toBe('TEMPLATE_PATCH_SYNTAX');
  });

  it('sets values that a template cannot, and fails on a wrong type', async () => {
    const { spec } = await patched('spec: {syncPolicy: {automated: {prune: {{flag}} } } }');
    expect(spec['syncPolicy']).toEqual({ automated: { prune: true } });
    expect(await refused('metadata: {labels: {of: 3}}')).toBe('TEMPLATE_PATCH_TYPE');
    expect(await refused('spec: {source: text}')).toBe('TEMPLATE_PATCH_TYPE');
    expect(await refused('- a\n- b\n')).toBe('TEMPLATE_PATCH_TYPE');
    expect(await refused('spec: [')).toBe('TEMPLATE_PATCH_SYNTAX');
    expect(await refused('spec: {$patch: bogus}')).toBe('TEMPLATE_PATCH_DIRECTIVE');
  });

  it('reads owner references and other metadata by type, and leaves them out', async () => {
    const named = (name: string) => `metadata: {ownerReferences: [{apiVersion: v1, kind: K, name: ${name}, uid: u}]}`;
    expect((await patched(named('owner'))).metadata).not.toHaveProperty('ownerReferences');
    expect(await refused(named('yes'))).toBe('TEMPLATE_PATCH_TYPE');
  });

  it('drops fields that an Application does not have', async () => {
    const { metadata, spec } = await patched('metadata: {uid: x}\nspec: {nope: 1}\nstatus: {}\n');
    expect([metadata, spec]).not.toContainEqual(expect.objectContaining({ uid: 'x' }));
    expect(spec).not.toHaveProperty('nope');
  });

  it('cannot change the project or the namespace, but may change the name', async () => {
    const { metadata, spec } = await patched(
      'metadata: {name: other, namespace: kube-system}\nspec: {project: admin}\n',
    );
    expect([metadata.name, metadata.namespace, spec['project']]).toEqual(['other', 'argocd', 'team-a']);
  });

  it('empties the spec but for the project where it says nothing under spec', async () => {
    expect((await patched('spec:\n')).spec).toEqual({ project: 'team-a' });
  });

  it('changes nothing where it renders to nothing', async () => {
    expect(await patched('# nothing\n')).toEqual(await applicationOf({}));
  });

  it('may remove the finalizer that was added', async () => {
    expect((await patched('metadata: {finalizers: null}')).metadata).not.toHaveProperty('finalizers');
  });

  it('keeps the Application as it was where the alias bomb is refused', async () => {
    expect(await refused('metadata:\n  labels: &a\n    b: *a\n')).toBe('TEMPLATE_PATCH_SYNTAX');
  });
});

/** Answers of Kubernetes' strategicpatch with Argo CD's struct tags. */
describe('strategic merge', () => {
  const original = {
    metadata: { name: 'a', labels: { x: '1', y: '2' }, finalizers: ['f1', 'f2'] },
    spec: { project: 'p', source: { repoURL: 'r', helm: { valueFiles: ['a', 'b'], values: 'v' } } },
  };
  const merged = (patch: object): unknown => applyStrategicPatch(original, patch as Record<string, unknown>, 'here');

  it.each([
    [{ finalizers: ['n'] }, { finalizers: ['n', 'f1', 'f2'] }],
    [{ finalizers: ['f2', 'n'] }, { finalizers: ['f1', 'f2', 'n'] }],
    [{ finalizers: [] }, { finalizers: ['f1', 'f2'] }],
    [{ '$deleteFromPrimitiveList/finalizers': ['f1'] }, { finalizers: ['f2'] }],
    [{ labels: { $patch: 'replace', z: '3' } }, { labels: { z: '3' } }],
    [{ labels: { $patch: 'delete' } }, { labels: {} }],
    [{ labels: { x: null, z: '3' } }, { labels: { y: '2', z: '3' } }],
    [{ annotations: { $patch: 'replace', a: 'b' } }, {}],
    [{ annotations: { a: 'b', c: null } }, { annotations: { a: 'b' } }],
  ])('metadata %j', (patch, expected) => {
    expect(merged({ metadata: patch })).toEqual({ ...original, metadata: { ...original.metadata, ...expected } });
  });

  it.each([
    [
      { source: { helm: { valueFiles: ['c'] } } },
      { source: { repoURL: 'r', helm: { valueFiles: ['c'], values: 'v' } } },
    ],
    [{ source: { $retainKeys: ['repoURL'], repoURL: 'q' } }, { source: { repoURL: 'q' } }],
    [{ info: [{ name: 'a', $patch: 'replace' }] }, { info: [] }],
    [{ syncPolicy: { automated: { prune: null } } }, { syncPolicy: { automated: {} } }],
  ])('spec %j', (patch, expected) => {
    expect(merged({ spec: patch })).toEqual({ ...original, spec: { ...original.spec, ...expected } });
  });

  it('deletes the spec by null, and leaves the original untouched', () => {
    const before = structuredClone(original);
    expect(merged({ spec: null })).toEqual({ metadata: original.metadata });
    expect(original).toEqual(before);
  });

  it('keeps keys named like prototype members plain', () => {
    const patch = JSON.parse('{"metadata":{"labels":{"__proto__":"x"}}}') as object;
    const { metadata } = merged(patch) as { metadata: { labels: object } };
    expect(Object.keys(metadata.labels)).toContain('__proto__');
    expect(Object.getPrototypeOf(metadata.labels)).toBe(Object.prototype);
  });
});
