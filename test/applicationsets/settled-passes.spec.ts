import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest';
import { createHttpApplication } from '../../src/api/http/http-application.js';
import { ApplicationSetReconciler } from '../../src/applicationsets/application-set.reconciler.js';
import { SetPlanner } from '../../src/applicationsets/set-planner.js';
import { readHubConfig } from '../../src/config/hub-config.js';
import { CommitListener } from '../../src/database/commit-listener.js';
import { HubModule } from '../../src/hub.module.js';
import type { KubernetesObject } from '../../src/kernel/object.js';
import { GitMirrors } from '../../src/repositories/git/git-mirrors.js';
import { GitServer, type GitRepository } from '../support/git-server.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { RecordingLog } from '../support/recording-log.js';

const TABLES = ['objects', 'object_statuses', 'repository_readers', 'held_removals', 'remembered_inputs', 'commits'];

let db: TestDatabase;
let git: GitServer;
let repository: GitRepository;
let folder: string;
let app: NestFastifyApplication;
let mirrors: GitMirrors;
let plans: MockInstance;

/** The hub's parts without its engine: nothing runs but what a test asks for. */
beforeAll(async () => {
  db = await createTestDatabase();
  git = await GitServer.start();
  repository = await git.repository('fleet');
  await repository.commit({ 'apps/one/cm.yaml': 'a', 'settings/a.yaml': 'name: a\n', 'README.md': '1' });
  folder = await mkdtemp(join(tmpdir(), 'settled-'));
  const config = readHubConfig({
    FLEETWRIGHT_DATA_DIR: folder,
    FLEETWRIGHT_ROLES: 'api',
    FLEETWRIGHT_POLL_SECONDS: '3600',
    DATABASE_URL: db.url,
  });
  const log = new RecordingLog();
  const commits = new CommitListener(db.url, pino({ level: 'silent' }));
  const module = HubModule.of({ config, database: { dataSource: db.dataSource, commits }, log });
  app = await createHttpApplication(module, { bodyLimitBytes: 1 << 20, describeApi: false, log });
  mirrors = app.get(GitMirrors, { strict: false });
  plans = vi.spyOn(app.get(SetPlanner, { strict: false }), 'planSet');
  await insert('Cluster', 'c1', { server: 'https://c1.example.com' });
});

afterAll(async () => {
  await app.close();
  await git.close();
  await db.close();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(() => {
  plans.mockClear();
});

async function insert(kind: string, name: string, spec: object): Promise<string> {
  const object: KubernetesObject = { apiVersion: 'v1', kind, metadata: { name, namespace: 'argocd' }, spec };
  const scope = kind === 'ApplicationSet' ? { project: 'default' } : {};
  const [uid = ''] = await db.transactions.run((tx) => db.store.insert(tx, [{ object, scope }]));
  return uid;
}

function insertSet(name: string, generator: object, label: string): Promise<string> {
  const template = {
    metadata: { name: `${name}-${label}` },
    spec: {
      project: 'default',
      source: { repoURL: repository.url, path: 'apps' },
      destination: { server: 'https://c1.example.com', namespace: 'web' },
    },
  };
  return insert('ApplicationSet', name, { generators: [generator], template });
}

const reconcile = (uid: string) => app.get(ApplicationSetReconciler, { strict: false }).reconcile(uid);
const generator = (part: object) => ({ git: { repoURL: repository.url, revision: 'main', ...part } });
const directories = () => generator({ directories: [{ path: 'apps/*' }] });
const files = () => generator({ files: [{ path: 'settings/*.yaml' }] });

async function push(changes: Parameters<GitRepository['commit']>[0]): Promise<void> {
  await repository.commit(changes);
  await mirrors.refresh(repository.url);
}

async function edit(kind: string, name: string, change: (object: KubernetesObject) => void): Promise<void> {
  const { object, scope } = (await db.store.find({ kind, namespace: 'argocd', name }))!;
  const next = structuredClone(object);
  change(next);
  await db.transactions.run((tx) => db.store.update(tx, [{ object: next, scope }]));
}

/** Where every row lies and who wrote it: an update that changes nothing moves it too. */
async function written(): Promise<string[]> {
  const found: string[] = [];
  for (const table of TABLES) {
    const [row] = await db.transactions.query<{ rows: string | null }>(
      `select string_agg(ctid::text || xmin::text, ' ' order by ctid) as rows from ${table}`,
    );
    found.push(`${table}: ${row?.rows}`);
  }
  return found;
}

const applications = async (): Promise<string[]> =>
  (await db.store.all('Application')).map(({ object }) => object.metadata.name);

describe('a set that is woken', () => {
  it('by what it wrote itself is neither planned nor written again', async () => {
    const uid = await insertSet('own', directories(), '{{path.basename}}');
    await reconcile(uid);
    expect([plans.mock.calls.length, await applications()]).toEqual([1, ['own-one']]);
    const before = await written();
    await reconcile(uid);
    await reconcile(uid);
    expect(plans).toHaveBeenCalledTimes(1);
    expect(await written()).toEqual(before);
  });

  it('writes nothing where it is planned again although nothing differs', async () => {
    const uid = await insertSet('again', directories(), '{{path.basename}}');
    await reconcile(uid);
    await edit('Cluster', 'c1', ({ metadata }) => (metadata.labels = { unread: 'x' }));
    const before = await written();
    await reconcile(uid);
    expect(plans).toHaveBeenCalledTimes(2);
    expect(await written()).toEqual(before);
  });

  it('runs when the set, one of its Applications, a cluster or a project changed', async () => {
    const uid = await insertSet('edited', directories(), '{{path.basename}}');
    await reconcile(uid);
    const changes: [string, string, (object: KubernetesObject) => void][] = [
      ['ApplicationSet', 'edited', (set) => (set.metadata.labels = { a: 'b' })],
      ['Application', 'edited-one', (application) => (application['spec'] = { project: 'default' })],
      ['Cluster', 'c1', (cluster) => (cluster.metadata.labels = { a: 'b' })],
      ['AppProject', 'default', (project) => (project.metadata.labels = { a: 'b' })],
    ];
    for (const [kind, name, change] of changes) {
      plans.mockClear();
      await edit(kind, name, change);
      await reconcile(uid);
      expect([kind, plans.mock.calls.length]).toEqual([kind, 1]);
    }
    const [application] = await db.store.named('Application', [{ namespace: 'argocd', name: 'edited-one' }]);
    expect(application?.object.spec).toMatchObject({ source: { path: 'apps' } });
  });

  it('runs while something it wants is refused', async () => {
    const uid = await insertSet('refused', { list: { elements: [{ name: 'Not A Name' }] } }, '{{name}}');
    await reconcile(uid);
    await reconcile(uid);
    expect(plans).toHaveBeenCalledTimes(2);
  });
});

describe('a push', () => {
  it.each([
    ['a file that directories do not see', directories, { 'apps/one/cm.yaml': 'b', 'README.md': '2' }],
    ['a directory beside the pattern', directories, { 'other/two/cm.yaml': 'a' }],
    ['a file beside the pattern', files, { 'apps/one/other.yaml': 'c', 'settings/b.txt': 'x' }],
  ])('leaves a set alone: %s', async (what, generatorOf, changes) => {
    const uid = await insertSet(`quiet-${what.length}`, generatorOf(), '{{path.basename}}');
    await reconcile(uid);
    const before = await written();
    await push(changes);
    await reconcile(uid);
    expect(plans).toHaveBeenCalledTimes(1);
    expect(await written()).toEqual(before);
  });

  it.each([
    ['a directory comes', directories, { 'apps/three/cm.yaml': 'a' }],
    ['a directory goes', directories, { 'apps/three': null }],
    ['a file that is read changes', files, { 'settings/a.yaml': 'name: b\n' }],
    ['a file comes', files, { 'settings/c.yaml': 'name: c\n' }],
  ])('runs a set when %s', async (what, generatorOf, changes) => {
    const uid = await insertSet(`run-${what.length}`, generatorOf(), '{{path.basename}}');
    await reconcile(uid);
    await push(changes);
    await reconcile(uid);
    expect(plans).toHaveBeenCalledTimes(2);
  });

  it('runs a set whose files are links, since what they lead to may have changed', async () => {
    await push({ 'linked/a.yaml': { link: '../settings/a.yaml' } });
    const uid = await insertSet('linked', generator({ files: [{ path: 'linked/*.yaml' }] }), '{{path.basename}}');
    await reconcile(uid);
    await push({ 'settings/a.yaml': 'name: z\n' });
    await reconcile(uid);
    expect(plans).toHaveBeenCalledTimes(2);
  });
});

describe('sets that read one repository', () => {
  it('share one look at it', async () => {
    const looks = git.looksAt('fleet');
    for (const name of ['s1', 's2', 's3', 's4'])
      await reconcile(await insertSet(name, directories(), '{{path.basename}}'));
    expect([plans.mock.calls.length, git.looksAt('fleet') - looks]).toEqual([4, 0]);
  });
});
