import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApplicationReconciler } from '../../src/applications/application.reconciler.js';
import { DeliveriesStore } from '../../src/dispatch/gateway/deliveries/deliveries-store.js';
import { AppProjectKind } from '../../src/projects/app-project.kind.js';
import { BundleStore } from '../../src/rendering/bundle-store.js';
import { decodeBundle } from '../../src/rendering/domain/bundle.js';
import { configMap } from '../support/documents.js';
import { SetFleet, type QuietHub } from '../support/set-fleet.js';

const VALUE = 'correct-horse-battery';
const SECRET = `apiVersion: v1\nkind: Secret\nmetadata: {name: login, namespace: shop}\nstringData: {password: ${VALUE}}\n`;
const SEALED = {
  apiVersion: 'bitnami.com/v1alpha1',
  kind: 'SealedSecret',
  metadata: { name: 'sealed' },
  spec: { encryptedData: { password: 'AgBy3i4OJSWK' }, template: { type: 'Opaque', data: { user: 'web' } } },
};
const EXTERNAL = {
  apiVersion: 'external-secrets.io/v1',
  kind: 'ExternalSecret',
  metadata: { name: 'external' },
  spec: {
    secretStoreRef: { name: 'vault', kind: 'ClusterSecretStore' },
    data: [{ secretKey: 'a', remoteRef: { key: 'b' } }],
  },
};
const EVERYWHERE = { sourceRepos: ['*'], destinations: [{ server: '*', namespace: '*' }] };
const REFUSES = { 'fleetwright.io/rendered-secrets': 'refuse' };

describe('a source that renders Secrets', () => {
  let fleet: SetFleet;
  let hub: QuietHub;
  beforeAll(async () => {
    fleet = await SetFleet.open({
      'plain/a.yaml': configMap('a'),
      'secret/a.yaml': SECRET,
      'empty/a.yaml': 'apiVersion: v1\nkind: Secret\nmetadata: {name: empty}\n',
      'references/a.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [SEALED, EXTERNAL] }),
    });
    hub = await fleet.start();
  });
  afterAll(() => fleet.close());

  const part = <T>(type: abstract new (...parts: never[]) => T): T =>
    hub.app.get(type as never, { strict: false }) as T;
  let made = 0;
  async function application(project: string, path: string): Promise<string> {
    return fleet.insert('Application', `app-${++made}`, {
      project,
      source: { repoURL: fleet.repository.url, targetRevision: 'main', path },
      destination: { name: 'c1', namespace: 'web' },
    });
  }
  async function outcomeOf(uid: string) {
    await part(ApplicationReconciler).reconcile(uid);
    const [row] = await part(DeliveriesStore).forApplications([uid]);
    const status = (await fleet.db.store.findByUid(uid))?.object['status'] as Record<string, object>;
    return { row, conditions: status['conditions'] };
  }
  async function projectThat(name: string, annotations: Record<string, string> = {}): Promise<string> {
    await fleet.insert('AppProject', name, EVERYWHERE);
    await fleet.edit('AppProject', name, ({ metadata }) => (metadata.annotations = annotations));
    return name;
  }

  it('is delivered with a condition that names them and no value', async () => {
    const { row, conditions } = await outcomeOf(await application(await projectThat('warned'), 'secret'));
    expect(row?.intent).toBe('apply');
    expect(conditions).toMatchObject([
      { type: 'RenderWarning', message: expect.stringMatching(/^SECRET_IN_SOURCE: .*Secret shop\/login /) },
    ]);
    expect(JSON.stringify(conditions)).not.toContain(VALUE);
    const found = await fleet.db.transactions.query(`select b::text as row from bundles b`);
    expect(JSON.stringify(found)).not.toContain(VALUE);
  });

  it('is not delivered where the project refuses them', async () => {
    const project = await projectThat('strict', REFUSES);
    const { row, conditions } = await outcomeOf(await application(project, 'secret'));
    expect(row).toBeUndefined();
    expect(conditions).toMatchObject([{ type: 'InvalidSpecError', message: expect.stringContaining('login') }]);
    expect((await outcomeOf(await application(project, 'plain'))).row?.intent).toBe('apply');
    expect((await outcomeOf(await application(project, 'empty'))).row?.intent).toBe('apply');
  });

  it('leaves the last bundle in force, and freezes what is refused while it is in force', async () => {
    const project = await projectThat('stricter');
    const uid = await application(project, 'secret');
    const before = (await outcomeOf(uid)).row;
    await fleet.edit('AppProject', project, ({ metadata }) => (metadata.annotations = REFUSES));
    expect((await outcomeOf(uid)).row).toMatchObject({ intent: 'freeze', bundleDigest: before?.bundleDigest });
    const other = await application(project, 'plain');
    const plain = (await outcomeOf(other)).row;
    await fleet.edit('Application', `app-${made}`, (object) => {
      (object['spec'] as { source: { path: string } }).source.path = 'secret';
    });
    expect((await outcomeOf(other)).row).toMatchObject({ intent: 'apply', bundleDigest: plain?.bundleDigest });
  });

  it('may hold SealedSecrets and ExternalSecrets, which pass untouched', async () => {
    const { row, conditions } = await outcomeOf(await application(await projectThat('careful', REFUSES), 'references'));
    expect(conditions).toEqual([]);
    const text = (await part(BundleStore).read(row?.bundleDigest ?? '')) ?? '';
    expect(decodeBundle(text, row?.bundleDigest ?? '').objects).toEqual([SEALED, EXTERNAL]);
  });

  it('is judged by a word that the project can only spell right', async () => {
    const next = (word: string) => ({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { name: 'p', namespace: 'argocd', annotations: { 'fleetwright.io/rendered-secrets': word } },
      spec: EVERYWHERE,
    });
    const admit = (word: string) => part(AppProjectKind).admit({ next: next(word) } as never);
    await expect(admit('refuse')).resolves.toEqual([]);
    await expect(admit('Refuse')).rejects.toMatchObject({ code: 'INVALID_PROJECT' });
  });
});
