import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { FirstAdmin } from '../../src/access/tokens/first-admin.js';
import { ApplicationReconciler } from '../../src/applications/application.reconciler.js';
import { configMap } from '../support/documents.js';
import { SetFleet } from '../support/set-fleet.js';

const VALUE = 'correct-horse-battery';
const secret = (value: string): string =>
  `apiVersion: v1\nkind: Secret\nmetadata: {name: login}\nstringData: {password: ${value}}\n`;
const roles = (project: string) => [
  { name: 'reader', policies: [`p, proj:${project}:reader, applications, get, ${project}/*, allow`] },
];
const EVERYWHERE = { sourceRepos: ['*'], destinations: [{ server: '*', namespace: '*' }] };

describe('other revisions', () => {
  let fleet: SetFleet;
  let app: NestFastifyApplication;
  let admin = '';
  beforeAll(async () => {
    fleet = await SetFleet.open({
      'web/a.yaml': configMap('a'),
      'web/login.yaml': secret(VALUE),
      'api/a.yaml': configMap('a'),
    });
    app = (await fleet.start()).app;
    await app.init();
    admin = (await app.get(FirstAdmin, { strict: false }).ensure()) ?? '';
    for (const project of ['team-a', 'team-b']) {
      await fleet.insert('AppProject', project, { ...EVERYWHERE, roles: roles(project) });
    }
    await application('web-a', 'team-a', 'web');
    await application('web-b', 'team-b', 'web');
    await application('api-a', 'team-a', 'api');
    await application('pinned', 'team-a', 'web', await headOf('main'));
    await fleet.repository.commit({ 'later.txt': 'later' });
    const change = { 'web/a.yaml': null, 'web/b.yaml': configMap('b'), 'web/login.yaml': secret(`${VALUE}2`) };
    await fleet.repository.commit(change, 'change');
  });
  afterAll(() => fleet.close());

  const headOf = (branch: string): Promise<string> => fleet.repository.git('rev-parse', branch);
  async function application(name: string, project: string, path: string, targetRevision = 'main'): Promise<void> {
    const object = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name, namespace: 'argocd' },
      spec: {
        project,
        source: { repoURL: fleet.repository.url, targetRevision, path },
        destination: { name: 'c1', namespace: 'shop' },
      },
    };
    const scope = { project, cluster: 'c1' };
    const [uid = ''] = await fleet.db.transactions.run((tx) => fleet.db.store.insert(tx, [{ object, scope }]));
    await app.get(ApplicationReconciler, { strict: false }).reconcile(uid);
  }
  async function ask(method: 'GET' | 'POST', url: string, { token = admin, body = {} } = {}) {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await app.inject({ method, url, headers, ...(method === 'POST' ? { payload: body } : {}) });
    return { status: answer.statusCode, text: answer.body, body: answer.json() };
  }
  const impactOf = (body: object, token = admin) =>
    ask('POST', `/api/v1/repositories/${encodeURIComponent(fleet.repository.url)}/impact`, { token, body });
  let readers = 0;
  async function readerOf(project: string): Promise<string> {
    const body = { name: `reader-${project}-${(readers += 1)}`, scope: { admin: false, project, role: 'reader' } };
    return (await ask('POST', '/api/v1/tokens', { body })).body.secret as string;
  }

  const CHANGES = [
    { action: 'delete', kind: 'ConfigMap', namespace: 'shop', name: 'a' },
    { action: 'update', kind: 'Secret', name: 'login', changes: [{ path: 'stringData.password' }] },
    { action: 'create', kind: 'ConfigMap', name: 'b' },
  ];

  describe('of one Application', () => {
    it('are compared with what is in force, object by object, without the values of Secrets', async () => {
      const { status, body, text } = await ask('GET', '/api/v1/applications/web-a/diff?revision=change');
      expect(status).toBe(200);
      expect(body).toMatchObject({ kind: 'ApplicationDiff', changes: CHANGES, revisions: [await headOf('change')] });
      expect(body.application).toEqual({ namespace: 'argocd', name: 'web-a', project: 'team-a', cluster: 'c1' });
      expect(text).not.toContain(VALUE);
      const same = await ask('GET', '/api/v1/applications/web-a/diff');
      expect(same.body).toMatchObject({ changes: [], unchanged: 2 });
    });

    it('deliver nothing', async () => {
      const rows = () => fleet.db.transactions.query(`select * from deliveries order by application_uid`);
      const before = await rows();
      await ask('GET', '/api/v1/applications/web-a/diff?revision=change');
      expect(await rows()).toEqual(before);
    });

    it.each([
      ['revision=gone', 422, 'GIT_REVISION_NOT_FOUND'],
      ['revisions=a&revisions=b', 422, 'INVALID_QUERY'],
    ])('are refused with %s', async (query, status, code) => {
      const answer = await ask('GET', `/api/v1/applications/web-a/diff?${query}`);
      expect(answer).toMatchObject({ status, body: { details: { code } } });
    });

    it('are for who may get it', async () => {
      const token = await readerOf('team-b');
      expect((await ask('GET', '/api/v1/applications/web-a/diff?revision=change', { token })).status).toBe(403);
      expect((await ask('GET', '/api/v1/applications/web-b/diff?revision=change', { token })).status).toBe(200);
    });
  });

  describe('of a repository', () => {
    it('change the Applications that follow its base, and no other', async () => {
      const { status, body, text } = await impactOf({ base: 'main', head: 'change' });
      expect(status).toBe(200);
      expect(body).toMatchObject({
        unchanged: 1,
        elsewhere: 1,
        base: await headOf('main'),
        head: await headOf('change'),
      });
      expect(body.items).toMatchObject([
        { name: 'web-a', project: 'team-a', cluster: 'c1', changes: CHANGES },
        { name: 'web-b', project: 'team-b', cluster: 'c1', changes: CHANGES },
      ]);
      expect(text).not.toContain(VALUE);
    });

    it('may be asked for by the name of its Secret', async () => {
      const metadata = {
        name: 'fleet',
        namespace: 'argocd',
        labels: { 'argocd.argoproj.io/secret-type': 'repository' },
      };
      const stringData = { type: 'git', url: fleet.repository.url };
      const body = { apiVersion: 'v1', kind: 'Secret', metadata, stringData };
      expect((await ask('POST', '/api/v1/apply', { body })).status).toBe(200);
      const answer = await ask('POST', '/api/v1/repositories/fleet/impact', { body: { base: 'main', head: 'change' } });
      expect(answer.body.items).toHaveLength(2);
    });

    it('are shown for the Applications that one may list', async () => {
      const { body } = await impactOf({ base: 'main', head: 'change' }, await readerOf('team-b'));
      expect(body).toMatchObject({ unchanged: 0, elsewhere: 0, metadata: {} });
      expect(body.items.map(({ name }: { name: string }) => name)).toEqual(['web-b']);
    });

    it('come in pages', async () => {
      const first = (await impactOf({ base: 'main', head: 'change', limit: 2 })).body;
      expect(first.metadata).toMatchObject({ remainingItemCount: 2 });
      const rest = (await impactOf({ base: 'main', head: 'change', continue: first.metadata.continue })).body;
      const names = [...first.items, ...rest.items].map(({ name }: { name: string }) => name);
      expect(names).toEqual(['web-a', 'web-b']);
      expect(rest.metadata).toEqual({});
    });

    it('are nothing of a repository that no Application reads, which is not looked at', async () => {
      const url = encodeURIComponent('http://127.0.0.1:1/none.git');
      const answer = await ask('POST', `/api/v1/repositories/${url}/impact`, { body: { base: 'a', head: 'b' } });
      expect(answer).toMatchObject({ status: 200, body: { items: [], metadata: {} } });
    });

    it('are refused where base or head cannot be read', async () => {
      const { status, body } = await impactOf({ base: 'main', head: 'gone' });
      expect({ status, code: body.details.code }).toEqual({ status: 422, code: 'GIT_REVISION_NOT_FOUND' });
    });
  });
});
