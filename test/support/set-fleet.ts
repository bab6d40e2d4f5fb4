import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import { vi, type MockInstance } from 'vitest';
import { createHttpApplication } from '../../src/api/http/http-application.js';
import { ApplicationSetReconciler } from '../../src/applicationsets/application-set.reconciler.js';
import { SetPlanner } from '../../src/applicationsets/set-planner.js';
import { readHubConfig } from '../../src/config/hub-config.js';
import { CommitListener } from '../../src/database/commit-listener.js';
import { SettledPassStore } from '../../src/generation/settled-pass-store.js';
import { HubModule } from '../../src/hub.module.js';
import type { KubernetesObject } from '../../src/kernel/object.js';
import type { Outcome } from '../../src/reconcile/outcome.js';
import { GitMirrors } from '../../src/repositories/git/git-mirrors.js';
import { StorePlanner } from '../../src/secret-stores/store-planner.js';
import { SecretStoreSetReconciler } from '../../src/secret-stores/secret-store-set.reconciler.js';
import { GitServer, type GitRepository } from './git-server.js';
import { createTestDatabase, type TestDatabase } from './postgres.js';
import { RecordingLog } from './recording-log.js';

/** Settled passes are left out: a hub that lives writes them when it finds the time. */
const TABLES = ['objects', 'object_statuses', 'repository_readers', 'held_removals', 'remembered_inputs', 'commits'];

/** A hub's parts without its engine: no set runs but when a test says so. */
export class QuietHub {
  /** Every pass that was planned, of either kind of set. */
  readonly plans: MockInstance[];

  constructor(
    readonly app: NestFastifyApplication,
    readonly log: RecordingLog,
  ) {
    this.plans = [SetPlanner, StorePlanner].map((planner) => vi.spyOn(app.get(planner, { strict: false }), 'planSet'));
  }

  get planned(): number {
    return this.plans.reduce((sum, { mock }) => sum + mock.calls.length, 0);
  }

  reconcile(uid: string): Promise<Outcome> {
    return this.app.get(ApplicationSetReconciler, { strict: false }).reconcile(uid);
  }

  reconcileStores(uid: string): Promise<Outcome> {
    return this.app.get(SecretStoreSetReconciler, { strict: false }).reconcile(uid);
  }

  /** As in a crash: what the hub learned of the set and held back is lost. */
  lose(uid: string): void {
    this.app.get(SettledPassStore, { strict: false }).drop(uid);
  }

  async look(url: string): Promise<void> {
    await this.app.get(GitMirrors, { strict: false }).refresh(url);
  }
}

/** A database, one Cluster and a repository, with hubs that come and go. */
export class SetFleet {
  private readonly hubs = new Set<QuietHub>();

  private constructor(
    readonly db: TestDatabase,
    readonly git: GitServer,
    readonly repository: GitRepository,
    private readonly folder: string,
  ) {}

  static async open(files: Parameters<GitRepository['commit']>[0]): Promise<SetFleet> {
    const git = await GitServer.start();
    const repository = await git.repository('fleet');
    await repository.commit(files);
    const fleet = new SetFleet(await createTestDatabase(), git, repository, await mkdtemp(join(tmpdir(), 'sets-')));
    await fleet.insert('Cluster', 'c1', { server: 'https://c1.example.com' });
    return fleet;
  }

  /** `program` names the build that it is. */
  async start(program = 'one build'): Promise<QuietHub> {
    const { db, folder } = this;
    const config = readHubConfig({
      FLEETWRIGHT_DATA_DIR: folder,
      FLEETWRIGHT_ROLES: 'api',
      FLEETWRIGHT_POLL_SECONDS: '3600',
      DATABASE_URL: db.url,
    });
    const log = new RecordingLog();
    const commits = new CommitListener(db.url, pino({ level: 'silent' }));
    const module = HubModule.of({ config, database: { dataSource: db.dataSource, commits }, program, log });
    const app = await createHttpApplication(module, { bodyLimitBytes: 1 << 20, describeApi: false, log });
    const hub = new QuietHub(app, log);
    this.hubs.add(hub);
    return hub;
  }

  /** An orderly end: what the hub holds back is written. */
  async stop(hub: QuietHub): Promise<void> {
    this.hubs.delete(hub);
    await hub.app.close();
  }

  async close(): Promise<void> {
    for (const hub of this.hubs) await hub.app.close();
    await this.git.close();
    await this.db.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  async insert(kind: string, name: string, spec: object): Promise<string> {
    const object: KubernetesObject = { apiVersion: 'v1', kind, metadata: { name, namespace: 'argocd' }, spec };
    const scope = kind === 'ApplicationSet' ? { project: 'default' } : {};
    const [uid = ''] = await this.db.transactions.run((tx) => this.db.store.insert(tx, [{ object, scope }]));
    return uid;
  }

  /** Its Applications are named by the set and `label`, a text of the template. */
  insertSet(name: string, generator: object, { label = '{{path.basename}}', ...spec } = {}): Promise<string> {
    const template = {
      metadata: { name: `${name}-${label}` },
      spec: {
        project: 'default',
        source: { repoURL: this.repository.url, path: 'apps' },
        destination: { server: 'https://c1.example.com', namespace: 'web' },
      },
    };
    return this.insert('ApplicationSet', name, { generators: [generator], template, ...spec });
  }

  directories(path = 'apps/*'): object {
    return { git: { repoURL: this.repository.url, revision: 'main', directories: [{ path }] } };
  }

  files(path = 'settings/*.yaml'): object {
    return { git: { repoURL: this.repository.url, revision: 'main', files: [{ path }] } };
  }

  async edit(kind: string, name: string, change: (object: KubernetesObject) => void): Promise<void> {
    const { object, scope } = (await this.db.store.find({ kind, namespace: 'argocd', name }))!;
    const next = structuredClone(object);
    change(next);
    await this.db.transactions.run((tx) => this.db.store.update(tx, [{ object: next, scope }]));
  }

  async applications(): Promise<string[]> {
    return (await this.db.store.all('Application')).map(({ object }) => object.metadata.name);
  }

  /** Where every row lies and who wrote it: an update that changes nothing moves it too. */
  async written(): Promise<string[]> {
    const found: string[] = [];
    for (const table of TABLES) {
      const [row] = await this.db.transactions.query<{ rows: string | null }>(
        `select string_agg(ctid::text || xmin::text, ' ' order by ctid) as rows from ${table}`,
      );
      found.push(`${table}: ${row?.rows}`);
    }
    return found;
  }
}
