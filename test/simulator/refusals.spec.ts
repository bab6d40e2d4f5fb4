import { describe, expect, it } from 'vitest';
import { JSON_PATCH } from '../support/kubernetes-api.js';
import { configMap, deployment } from '../support/manifests.js';
import { serveCluster } from '../support/virtual-fleet.js';

const MAPS = '/api/v1/namespaces/default/configmaps';
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';

describe('a body that is not what its kind holds', () => {
  it.each([
    ['{', 400, 'BadRequest'],
    ['[]', 400, 'BadRequest'],
    ['{"kind":"Secret","apiVersion":"v1"}', 400, 'BadRequest'],
    ['{"metadata":{"name":"a","namespace":"other"}}', 400, 'BadRequest'],
    ['{"metadata":{"name":"A_b"}}', 422, 'Invalid'],
    ['{"metadata":{}}', 422, 'Invalid'],
    ['{"metadata":{"name":"a"},"data":{"x":1}}', 400, 'BadRequest'],
    ['{"metadata":{"name":"a"},"data":{"a/b":"x"}}', 422, 'Invalid'],
    ['{"metadata":{"name":"a","labels":{"x":"no spaces"}}}', 422, 'Invalid'],
  ])('%s is refused', async (body, code, reason) => {
    const { api } = await serveCluster();
    expect(await api.post(MAPS, body)).toMatchObject({ code, body: { kind: 'Status', status: 'Failure', reason } });
  });

  it('names the Go field of a value of another type', async () => {
    const { api } = await serveCluster();
    const { body } = await api.post(DEPLOYMENTS, deployment('web', { spec: { replicas: 'two' } }));
    expect(body.message).toBe(
      'Deployment in version "v1" cannot be handled as a Deployment: ' +
        'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
    );
  });

  it('is dropped with a warning, or refused when the writer is strict', async () => {
    const { api } = await serveCluster();
    const wrong = deployment('web', { spec: { replcas: 2 } });
    const { code, headers, body } = await api.post(DEPLOYMENTS, wrong);
    expect([code, headers.get('warning')]).toEqual([201, '299 - "unknown field \\"spec.replcas\\""']);
    expect(body.spec).not.toHaveProperty('replcas');
    expect(await api.send('POST', `${DEPLOYMENTS}?fieldValidation=Strict`, wrong)).toMatchObject({ code: 400 });
    const silent = await api.send('PUT', `${DEPLOYMENTS}/web?fieldValidation=Ignore`, wrong);
    expect([silent.code, silent.headers.get('warning')]).toEqual([200, null]);
  });

  it('cannot be applied on the server’s side at all', async () => {
    const { api } = await serveCluster();
    const { code, body } = await api.apply(`${DEPLOYMENTS}/web`, deployment('web', { spec: { replcas: 2 } }));
    expect([code, body.reason]).toEqual([500, 'InternalError']);
    expect(body.message).toContain('.spec.replcas: field not declared in schema');
  });

  it.each([
    [{ volumes: [{ name: 'v', emptyDir: {}, configMap: { name: 'c' } }] }, 'may not specify more than 1 volume type'],
    [{ containers: [{ name: 'main' }] }, 'spec.template.spec.containers[0].image: Required value'],
    [
      { containers: [{ name: 'main', image: 'a', volumeMounts: [{ name: 'no', mountPath: '/x' }] }] },
      'Not found: "no"',
    ],
    [{ restartPolicy: 'Never' }, 'Unsupported value: "Never": supported values: "Always"'],
  ])('%j names the field', async (spec, message) => {
    const { api } = await serveCluster();
    const wrong = deployment('web');
    const template = (wrong.spec as { template: { spec: object } }).template;
    template.spec = { ...template.spec, ...spec };
    const { code, body } = await api.post(DEPLOYMENTS, wrong);
    expect([code, body.reason]).toEqual([422, 'Invalid']);
    expect(body.message).toContain(message);
  });

  it('changes nothing when one operation of a JSON patch cannot be carried out', async () => {
    const { api } = await serveCluster();
    await api.post(MAPS, configMap('a', { x: '1' }));
    const patch = [
      { op: 'add', path: '/data/y', value: '2' },
      { op: 'test', path: '/data/x', value: '9' },
    ];
    expect(await api.patch(`${MAPS}/a`, patch, JSON_PATCH)).toMatchObject({ code: 422, body: { reason: 'Invalid' } });
    expect((await api.get(`${MAPS}/a`)).body.data).toEqual({ x: '1' });
  });
});

describe('planted refusals', () => {
  it('are those of an admission webhook, for clients only', async () => {
    const { api, cluster, timers } = await serveCluster();
    cluster.faults.refuse(({ kind, metadata }) =>
      kind === 'ConfigMap' && metadata.labels?.team === undefined ? 'you must set a team' : undefined,
    );
    const { code, body } = await api.post(MAPS, configMap('a'));
    expect([code, body.reason]).toEqual([403, 'Forbidden']);
    expect(body.message).toBe('admission webhook "policy.example.com" denied the request: you must set a team');
    await api.post('/api/v1/namespaces', { metadata: { name: 'team' } });
    timers.advance();
    expect((await api.get('/api/v1/namespaces/team/configmaps/kube-root-ca.crt')).code).toBe(200);
  });

  it('name the objects that they mean, and the webhook', async () => {
    const { api, cluster } = await serveCluster();
    cluster.faults.deny({
      kind: 'ConfigMap',
      namespace: 'default',
      name: 'a',
      message: 'no',
      webhook: 'guard.acme.io',
    });
    const { code, body } = await api.apply(`${MAPS}/a`, configMap('a'));
    expect([code, body.message]).toEqual([403, 'admission webhook "guard.acme.io" denied the request: no']);
    expect((await api.apply(`${MAPS}/b`, configMap('b'))).code).toBe(201);
    expect((await api.apply(`${MAPS}/a`, configMap('a'), 'fleet', '&dryRun=All')).code).toBe(403);
    expect((await api.post('/api/v1/namespaces/default/secrets', { metadata: { name: 'a' } })).code).toBe(201);
    cluster.faults.clear();
    expect((await api.apply(`${MAPS}/a`, configMap('a'))).code).toBe(201);
  });

  it('are asked before a change, and not before a delete or what changes nothing', async () => {
    const { api, cluster } = await serveCluster();
    await api.post(MAPS, configMap('a', { x: '1' }));
    cluster.faults.deny({ kind: 'ConfigMap', message: 'frozen' });
    expect((await api.patch(`${MAPS}/a`, { data: { x: '2' } })).code).toBe(403);
    expect((await api.patch(`${MAPS}/a`, { data: { x: '1' } })).code).toBe(200);
    expect((await api.delete(`${MAPS}/a`)).code).toBe(200);
  });

  it.each([
    [401, 'Unauthorized'],
    [403, 'Forbidden'],
    [409, 'Conflict'],
    [429, 'TooManyRequests'],
    [500, 'InternalError'],
    [503, 'ServiceUnavailable'],
    [504, 'Timeout'],
  ])('answer %i as %s', async (status, reason) => {
    const { api, cluster } = await serveCluster();
    cluster.faults.plant({ status });
    expect(await api.get(MAPS)).toMatchObject({ code: status, body: { kind: 'Status', status: 'Failure', reason } });
  });

  it('let a slow answer through when its time has come', async () => {
    const { api, cluster } = await serveCluster();
    cluster.faults.plant({ delayMs: 20 });
    expect(await api.apply(`${MAPS}/a`, configMap('a'))).toMatchObject({ code: 201, body: { kind: 'ConfigMap' } });
  });

  it('tell a client when to come again', async () => {
    const { api, cluster } = await serveCluster();
    cluster.faults.plant({ status: 429, retryAfterSeconds: 2 });
    const { code, body, headers } = await api.get(MAPS);
    expect([code, body.reason, headers.get('retry-after')]).toEqual([429, 'TooManyRequests', '2']);
    expect((await api.get(MAPS)).code).toBe(200);
  });
});

describe('pages of a list', () => {
  const names = (body: { items: { metadata: { name: string } }[] }): string[] =>
    body.items.map(({ metadata }) => metadata.name);

  it('are all of the moment of the first', async () => {
    const { api } = await serveCluster();
    for (const name of ['a', 'b', 'c']) await api.post(MAPS, configMap(name));
    const { body: first } = await api.get(`${MAPS}?limit=2`);
    await api.delete(`${MAPS}/c`);
    await api.post(MAPS, configMap('d'));
    const { body: rest } = await api.get(`${MAPS}?limit=9&continue=${first.metadata.continue}`);
    expect([...names(first), ...names(rest)]).toEqual(['a', 'b', 'c', 'kube-root-ca.crt']);
    expect(rest.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
  });

  it('expire with what is kept, and can be gone on with as things are now', async () => {
    const { api, cluster } = await serveCluster();
    for (const name of ['a', 'b', 'c']) await api.post(MAPS, configMap(name));
    const { body: first } = await api.get(`${MAPS}?limit=1`);
    await api.delete(`${MAPS}/b`);
    cluster.store.compact();
    const stale = await api.get(`${MAPS}?limit=9&continue=${first.metadata.continue}`);
    expect(stale).toMatchObject({ code: 410, body: { reason: 'Expired' } });
    const { body: rest } = await api.get(`${MAPS}?continue=${stale.body.metadata.continue}`);
    expect(names(rest)).toEqual(['c', 'kube-root-ca.crt']);
  });

  it('are refused by a token that was not given out, and by a version that is yet to come', async () => {
    const { api } = await serveCluster();
    expect(await api.get(`${MAPS}?continue=nonsense`)).toMatchObject({ code: 400 });
    expect(await api.get(`${MAPS}?resourceVersion=999999`)).toMatchObject({ code: 504, body: { reason: 'Timeout' } });
  });
});

describe('the provider of a secret store', () => {
  it('that fails makes its stores and what reads them unready, until it answers again', async () => {
    const { cluster, timers } = await serveCluster();
    const group = 'external-secrets.io';
    const apiVersion = `${group}/v1`;
    const spec = { provider: { aws: { service: 'SecretsManager', region: 'x' } } };
    cluster.create({ apiVersion, kind: 'ClusterSecretStore', metadata: { name: 'aws' }, spec });
    const secretStoreRef = { kind: 'ClusterSecretStore', name: 'aws' };
    const db = { apiVersion, kind: 'ExternalSecret', metadata: { name: 'db', namespace: 'default' } };
    cluster.create({ ...db, spec: { secretStoreRef } });
    const ready = (): string[] =>
      ['ClusterSecretStore', 'ExternalSecret'].map((kind) => {
        const [object] = cluster.list(group, kind);
        const { conditions } = object?.status as { conditions: { status: string }[] };
        return conditions[0]?.status ?? '';
      });
    timers.advance(2_000);
    expect(ready()).toEqual(['True', 'True']);
    cluster.breakStore('aws');
    timers.advance(2_000);
    expect(ready()).toEqual(['False', 'False']);
    cluster.mendStore('aws');
    timers.advance(2_000);
    expect(ready()).toEqual(['True', 'True']);
  });
});
