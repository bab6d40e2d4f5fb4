import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.js';

const role = (project: string) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AppProject',
  metadata: { name: project },
  spec: {
    sourceRepos: ['*'],
    destinations: [{ server: '*', namespace: '*' }],
    roles: [{ name: 'dev', policies: [`p, proj:${project}:dev, clusters, get, ${project}/*, allow`] }],
  },
});

let api: TestApi;
let teamA: string;
beforeAll(async () => {
  api = await startApi();
  for (const project of ['team-a', 'team-b']) {
    await api.call('POST', '/api/v1/projects', { body: role(project) });
    for (const index of [1, 2, 3]) {
      const metadata = { name: `${project}-${index}` };
      const body = { apiVersion: 'fleetwright.io/v1alpha1', kind: 'Cluster', metadata, spec: { project } };
      await api.call('POST', '/api/v1/clusters', { body });
    }
  }
  teamA = await api.roleToken('team-a', 'dev');
});
afterAll(async () => {
  await api?.close();
});

describe('who may ask', () => {
  it.each([
    ['no token', null],
    ['a token that is none', 'nonsense'],
    ['an unknown token', 'fw_00000000-0000-0000-0000-000000000000_secret'],
  ])('turns away %s with the same answer', async (_what, token) => {
    const { status, body, headers } = await api.call('GET', '/api/v1/clusters', { token });
    expect(status).toBe(401);
    expect(body).toMatchObject({ reason: 'Unauthorized', details: { code: 'UNAUTHENTICATED' } });
    expect(headers.get('www-authenticate')).toContain('Bearer');
  });

  it('tells the bearer who they are', async () => {
    const { body } = await api.call('GET', '/api/v1/whoami', { token: teamA });
    expect(body).toMatchObject({ type: 'token', name: 'team-a-dev', project: 'team-a', role: 'dev' });
  });

  it('shows a team its own objects and counts nothing else', async () => {
    const { body } = await api.call('GET', '/api/v1/clusters?limit=2', { token: teamA });
    expect(body.items.map((item: { metadata: { name: string } }) => item.metadata.name)).toEqual([
      'team-a-1',
      'team-a-2',
    ]);
    expect(body.metadata.remainingItemCount).toBe(1);
  });

  it('answers the same about an object of another team and one that does not exist', async () => {
    const other = await api.call('GET', '/api/v1/clusters/team-b-1', { token: teamA });
    const absent = await api.call('GET', '/api/v1/clusters/team-b-9', { token: teamA });
    expect(other.status).toBe(403);
    expect(other.text.replaceAll('team-b-1', '')).toBe(absent.text.replaceAll('team-b-9', ''));
  });

  it('keeps denied attempts in the audit log under the request id', async () => {
    const path = '/api/v1/clusters/team-b-2';
    const denied = await api.call('DELETE', path, { token: teamA, headers: { 'x-request-id': 'ticket-42' } });
    expect(denied.status).toBe(403);
    expect(denied.headers.get('x-request-id')).toBe('ticket-42');
    const { body } = await api.call('GET', '/api/v1/audit?decision=denied&limit=1');
    expect(body.items).toMatchObject([
      { actor: 'token:team-a-dev', verb: 'delete', object: 'team-b-2', decision: 'denied', requestId: 'ticket-42' },
    ]);
  });

  it('ends a token at once', async () => {
    const scope = { admin: false, project: 'team-a', role: 'dev' };
    const { body } = await api.call('POST', '/api/v1/tokens', { body: { name: 'short-lived', scope } });
    expect((await api.call('GET', '/api/v1/whoami', { token: body.secret })).status).toBe(200);
    expect((await api.call('DELETE', `/api/v1/tokens/${body.token.id}`)).status).toBe(204);
    expect((await api.call('GET', '/api/v1/whoami', { token: body.secret })).status).toBe(401);
  });

  it('makes join tokens for admins only', async () => {
    const made = await api.call('POST', '/api/v1/jointokens', { body: { namePrefix: 'edge-', uses: 3 } });
    expect(made.body).toMatchObject({ token: { namePrefix: 'edge-' }, secret: expect.any(String) });
    expect((await api.call('POST', '/api/v1/jointokens', { body: {}, token: teamA })).status).toBe(403);
    expect((await api.call('GET', '/api/v1/jointokens')).text).not.toContain(made.body.secret);
  });
});

describe('operations', () => {
  it('pass on who asks for what', async () => {
    const { status, body } = await api.call('POST', '/api/v1/applications/guestbook/sync?dryRun=true', {
      body: { prune: true },
    });
    expect([status, body]).toEqual([202, { operation: { id: 'operation-1', notAfter: '2026-01-01T00:00:00Z' } }]);
    expect(api.operations.asked.at(-1)).toMatchObject({
      actor: { admin: true },
      ref: { namespace: 'argocd', name: 'guestbook' },
      request: { prune: true, dryRun: true },
    });
    await api.call('POST', '/api/v1/namespaces/apps/applicationsets/set/refresh');
    expect(api.operations.asked.at(-1)).toMatchObject({ ref: { namespace: 'apps', name: 'set' }, refresh: true });
  });

  it('refuse words they do not know', async () => {
    const { body } = await api.call('POST', '/api/v1/applications/guestbook/sync', { body: { purge: true } });
    expect(body).toMatchObject({ code: 422, details: { code: 'INVALID_BODY' } });
  });

  it('list and judge held removals', async () => {
    expect((await api.call('GET', '/api/v1/approvals')).body).toEqual({ items: [] });
    expect((await api.call('POST', '/api/v1/approvals/none/approve')).status).toBe(404);
  });
});
