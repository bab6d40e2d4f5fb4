import { describe, expect, it } from 'vitest';
import { configMap, deployment, namespaceObject } from '../support/manifests.js';
import { APPLY, JSON_PATCH, STRATEGIC } from '../support/kubernetes-api.js';
import { serveCluster } from '../support/virtual-fleet.js';

const MAPS = '/api/v1/namespaces/default/configmaps';
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const NAMESPACES = '/api/v1/namespaces';

describe('creating', () => {
  it('gives an object its identity and answers 201', async () => {
    const { api } = await serveCluster();
    const { code, body } = await api.post(DEPLOYMENTS, deployment('web'));
    expect(code).toBe(201);
    expect(body.metadata).toMatchObject({ name: 'web', generation: 1, creationTimestamp: '2026-01-01T00:00:00Z' });
    expect(body.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(body.metadata.resourceVersion).toMatch(/^\d+$/);
  });

  it('refuses a name that is taken', async () => {
    const { api } = await serveCluster();
    await api.post(MAPS, configMap('a'));
    const { code, body } = await api.post(MAPS, configMap('a'));
    expect(code).toBe(409);
    expect(body).toMatchObject({ kind: 'Status', reason: 'AlreadyExists', message: 'configmaps "a" already exists' });
  });

  it('refuses a namespace that does not exist', async () => {
    const { api } = await serveCluster();
    const { code, body } = await api.post('/api/v1/namespaces/gone/configmaps', configMap('a', {}, 'gone'));
    expect(code).toBe(404);
    expect(body).toMatchObject({ reason: 'NotFound', message: 'namespaces "gone" not found' });
  });

  it.each([
    ['a kind that the path does not name', { ...configMap('a'), kind: 'Secret' }, 400, 'BadRequest'],
    ['another namespace than the path', configMap('a', {}, 'kube-system'), 400, 'BadRequest'],
    ['a name that is no DNS name', configMap('Not_A_Name'), 422, 'Invalid'],
    ['no name', { ...configMap('a'), metadata: {} }, 422, 'Invalid'],
    ['no object', '[]', 400, 'BadRequest'],
    ['no JSON', '{', 400, 'BadRequest'],
  ])('refuses %s', async (_what, object, code, reason) => {
    const { api } = await serveCluster();
    expect(await api.post(MAPS, object)).toMatchObject({ code, body: { kind: 'Status', reason } });
  });

  it('refuses a workload that does not select its own pods', async () => {
    const { api } = await serveCluster();
    const { code, body } = await api.post(
      DEPLOYMENTS,
      deployment('web', { spec: { selector: { matchLabels: { app: 'x' } } } }),
    );
    expect(code).toBe(422);
    expect(body.details.causes[0].field).toBe('spec.template.metadata.labels');
  });

  it('makes a name where only its beginning is given', async () => {
    const { api } = await serveCluster();
    const { body } = await api.post(MAPS, { ...configMap(''), metadata: { generateName: 'run-' } });
    expect(body.metadata.name).toMatch(/^run-[0-9a-f]{5}$/);
  });

  it('stores nothing on a dry run', async () => {
    const { api, cluster } = await serveCluster();
    const before = cluster.store.version;
    expect(await api.post(`${MAPS}?dryRun=All`, configMap('a'))).toMatchObject({ code: 201 });
    expect(await api.get(`${MAPS}/a`)).toMatchObject({ code: 404, body: { reason: 'NotFound' } });
    expect(cluster.store.version).toBe(before);
  });

  it('fills defaults in and takes stringData into data', async () => {
    const { api } = await serveCluster();
    const { body: made } = await api.post(DEPLOYMENTS, deployment('web'));
    expect(made.spec).toMatchObject({ replicas: 1, strategy: { type: 'RollingUpdate' } });
    expect(made.spec.template.spec.containers[0]).toMatchObject({ imagePullPolicy: 'IfNotPresent' });
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { a: 'b' } };
    const { body } = await api.post('/api/v1/namespaces/default/secrets', secret);
    expect(body).toMatchObject({ type: 'Opaque', data: { a: 'Yg==' } });
    expect(body).not.toHaveProperty('stringData');
  });
});

describe('updating', () => {
  it('counts a generation for the spec and none for labels, status or a repeat', async () => {
    const { api } = await serveCluster();
    await api.post(DEPLOYMENTS, deployment('web'));
    const generation = async (patch: object, path = ''): Promise<number> =>
      (await api.patch(`${DEPLOYMENTS}/web${path}`, patch)).body.metadata.generation as number;
    expect(await generation({ metadata: { labels: { a: 'b' } } })).toBe(1);
    expect(await generation({ spec: { replicas: 3 } })).toBe(2);
    expect(await generation({ spec: { replicas: 3 } })).toBe(2);
    expect(await generation({ status: { replicas: 9 } }, '/status')).toBe(2);
  });

  it('writes status through its subresource only', async () => {
    const { api } = await serveCluster();
    await api.post(DEPLOYMENTS, { ...deployment('web'), status: { replicas: 7 } });
    expect((await api.get(`${DEPLOYMENTS}/web`)).body.status).toEqual({});
    await api.patch(`${DEPLOYMENTS}/web/status`, { status: { replicas: 7 }, spec: { replicas: 9 } });
    const { body } = await api.patch(`${DEPLOYMENTS}/web`, { status: { replicas: 1 } });
    expect(body.status.replicas).toBe(7);
    expect(body.spec.replicas).toBe(1);
  });

  it('refuses a resourceVersion that is no longer the live one', async () => {
    const { api } = await serveCluster();
    const { body: made } = await api.post(MAPS, configMap('a'));
    await api.patch(`${MAPS}/a`, { data: { x: '1' } });
    expect(await api.put(`${MAPS}/a`, made)).toMatchObject({ code: 409, body: { reason: 'Conflict' } });
    expect(await api.put(`${MAPS}/b`, configMap('b'))).toMatchObject({ code: 404 });
  });

  it('does not store a write that changes nothing', async () => {
    const { api } = await serveCluster();
    const { body: made } = await api.post(MAPS, configMap('a', { x: '1' }));
    const { body: same } = await api.put(`${MAPS}/a`, made);
    expect(same.metadata.resourceVersion).toBe(made.metadata.resourceVersion);
  });

  it('refuses to change what is fixed at creation', async () => {
    const { api } = await serveCluster();
    await api.post(DEPLOYMENTS, deployment('web'));
    const labels = { app: 'other' };
    const change = { spec: { selector: { matchLabels: labels }, template: { metadata: { labels } } } };
    const { code, body } = await api.patch(`${DEPLOYMENTS}/web`, change);
    expect(code).toBe(422);
    expect(body.message).toContain('field is immutable');
  });

  it('scales through the subresource, owned there', async () => {
    const { api } = await serveCluster();
    await api.post(DEPLOYMENTS, deployment('web'));
    expect((await api.get(`${DEPLOYMENTS}/web/scale`)).body).toMatchObject({ kind: 'Scale', spec: { replicas: 1 } });
    const { body } = await api.patch(`${DEPLOYMENTS}/web/scale`, { spec: { replicas: 4 } });
    expect(body.spec.replicas).toBe(4);
    const { metadata, spec } = (await api.get(`${DEPLOYMENTS}/web`)).body;
    expect(spec.replicas).toBe(4);
    expect(metadata.managedFields.at(-1)).toMatchObject({
      subresource: 'scale',
      fieldsV1: { 'f:spec': { 'f:replicas': {} } },
    });
  });

  it('takes strategic and JSON patches, and refuses formats it does not know', async () => {
    const { api } = await serveCluster();
    await api.post(DEPLOYMENTS, deployment('web'));
    const spec = { template: { spec: { containers: [{ name: 'main', image: 'nginx:2' }] } } };
    const { body } = await api.patch(`${DEPLOYMENTS}/web`, { spec }, STRATEGIC);
    expect(body.spec.template.spec.containers).toHaveLength(1);
    expect(body.spec.template.spec.containers[0]).toMatchObject({ image: 'nginx:2', imagePullPolicy: 'IfNotPresent' });
    const operation = [{ op: 'replace', path: '/spec/replicas', value: 2 }];
    expect((await api.patch(`${DEPLOYMENTS}/web`, operation, JSON_PATCH)).body.spec.replicas).toBe(2);
    expect(await api.patch(`${DEPLOYMENTS}/web`, {}, 'text/plain')).toMatchObject({
      code: 415,
      body: { reason: 'UnsupportedMediaType' },
    });
  });
});

describe('server-side apply', () => {
  it('makes an object, then changes it, then finds nothing to do', async () => {
    const { api } = await serveCluster();
    const made = await api.apply(`${DEPLOYMENTS}/web`, deployment('web'));
    expect(made.code).toBe(201);
    expect(made.body.metadata.managedFields).toMatchObject([{ manager: 'fleet', operation: 'Apply' }]);
    const changed = await api.apply(`${DEPLOYMENTS}/web`, deployment('web', { image: 'nginx:2' }));
    expect(changed).toMatchObject({ code: 200, body: { metadata: { generation: 2 } } });
    const again = await api.apply(`${DEPLOYMENTS}/web`, deployment('web', { image: 'nginx:2' }));
    expect(again.body).toEqual(changed.body);
  });

  it('answers a conflict with its causes, and obeys force', async () => {
    const { api, cluster } = await serveCluster();
    await api.apply(`${DEPLOYMENTS}/web`, deployment('web'));
    const id = { group: 'apps', kind: 'Deployment', namespace: 'default', name: 'web' };
    cluster.edit(id, (draft) => {
      draft.spec = { ...(draft.spec as object), replicas: 5 };
    });
    const wanted = deployment('web', { spec: { replicas: 2 } });
    const { code, body } = await api.apply(`${DEPLOYMENTS}/web`, wanted);
    expect(code).toBe(409);
    expect(body.details.causes).toMatchObject([{ reason: 'FieldManagerConflict', field: '.spec.replicas' }]);
    expect((await api.apply(`${DEPLOYMENTS}/web`, wanted, 'fleet', '&force=true')).body.spec.replicas).toBe(2);
  });

  it('lets a client hand another manager’s fields over by rewriting the entries', async () => {
    const { api } = await serveCluster();
    const before = configMap('a', { x: '1' });
    await api.send('POST', `${MAPS}?fieldManager=kubectl-client-side-apply`, before);
    const entry = { manager: 'fleet', operation: 'Apply', apiVersion: 'v1', fieldsType: 'FieldsV1' };
    const value = [{ ...entry, fieldsV1: { 'f:data': { 'f:x': {} } } }];
    await api.patch(`${MAPS}/a`, [{ op: 'replace', path: '/metadata/managedFields', value }], JSON_PATCH);
    const { body } = await api.apply(`${MAPS}/a`, configMap('a', { y: '2' }));
    expect(body.data).toEqual({ y: '2' });
  });

  it('tells what an apply would do without doing it', async () => {
    const { api } = await serveCluster();
    await api.apply(`${MAPS}/a`, configMap('a', { x: '1' }));
    const { body } = await api.apply(`${MAPS}/a`, configMap('a', { x: '2' }), 'fleet', '&dryRun=All');
    expect(body.data).toEqual({ x: '2' });
    expect((await api.get(`${MAPS}/a`)).body.data).toEqual({ x: '1' });
  });

  it('is no write, however the same is spelled', async () => {
    const { api, timers } = await serveCluster();
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { a: 'b' } };
    const resources = { limits: { cpu: '1000m', memory: '1024Mi' } };
    const spec = {
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'a', image: 'a:1', resources }] },
      },
    };
    const both = async () => [
      (await api.apply('/api/v1/namespaces/default/secrets/s', secret)).body,
      (await api.apply(`${DEPLOYMENTS}/web`, deployment('web', { spec }))).body,
    ];
    const first = await both();
    expect(first[1].spec.template.spec.containers[0].resources).toEqual({ limits: { cpu: '1', memory: '1Gi' } });
    timers.advance(60_000);
    const again = await both();
    expect(again.map(({ metadata }) => metadata.resourceVersion)).toEqual([
      first[0].metadata.resourceVersion,
      expect.any(String),
    ]);
    expect(again[1].metadata.generation).toBe(1);
    expect((await both()).map(({ metadata }) => metadata)).toEqual(again.map(({ metadata }) => metadata));
  });

  it('lets defaults belong to nobody', async () => {
    const { api } = await serveCluster();
    await api.apply(`${DEPLOYMENTS}/web`, deployment('web', { spec: { replicas: 3 } }));
    const { body } = await api.apply(`${DEPLOYMENTS}/web`, deployment('web'));
    expect(body.spec.replicas).toBe(1);
    expect(body.metadata.managedFields[0].fieldsV1['f:spec']).not.toHaveProperty('f:replicas');
  });

  it('takes YAML, and drops nulls as if they had not been said', async () => {
    const { api } = await serveCluster();
    const text =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, creationTimestamp: null}\ndata: {x: "1", y: null}\n';
    const { code, body } = await api.patch(`${MAPS}/a?fieldManager=fleet`, text, APPLY);
    expect(code).toBe(201);
    expect(body.data).toEqual({ x: '1' });
  });

  it('needs a manager', async () => {
    const { api } = await serveCluster();
    expect(await api.patch(`${MAPS}/a`, configMap('a'), APPLY)).toMatchObject({ code: 400 });
  });
});

describe('lists', () => {
  it('select by label and field, and page', async () => {
    const { api } = await serveCluster();
    for (const [name, tier] of [
      ['a', 'x'],
      ['b', 'y'],
      ['c', 'x'],
    ] as const) {
      await api.post(NAMESPACES, { ...namespaceObject(name), metadata: { name, labels: { tier } } });
    }
    const names = async (query: string): Promise<string[]> =>
      ((await api.get(`${NAMESPACES}?${query}`)).body.items as { metadata: { name: string } }[]).map(
        (n) => n.metadata.name,
      );
    expect(await names('labelSelector=tier%3Dx')).toEqual(['a', 'c']);
    expect(await names('labelSelector=tier%20in%20(x,y),tier!%3Dx')).toEqual(['b']);
    expect(await names('fieldSelector=metadata.name%3Db')).toEqual(['b']);
    const { body: first } = await api.get(`${NAMESPACES}?limit=4`);
    expect(first.metadata.remainingItemCount).toBe(2);
    const { body: rest } = await api.get(`${NAMESPACES}?limit=4&continue=${first.metadata.continue}`);
    const all = [...first.items, ...rest.items].map((item: { metadata: { name: string } }) => item.metadata.name);
    expect(all).toEqual(['a', 'b', 'c', 'default', 'kube-public', 'kube-system']);
    expect(rest.metadata).not.toHaveProperty('continue');
  });

  it('refuse a field they cannot select by', async () => {
    const { api } = await serveCluster();
    expect(await api.get(`${MAPS}?fieldSelector=spec.x%3D1`)).toMatchObject({ code: 400 });
  });
});

describe('an object without owners', () => {
  it('gets none by plain writes, and at its first apply belongs to what was before', async () => {
    const { api } = await serveCluster();
    await api.post(MAPS, configMap('a', { x: '1' }));
    await api.patch(`${MAPS}/a`, { metadata: { managedFields: [{}] } });
    const { body: plain } = await api.patch(`${MAPS}/a`, { data: { y: '2' } });
    expect(plain.metadata).not.toHaveProperty('managedFields');
    const refused = await api.apply(`${MAPS}/a`, configMap('a', { x: '9' }));
    expect(refused.body.message).toContain('conflict with "before-first-apply" using v1');
    const { body } = await api.apply(`${MAPS}/a`, configMap('a', { x: '1' }));
    expect(body.metadata.managedFields.map(({ manager }: { manager: string }) => manager)).toEqual([
      'fleet',
      'before-first-apply',
    ]);
  });
});
