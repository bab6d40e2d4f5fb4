import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../src/access/actor.js';
import { ApplyDoor, type Applied } from '../../src/documents/apply-door.js';
import { BundleStore } from '../../src/rendering/bundle-store.js';
import { SourceRenderer } from '../../src/rendering/source-renderer.js';
import { GitMirrors } from '../../src/repositories/git/git-mirrors.js';
import { RepositoryCredentials } from '../../src/repositories/repository-credentials.js';
import { StoredCredentials } from '../../src/repositories/stored-credentials.js';
import { StoredGitAccess } from '../../src/repositories/stored-git-access.js';
import { GitServer } from '../support/git-server.js';
import { openRooms, type Rooms } from '../support/rooms.js';
import { ANY_CLUSTER, WEB } from '../support/rendering.js';

const VALUE = 'correct-horse-battery';
const TYPE = 'argocd.argoproj.io/secret-type';
const ADMIN: Actor = { type: 'token', id: '1', name: 'admin', admin: true };
const TEAM: Actor = { type: 'token', id: '2', name: 'team', admin: false, project: 'team-a', role: 'dev' };
const OPTIONS = { dryRun: false, strict: false, fieldManager: 'test' };

let rooms: Rooms;

beforeAll(async () => {
  rooms = await openRooms();
  const policies = ['repositories', 'clusters'].map(
    (resource) => `p, proj:team-a:dev, ${resource}, *, team-a/*, allow`,
  );
  const project = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: 'team-a' },
    spec: { roles: [{ name: 'dev', policies }] },
  };
  expect((await apply(project)).outcome.ok).toBe(true);
});

afterAll(() => rooms.close());

async function apply(document: unknown, actor = ADMIN, options: Partial<typeof OPTIONS> = {}): Promise<Applied> {
  const [applied] = await rooms.module.get(ApplyDoor).applyAll(actor, [document], { ...OPTIONS, ...options });
  return applied as Applied;
}

function secret(name: string, type: string | undefined, data: Record<string, string>) {
  const labels = type === undefined ? {} : { [TYPE]: type };
  const document = { apiVersion: 'v1', kind: 'Secret', metadata: { name, labels }, stringData: data };
  const copy = { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(document) };
  return { ...document, metadata: { ...document.metadata, namespace: 'argocd', annotations: copy } };
}

const credentialsFor = (url: string) => rooms.module.get(RepositoryCredentials, { strict: false }).find(url);

/** Every row of every table, as text. */
async function dump(): Promise<string> {
  const { transactions } = rooms.db;
  const tables = await transactions.query<{ name: string }>(
    `select quote_ident(table_name) as name from information_schema.tables
     where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  const rows = await Promise.all(tables.map(({ name }) => transactions.query(`select t::text from ${name} t`)));
  expect(tables.length).toBeGreaterThan(8);
  return JSON.stringify(rows);
}

describe('a repository Secret at the apply door', () => {
  it('opens its repository, and is told apart as created, unchanged and updated', async () => {
    const url = 'https://git.corp/own/app';
    const own = secret('own', 'repository', { url, username: 'hub', password: VALUE });
    const again = { ...own, stringData: { ...own.stringData, password: `${VALUE}-2` } };
    const actions = [];
    for (const document of [own, own, again]) {
      const { outcome } = await apply(document);
      actions.push(outcome.ok ? outcome.value.action : outcome.error);
    }
    expect(actions).toEqual(['created', 'unchanged', 'updated']);
    expect(await credentialsFor(url)).toEqual({ username: 'hub', password: `${VALUE}-2` });
    expect(await credentialsFor('https://git.corp/other/app')).toBeUndefined();
  });

  it('opens what begins like it where it is of type repo-creds', async () => {
    await apply(secret('start', 'repo-creds', { url: 'https://git.corp/start', bearerToken: VALUE }));
    expect(await credentialsFor('https://git.corp/start/app')).toEqual({ bearerToken: VALUE });
  });

  it('lets the hub read and render a private repository', async () => {
    const server = await GitServer.start({ credentials: { username: 'hub', password: VALUE } });
    try {
      const repository = await server.repository('private');
      const sha = await repository.commit({
        'app/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n',
      });
      const data = { url: repository.url, username: 'hub', password: VALUE };
      expect((await apply(secret('private', 'repository', data))).outcome.ok).toBe(true);
      const git = rooms.module.get(GitMirrors, { strict: false });
      expect(await git.resolve(repository.url, 'main')).toEqual({ ok: true, value: { sha } });
      const renderer = rooms.module.get(SourceRenderer, { strict: false });
      const sources = [{ repoURL: repository.url, revision: 'main', path: 'app' }];
      const rendered = await renderer.render({ sources, application: WEB, cluster: ANY_CLUSTER });
      expect(rendered).toMatchObject({ ok: true, value: { objectCount: 1 } });
      const digest = rendered.ok ? rendered.value.digest : '';
      expect(await rooms.module.get(BundleStore, { strict: false }).read(digest)).toContain('settings');
    } finally {
      await server.close();
    }
  });

  it('shows its values in no row, log line or answer', async () => {
    const url = 'https://git.corp/quiet/app';
    const answers = [
      await apply(secret('quiet', 'repository', { url: `https://hub:${VALUE}@git.corp/quiet/app`, password: VALUE })),
      await apply(secret('quiet', 'repository', { url, username: VALUE, password: VALUE, pasword: VALUE })),
      await apply(secret('quiet', 'repository', { url, sshPrivateKey: VALUE })),
      await apply(secret('quiet', 'repository', { url: VALUE, password: VALUE })),
      await apply(secret('quiet', 'repository', { url, password: VALUE, pasword: VALUE }), ADMIN, { strict: true }),
      await apply({ ...secret('quiet', 'repository', { url }), data: { password: VALUE } }),
      await apply(secret('quiet', 'scm-creds', { token: VALUE })),
      await apply(secret('quiet', undefined, { password: VALUE })),
      await apply(secret('quiet', 'repository', { url, password: VALUE }), TEAM),
    ];
    expect(answers.map(({ outcome }) => outcome.ok)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      true,
      false,
      false,
    ]);
    const errors = answers.map(({ outcome }) => (outcome.ok ? '' : describeError(outcome.error)));
    const base64 = Buffer.from(VALUE).toString('base64');
    expect(await dump()).toContain(url);
    for (const text of [JSON.stringify(answers), ...errors, JSON.stringify(rooms.log.lines), await dump()]) {
      expect(text).not.toContain(VALUE);
      expect(text).not.toContain(base64);
    }
  });

  it('changes nothing on a dry run', async () => {
    const url = 'https://git.corp/dry/app';
    const { outcome } = await apply(secret('dry', 'repository', { url, password: VALUE }), ADMIN, { dryRun: true });
    expect(outcome).toMatchObject({ ok: true, value: { action: 'created', plan: { lines: [] } } });
    expect(await credentialsFor(url)).toBeUndefined();
  });

  it('is refused outside the namespace argocd', async () => {
    const elsewhere = secret('elsewhere', 'repository', { url: 'https://git.corp/x' });
    const { outcome } = await apply({ ...elsewhere, metadata: { ...elsewhere.metadata, namespace: 'team-a' } });
    expect(outcome).toMatchObject({ ok: false, error: { code: 'INVALID_DOCUMENT' } });
  });

  it('is repaired by applying it again after its row was tampered with', async () => {
    const url = 'https://git.corp/tampered/app';
    const document = secret('tampered', 'repository', { url, password: VALUE });
    await apply(document);
    await rooms.db.transactions.query(
      `update repository_credentials set sealed = overlay(sealed placing 'AAAA' from length(sealed) - 8) where name = 'tampered'`,
    );
    await expect(freshCredentials(url)).rejects.toMatchObject({
      code: 'SEAL_BROKEN',
      message: expect.stringContaining('argocd/tampered'),
    });
    const git = rooms.module.get(GitMirrors, { strict: false });
    expect(await git.resolve(url, 'main')).toMatchObject({ ok: false, error: { code: 'GIT_AUTH' } });
    expect((await apply(document)).outcome).toMatchObject({ ok: true, value: { action: 'updated' } });
    expect(await credentialsFor(url)).toMatchObject({ password: VALUE });
  });

  it('does not open for another URL that was written over its own', async () => {
    const url = 'https://git.corp/moved/app';
    await apply(secret('moved', 'repository', { url, password: VALUE }));
    const elsewhere = 'https://evil.example/app';
    await rooms.db.transactions.query(`update repository_credentials set url = $1 where name = 'moved'`, [elsewhere]);
    await expect(freshCredentials(elsewhere)).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
  });
});

describe('a cluster Secret at the apply door', () => {
  it('becomes a Cluster without its config, which is in no row, log line or answer', async () => {
    const config = JSON.stringify({ bearerToken: `${VALUE}-cluster` });
    const data = { name: 'eu-1', server: 'https://10.0.0.1:6443', project: 'team-a', config };
    const applied = await apply(secret('cluster-eu-1', 'cluster', data));
    expect(applied.outcome).toMatchObject({ ok: true, value: { action: 'created', object: { kind: 'Cluster' } } });
    const stored = await rooms.db.store.find({ kind: 'Cluster', namespace: 'argocd', name: 'eu-1' });
    expect(stored?.object).toMatchObject({
      metadata: { labels: { [TYPE]: 'cluster' } },
      spec: { server: 'https://10.0.0.1:6443', project: 'team-a' },
    });
    for (const text of [JSON.stringify(applied), JSON.stringify(rooms.log.lines), await dump()]) {
      expect(text).not.toContain(VALUE);
    }
  });
});

describe('who may bring Secrets', () => {
  it.each([
    ['repository', { url: 'https://git.corp/team' }],
    ['repo-creds', { url: 'https://git.corp/team' }],
    ['cluster', { name: 'team-cluster', server: 'https://10.0.0.9', project: 'team-a' }],
  ])('is no team, whatever its role grants inside its project: %s', async (type, data) => {
    const { outcome } = await apply(secret('team-secret', type, data as Record<string, string>), TEAM);
    expect(outcome).toMatchObject({ ok: false, error: { code: 'FORBIDDEN' } });
    const denied = await rooms.db.transactions.query(
      `select 1 from audit_entries where decision = 'denied' and actor = 'token:team' and object = 'team-secret'`,
    );
    expect(denied.length).toBeGreaterThan(0);
  });

  it('leaves an audit entry without values', async () => {
    await apply(secret('audited', 'repository', { url: 'https://git.corp/audited', password: VALUE }));
    const entries = await rooms.db.transactions.query(
      `select verb, resource, decision from audit_entries where object = 'argocd/audited'`,
    );
    expect(entries).toEqual([{ verb: 'create', resource: 'repositories', decision: 'allowed' }]);
  });
});

describe('other documents', () => {
  it('that are Secrets are refused, with the way to bring secrets to clusters', async () => {
    const { outcome } = await apply(secret('app-secret', undefined, { password: VALUE }));
    expect(outcome).toMatchObject({
      ok: false,
      error: { code: 'SECRET_NOT_ACCEPTED', details: { hint: expect.stringContaining('ExternalSecrets') } },
    });
  });

  it('that nobody takes are unknown', async () => {
    const { outcome } = await apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'argocd-cm' }, data: {} });
    expect(outcome).toMatchObject({ ok: false, error: { code: 'UNKNOWN_KIND' } });
  });
});

/** As another replica would find them, which knows nothing yet. */
async function freshCredentials(url: string) {
  rooms.module.get(StoredCredentials, { strict: false }).forget();
  return rooms.module.get(StoredGitAccess, { strict: false }).find(url);
}

function describeError(error: unknown): string {
  const { message, details } = error as { message: string; details?: object };
  return `${message} ${JSON.stringify(details)}`;
}
