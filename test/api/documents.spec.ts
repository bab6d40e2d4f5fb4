import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => {
  await api?.close();
});

const cluster = (name: string, labels: Record<string, string> = {}) => ({
  apiVersion: 'fleetwright.io/v1alpha1',
  kind: 'Cluster',
  metadata: { name, labels },
});

describe('a hub document over REST', () => {
  it('is created, read, replaced, patched and deleted under its path', async () => {
    const path = '/api/v1/namespaces/argocd/clusters/alpha';
    const created = await api.call('POST', '/api/v1/namespaces/argocd/clusters', { body: cluster('alpha') });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      kind: 'Cluster',
      metadata: { name: 'alpha', namespace: 'argocd', generation: 1 },
    });
    const read = await api.call('GET', path);
    expect(read.headers.get('etag')).toBe(`"${read.body.metadata.resourceVersion}"`);
    const replaced = await api.call('PUT', path, { body: cluster('alpha', { env: 'prod' }) });
    expect(replaced.body.metadata.labels).toMatchObject({ env: 'prod' });
    const patched = await api.call('PATCH', path, { body: { metadata: { labels: { env: null, tier: 'gold' } } } });
    expect(patched.body.metadata.labels).toEqual({ 'argocd.argoproj.io/secret-type': 'cluster', tier: 'gold' });
    const deleted = await api.call('DELETE', path);
    expect(deleted.body).toMatchObject({ kind: 'Status', status: 'Success', details: { name: 'alpha' } });
    expect((await api.call('GET', path)).status).toBe(404);
  });

  it('is found without a namespace in the control namespace', async () => {
    await api.call('POST', '/api/v1/clusters', { body: cluster('short') });
    expect((await api.call('GET', '/api/v1/clusters/short')).body.metadata.namespace).toBe('argocd');
  });

  it('may have a name as long as names get', async () => {
    const name = Array(4).fill('n'.repeat(60)).join('.');
    await api.call('POST', '/api/v1/clusters', { body: cluster(name) });
    expect((await api.call('GET', `/api/v1/clusters/${name}`)).status).toBe(200);
  });

  it('is left alone when If-Match names another version', async () => {
    await api.call('POST', '/api/v1/clusters', { body: cluster('matched') });
    const path = '/api/v1/clusters/matched';
    const { headers } = await api.call('GET', path);
    const body = { metadata: { labels: { env: 'prod' } } };
    const stale = await api.call('PATCH', path, { body, headers: { 'if-match': '"0"' } });
    expect(stale.body).toMatchObject({ code: 412, reason: 'PreconditionFailed' });
    const fresh = await api.call('PATCH', path, { body, headers: { 'if-match': headers.get('etag') ?? '' } });
    expect(fresh.status).toBe(200);
  });

  it('is not changed by a dry run, which answers the plan', async () => {
    const dry = await api.call('POST', '/api/v1/clusters?dryRun=true', { body: cluster('imagined') });
    expect(dry.body).toMatchObject({
      kind: 'WritePlan',
      dryRun: true,
      action: 'created',
      plan: { lines: [], held: [] },
    });
    expect((await api.call('GET', '/api/v1/clusters/imagined')).status).toBe(404);
  });

  it('must be the one that its path names', async () => {
    const other = await api.call('PUT', '/api/v1/namespaces/argocd/clusters/one', { body: cluster('two') });
    expect(other.body).toMatchObject({
      code: 422,
      details: { code: 'PATH_MISMATCH', faults: [{ path: 'metadata.name' }] },
    });
  });

  it('may not be created twice', async () => {
    await api.call('POST', '/api/v1/clusters', { body: cluster('twice') });
    const again = await api.call('POST', '/api/v1/clusters', { body: cluster('twice') });
    expect(again.body).toMatchObject({ code: 409, reason: 'AlreadyExists' });
  });

  it('warns of unknown fields, and refuses them when asked to be strict', async () => {
    const body = { ...cluster('odd'), spec: { colour: 'red' } };
    const strict = await api.call('POST', '/api/v1/clusters?fieldValidation=Strict', { body });
    expect(strict.body).toMatchObject({ code: 422, details: { faults: [{ path: 'spec.colour' }] } });
    const lenient = await api.call('POST', '/api/v1/clusters', { body });
    expect(lenient.headers.get('warning')).toBe('299 - "unknown field \\"spec.colour\\""');
  });

  it('of a wrong type names the path, what was expected and what came', async () => {
    const { body } = await api.call('POST', '/api/v1/clusters', {
      body: { ...cluster('wrong'), spec: { project: 7 } },
    });
    expect(body).toMatchObject({
      kind: 'Status',
      code: 422,
      reason: 'Invalid',
      details: { code: 'INVALID_DOCUMENT', faults: [{ path: 'spec.project', expected: 'string', got: 'number 7' }] },
    });
  });

  it.each([
    ['null', null, 400, 'NOT_A_PATCH'],
    ['a list', [], 400, 'NOT_A_PATCH'],
    ['no metadata', { metadata: null }, 422, 'INVALID_DOCUMENT'],
    ['metadata that is a number', { metadata: 5 }, 422, 'INVALID_DOCUMENT'],
    ['a label that is a number', { metadata: { labels: { a: 1 } } }, 422, 'INVALID_DOCUMENT'],
    ['a label that is none', { metadata: { labels: { 'no key!': 'a' } } }, 422, 'INVALID_DOCUMENT'],
    ['another version', { metadata: { resourceVersion: '0' } }, 409, 'CONFLICT'],
    ['a field of a wrong type', { spec: { server: true } }, 422, 'INVALID_DOCUMENT'],
    ['a text that cannot be stored', { metadata: { annotations: { a: '\u0000' } } }, 400, 'UNSTORABLE_TEXT'],
    ['half a character', { metadata: { annotations: { a: '\ud800' } } }, 400, 'UNSTORABLE_TEXT'],
  ])('is not patched with %s', async (_what, body, code, reason) => {
    await api.call('POST', '/api/v1/clusters', { body: cluster('patched') });
    const before = await api.call('GET', '/api/v1/clusters/patched');
    const answer = await api.call('PATCH', '/api/v1/clusters/patched', { body });
    expect([answer.status, answer.body.details.code]).toEqual([code, reason]);
    expect((await api.call('GET', '/api/v1/clusters/patched')).text).toBe(before.text);
  });

  it('keeps its kind, name and status whatever a patch says', async () => {
    await api.call('POST', '/api/v1/clusters', { body: cluster('same') });
    const body = { kind: 'Application', metadata: { name: 'other', uid: 'other' }, status: { facts: {} } };
    const { body: after } = await api.call('PATCH', '/api/v1/clusters/same', { body });
    expect(after).toMatchObject({ kind: 'Cluster', metadata: { name: 'same', generation: 1 } });
    expect(after).not.toHaveProperty('status');
  });

  it('with a name that none can have is not found or refused, never a failure of the hub', async () => {
    expect((await api.call('GET', '/api/v1/clusters/%00')).status).toBe(400);
    expect((await api.call('GET', '/api/v1/clusters/UPPER%20CASE')).status).toBe(404);
  });

  it('of an unknown kind is not found', async () => {
    const { body } = await api.call('GET', '/api/v1/gadgets');
    expect(body).toMatchObject({ code: 404, details: { code: 'UNKNOWN_KIND' } });
  });
});

describe('a list', () => {
  beforeAll(async () => {
    for (const index of [1, 2, 3, 4, 5]) {
      const body = cluster(`page-${index}`, { page: 'yes', odd: String(index % 2 === 1) });
      await api.call('POST', '/api/v1/clusters', { body });
    }
  });

  const names = (body: { items: { metadata: { name: string } }[] }) => body.items.map(({ metadata }) => metadata.name);

  it('comes in pages that continue where the last one ended', async () => {
    const first = await api.call('GET', '/api/v1/clusters?labelSelector=page%3Dyes&limit=2');
    expect(first.body).toMatchObject({ kind: 'ClusterList', metadata: { remainingItemCount: 3 } });
    expect(names(first.body)).toEqual(['page-1', 'page-2']);
    const rest = await api.call(
      'GET',
      `/api/v1/clusters?labelSelector=page%3Dyes&limit=5&continue=${first.body.metadata.continue}`,
    );
    expect(names(rest.body)).toEqual(['page-3', 'page-4', 'page-5']);
    expect(rest.body.metadata.continue).toBeUndefined();
  });

  it('is narrowed by label and field selectors', async () => {
    const odd = await api.call('GET', '/api/v1/clusters?labelSelector=page,odd+in+(true)');
    expect(names(odd.body)).toEqual(['page-1', 'page-3', 'page-5']);
    const one = await api.call('GET', '/api/v1/clusters?fieldSelector=metadata.name%3Dpage-4');
    expect(names(one.body)).toEqual(['page-4']);
  });

  it.each([
    ['a limit that is no number', 'limit=many', 'INVALID_QUERY'],
    ['a foreign continue token', 'continue=abc', 'PAGE_TOKEN'],
    ['a field that cannot be selected', 'fieldSelector=spec.server%3Da', 'FIELD_SELECTOR'],
    ['a selector that cannot be read', 'labelSelector=a%3D%3D%3Db', 'SELECTOR_SYNTAX'],
  ])('refuses %s', async (_what, query, code) => {
    const { body } = await api.call('GET', `/api/v1/clusters?${query}`);
    expect(body.details.code).toBe(code);
  });
});
