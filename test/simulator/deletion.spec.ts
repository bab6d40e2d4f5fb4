import { describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../../src/kernel/object.js';
import { configMap, namespaceObject, widgetDefinition } from '../support/manifests.js';
import type { KubernetesApi } from '../support/kubernetes-api.js';
import { serveCluster } from '../support/virtual-fleet.js';

const MAPS = '/api/v1/namespaces/default/configmaps';

async function make(api: KubernetesApi, name: string, metadata: object = {}): Promise<KubernetesObject> {
  const object = configMap(name);
  const { body } = await api.post(MAPS, { ...object, metadata: { ...object.metadata, ...metadata } });
  return body as KubernetesObject;
}

function ownedBy(owner: KubernetesObject, more: object = {}) {
  return { apiVersion: 'v1', kind: 'ConfigMap', name: owner.metadata.name, uid: owner.metadata.uid, ...more };
}

const codeOf = async (api: KubernetesApi, name: string): Promise<number> => (await api.get(`${MAPS}/${name}`)).code;

describe('deleting', () => {
  it('answers Success and the object is gone', async () => {
    const { api } = await serveCluster();
    const { metadata } = await make(api, 'a');
    const { code, body } = await api.delete(`${MAPS}/a`);
    expect(code).toBe(200);
    expect(body).toMatchObject({ kind: 'Status', status: 'Success', details: { name: 'a', uid: metadata.uid } });
    expect(await api.delete(`${MAPS}/a`)).toMatchObject({ code: 404 });
  });

  it('waits for finalizers, and goes when the last is taken off', async () => {
    const { api } = await serveCluster();
    await make(api, 'a', { finalizers: ['example.com/hold'] });
    expect((await api.delete(`${MAPS}/a`)).body.metadata.deletionTimestamp).toBe('2026-01-01T00:00:00Z');
    expect(await codeOf(api, 'a')).toBe(200);
    await api.patch(`${MAPS}/a`, { metadata: { finalizers: null } });
    expect(await codeOf(api, 'a')).toBe(404);
  });

  it('refuses when a precondition names another object', async () => {
    const { api } = await serveCluster();
    await make(api, 'a');
    const { code } = await api.delete(`${MAPS}/a`, { preconditions: { uid: 'other' } });
    expect(code).toBe(409);
    expect(await codeOf(api, 'a')).toBe(200);
  });

  it('deletes nothing on a dry run', async () => {
    const { api } = await serveCluster();
    await make(api, 'a');
    expect((await api.delete(`${MAPS}/a?dryRun=All`)).code).toBe(200);
    expect(await codeOf(api, 'a')).toBe(200);
  });

  it('deletes a selected collection', async () => {
    const { api } = await serveCluster();
    await make(api, 'a', { labels: { go: 'yes' } });
    await make(api, 'b');
    expect((await api.delete(`${MAPS}?labelSelector=go%3Dyes`)).body.items).toHaveLength(1);
    expect([await codeOf(api, 'a'), await codeOf(api, 'b')]).toEqual([404, 200]);
  });
});

describe('garbage collection', () => {
  it('deletes dependents after their owner, through every level', async () => {
    const { api, timers } = await serveCluster();
    const owner = await make(api, 'owner');
    const child = await make(api, 'child', { ownerReferences: [ownedBy(owner)] });
    await make(api, 'grandchild', { ownerReferences: [ownedBy(child)] });
    await api.delete(`${MAPS}/owner`);
    expect(await codeOf(api, 'child')).toBe(200);
    timers.advance();
    expect([await codeOf(api, 'child'), await codeOf(api, 'grandchild')]).toEqual([404, 404]);
  });

  it('keeps a dependent that has another owner, and takes the absent one off', async () => {
    const { api, timers } = await serveCluster();
    const [one, two] = [await make(api, 'one'), await make(api, 'two')];
    await make(api, 'child', { ownerReferences: [ownedBy(one), ownedBy(two)] });
    await api.delete(`${MAPS}/one`);
    timers.advance();
    const { body } = await api.get(`${MAPS}/child`);
    expect(body.metadata.ownerReferences).toEqual([ownedBy(two)]);
  });

  it('keeps dependents when told to orphan them', async () => {
    const { api, timers } = await serveCluster();
    const owner = await make(api, 'owner');
    await make(api, 'child', { ownerReferences: [ownedBy(owner)] });
    await api.delete(`${MAPS}/owner`, { propagationPolicy: 'Orphan' });
    timers.advance();
    expect(await codeOf(api, 'owner')).toBe(404);
    expect((await api.get(`${MAPS}/child`)).body.metadata).not.toHaveProperty('ownerReferences');
  });

  it('deletes blocking dependents first in the foreground', async () => {
    const { api, timers } = await serveCluster();
    const owner = await make(api, 'owner');
    const reference = ownedBy(owner, { blockOwnerDeletion: true });
    await make(api, 'child', { ownerReferences: [reference], finalizers: ['example.com/hold'] });
    await api.delete(`${MAPS}/owner`, { propagationPolicy: 'Foreground' });
    timers.advance();
    expect((await api.get(`${MAPS}/child`)).body.metadata.deletionTimestamp).toBeDefined();
    expect(await codeOf(api, 'owner')).toBe(200);
    await api.patch(`${MAPS}/child`, { metadata: { finalizers: null } });
    timers.advance();
    expect([await codeOf(api, 'child'), await codeOf(api, 'owner')]).toEqual([404, 404]);
  });

  it('deletes an object whose owner never existed', async () => {
    const { api, timers } = await serveCluster();
    await make(api, 'child', {
      ownerReferences: [ownedBy({ ...configMap('no'), metadata: { name: 'no', uid: 'x' } })],
    });
    timers.advance();
    expect(await codeOf(api, 'child')).toBe(404);
  });
});

describe('namespaces', () => {
  it('exist from the start with uids that the cluster’s name decides, and hold an account', async () => {
    const [first, second] = [await serveCluster(), await serveCluster()];
    expect(first.cluster.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(first.cluster.uid).toBe(second.cluster.uid);
    expect((await serveCluster({ name: 'two' })).cluster.uid).not.toBe(first.cluster.uid);
    expect((await first.api.get('/api/v1/namespaces/default/serviceaccounts/default')).code).toBe(200);
  });

  it('are emptied before they go, take nothing new meanwhile, and wait for finalizers of their content', async () => {
    const { api, timers } = await serveCluster();
    await api.post('/api/v1/namespaces', namespaceObject('team'));
    const held = configMap('held', {}, 'team');
    held.metadata.finalizers = ['example.com/hold'];
    await api.post('/api/v1/namespaces/team/configmaps', held);
    await api.post('/api/v1/namespaces/team/configmaps', configMap('free', {}, 'team'));
    const { body } = await api.delete('/api/v1/namespaces/team');
    expect(body.status.phase).toBe('Terminating');
    timers.advance();
    expect((await api.get('/api/v1/namespaces/team/configmaps/free')).code).toBe(404);
    const late = await api.post('/api/v1/namespaces/team/configmaps', configMap('late', {}, 'team'));
    expect(late).toMatchObject({ code: 403, body: { reason: 'Forbidden' } });
    await api.patch('/api/v1/namespaces/team', { metadata: { labels: { a: 'b' } } });
    expect((await api.get('/api/v1/namespaces/team')).code).toBe(200);
    await api.patch('/api/v1/namespaces/team/configmaps/held', { metadata: { finalizers: null } });
    timers.advance();
    expect((await api.get('/api/v1/namespaces/team')).code).toBe(404);
  });

  it('go with their content when they are deleted in the foreground', async () => {
    const { api, timers } = await serveCluster();
    await api.post('/api/v1/namespaces', namespaceObject('team'));
    await api.post('/api/v1/namespaces/team/configmaps', configMap('a', {}, 'team'));
    await api.delete('/api/v1/namespaces/team', { propagationPolicy: 'Foreground' });
    timers.advance();
    expect((await api.get('/api/v1/namespaces/team')).code).toBe(404);
  });
});

describe('custom resource definitions', () => {
  const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  const WIDGETS = '/apis/example.com/v1/namespaces/default/widgets';
  const widget = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' }, spec: { any: [1] } };

  it('serve their kind once established, and discovery names it', async () => {
    const { api, timers } = await serveCluster();
    await api.post(DEFINITIONS, widgetDefinition());
    expect((await api.post(WIDGETS, widget)).code).toBe(404);
    timers.advance(1_000);
    const { body: definition } = await api.get(`${DEFINITIONS}/widgets.example.com`);
    expect(definition.status.conditions).toContainEqual(
      expect.objectContaining({ type: 'Established', status: 'True' }),
    );
    expect(await api.post(WIDGETS, widget)).toMatchObject({ code: 201, body: { spec: { any: [1] } } });
    const { body: resources } = await api.get('/apis/example.com/v1');
    expect(resources.resources.map((resource: { name: string }) => resource.name)).toEqual([
      'widgets',
      'widgets/status',
    ]);
  });

  it('take their instances with them', async () => {
    const { api, timers } = await serveCluster();
    await api.post(DEFINITIONS, widgetDefinition());
    timers.advance(1_000);
    await api.post(WIDGETS, widget);
    await api.delete(`${DEFINITIONS}/widgets.example.com`);
    timers.advance();
    expect((await api.get(`${DEFINITIONS}/widgets.example.com`)).code).toBe(404);
    expect((await api.get(WIDGETS)).code).toBe(404);
    expect((await api.get('/apis/example.com/v1')).code).toBe(404);
  });
});
