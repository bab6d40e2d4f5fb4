import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApplicationPreviewer } from '../../src/applications/application.previewer.js';
import { ApplicationReconciler } from '../../src/applications/application.reconciler.js';
import { DeliveriesStore } from '../../src/dispatch/gateway/deliveries/deliveries-store.js';
import type { KubernetesObject } from '../../src/kernel/object.js';
import { HAS_HELM } from '../support/helm.js';
import { SetFleet } from '../support/set-fleet.js';

const CHART = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'chart/templates/a.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {color: {{ .Values.color | quote }}, at: {{ randAlphaNum 20 | quote }}}\n',
  'chart/values.yaml': 'color: red\n',
};
const ACTOR = { type: 'token', id: 'admin', name: 'admin', admin: true } as const;

describe.skipIf(!HAS_HELM)('Applications of a chart that gives something else each time', () => {
  let fleet: SetFleet;
  let reconciler: ApplicationReconciler;
  let previewer: ApplicationPreviewer;
  let deliveries: DeliveriesStore;
  beforeAll(async () => {
    fleet = await SetFleet.open(CHART);
    const { app } = await fleet.start();
    reconciler = app.get(ApplicationReconciler, { strict: false });
    previewer = app.get(ApplicationPreviewer, { strict: false });
    deliveries = app.get(DeliveriesStore, { strict: false });
    await fleet.insert('AppProject', 'team', { sourceRepos: ['*'], destinations: [{ server: '*', namespace: '*' }] });
  });
  afterAll(() => fleet.close());

  const specOf = (color = 'red') => ({
    project: 'team',
    source: {
      repoURL: fleet.repository.url,
      targetRevision: 'main',
      path: 'chart',
      helm: { valuesObject: { color } },
    },
    destination: { name: 'c1', namespace: 'web' },
  });
  const delivered = async (uid: string): Promise<string> => {
    await reconciler.reconcile(uid);
    return (await deliveries.forApplications([uid]))[0]?.bundleDigest ?? '';
  };
  const documentOf = (name: string, spec: object): KubernetesObject => ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: 'argocd', annotations: {}, labels: {} },
    spec,
  });
  const rendersOf = async (application: string): Promise<string[]> => {
    const rows = await fleet.db.transactions.query<{ bundle_digest: string }>(
      `select bundle_digest from application_renders where application = $1`,
      [application],
    );
    return rows.map((row) => row.bundle_digest);
  };
  const stored = async (uid: string) => (await fleet.db.store.findByUid(uid))!.object;

  it('have a bundle each, which stays, and a condition that says so', async () => {
    const [one, two] = [
      await fleet.insert('Application', 'one', specOf()),
      await fleet.insert('Application', 'two', specOf()),
    ];
    const [first, second] = [await delivered(one), await delivered(two)];
    expect(first).not.toBe(second);
    expect(await delivered(one)).toBe(first);
    expect((await stored(one))['status']).toMatchObject({
      conditions: [{ type: 'RenderWarning', message: expect.stringContaining('NOT_REPRODUCIBLE') }],
    });
  });

  it('get the bytes that a dry run of their creation rendered', async () => {
    await previewer.preview({ kind: 'Application', actor: ACTOR, next: documentOf('new', specOf()) });
    const [previewed] = await rendersOf('argocd/new');
    const uid = await fleet.insert('Application', 'new', specOf());
    expect(previewed).toMatch(/^sha256:/);
    expect(await delivered(uid)).toBe(previewed);
    expect([await rendersOf('argocd/new'), await rendersOf(uid)]).toEqual([[], [previewed]]);
  });

  it('get the bytes that a dry run of their change rendered', async () => {
    const uid = await fleet.insert('Application', 'edited', specOf());
    const before = await delivered(uid);
    const previous = await stored(uid);
    const next = { ...documentOf('edited', specOf('blue')), metadata: previous.metadata };
    await previewer.preview({ kind: 'Application', actor: ACTOR, next, previous });
    const [previewed] = (await rendersOf(uid)).filter((digest) => digest !== before);
    expect(await delivered(uid)).toBe(before);
    await fleet.edit('Application', 'edited', (object) => (object['spec'] = specOf('blue')));
    expect(await delivered(uid)).toBe(previewed);
  });

  it('are rendered anew by a hard refresh and not by a normal one, whose annotation goes', async () => {
    const uid = await fleet.insert('Application', 'refreshed', specOf());
    const before = await delivered(uid);
    const ask = (how: string) =>
      fleet.edit('Application', 'refreshed', ({ metadata }) => {
        metadata.annotations = { 'argocd.argoproj.io/refresh': how, kept: 'yes' };
      });
    await ask('normal');
    expect(await reconciler.reconcile(uid)).toEqual({ type: 'again', afterMs: 0 });
    expect((await stored(uid)).metadata.annotations).toEqual({ kept: 'yes' });
    expect(await delivered(uid)).toBe(before);
    await ask('hard');
    expect((await reconciler.reconcileTogether([uid])).size).toBe(0);
    await reconciler.reconcile(uid);
    expect((await stored(uid)).metadata.annotations).toEqual({ kept: 'yes' });
    const after = await delivered(uid);
    expect(after).not.toBe(before);
    expect(await delivered(uid)).toBe(after);
  });
});
