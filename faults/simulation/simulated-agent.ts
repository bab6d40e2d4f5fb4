import { AgentEngine } from '../../src/dispatch/agent/agent-engine.js';
import { ApiCatalog } from '../../src/dispatch/agent/api-catalog.js';
import { BundleStore } from '../../src/dispatch/agent/bundle-store.js';
import { HubDocuments } from '../../src/dispatch/agent/hub-documents.js';
import { LiveObjects } from '../../src/dispatch/agent/live-objects.js';
import { ManagedApplications } from '../../src/dispatch/agent/managed-applications.js';
import { MemberMemory } from '../../src/dispatch/agent/member-memory.js';
import type { ApplicationRecord } from '../../src/dispatch/agent/application-record.js';
import type { Delivery, DeliverySettings } from '../../src/dispatch/protocol/delivery.js';
import type { ApplicationReport } from '../../src/dispatch/protocol/report.js';
import type { Clock } from '../../src/kernel/clock.js';
import type { Log } from '../../src/kernel/log.js';
import { decodeBundle, type Bundle } from '../../src/rendering/domain/bundle.js';
import type { VirtualCluster } from '../../src/simulator/virtual-cluster.js';
import { Life, type Interleaving } from './interleaving.js';
import { MemberClient } from './member-client.js';

export const HUB_ID = 'hub';
export const EPOCH = 'e1';

/** What an agent gets from its hub. Everything throws while the hub cannot be reached. */
export interface HubSide {
  deliveries(
    clusterUid: string,
    since: number | undefined,
    life: Life,
  ): Promise<{ position: number; list: Delivery[] }>;
  bundle(clusterUid: string, digest: string, life: Life): Promise<string>;
  document(digest: string, life: Life): Promise<unknown>;
  report(clusterUid: string, reports: readonly ApplicationReport[]): Promise<void>;
}

export interface AgentSurroundings {
  cluster: VirtualCluster;
  clusterUid: string;
  hub: HubSide;
  interleaving: Interleaving;
  clock: Clock;
  log: Log;
  /** Bundles on the agent's disk, by digest. */
  cache: Map<string, string>;
  faultAt: () => 'before' | 'after' | undefined;
}

/** One start of the agent of one cluster: the product's engine, memory and passes, spoken to without a network. */
export class SimulatedAgent {
  readonly life: Life;
  engine: AgentEngine | undefined;
  /** How far the hub's deliveries were read by this start. */
  cursor: number | undefined;
  /** Verdicts that the hub has not acknowledged. */
  readonly waiting = new Map<string, ApplicationReport>();
  private told: readonly ApplicationReport[] = [];
  private read: readonly Delivery[] = [];

  constructor(private readonly around: AgentSurroundings) {
    this.life = new Life(`agent of ${around.cluster.name}`);
  }

  /** Reads what the member remembers, and works on it. Throws where the cluster does not answer. */
  async start(): Promise<void> {
    const { cluster, interleaving, faultAt } = this.around;
    const client = new MemberClient({ cluster, interleaving, life: this.life, faultAt });
    const memory = new MemberMemory(client);
    await memory.prepare();
    const remembered = await memory.load();
    const catalog = new ApiCatalog(client, () => undefined);
    await catalog.refresh();
    this.engine = this.engineOf({ client, memory, catalog, remembered });
    this.engine.resume();
  }

  /** One look at the hub's rows: a snapshot first, later what is new. As the session takes a watch stream. */
  async follow(): Promise<void> {
    const { engine, around, cursor, life } = this;
    if (!engine) return;
    const { position, list } = await around.hub.deliveries(around.clusterUid, cursor, life);
    const reached = { hubId: HUB_ID, epoch: EPOCH, position, fencePosition: null };
    if (cursor === undefined) await engine.takeSnapshot(list, reached);
    else {
      for (const delivery of list) engine.accept(delivery);
      await engine.reach(reached);
    }
    this.cursor = position;
    if (list.length > 0) this.read = list;
  }

  /** Sends what waits; of what arrived, the newest verdicts stay known as told. */
  async report(): Promise<void> {
    const batch = [...this.waiting.values()];
    await this.around.hub.report(this.around.clusterUid, batch);
    for (const report of batch)
      if (this.waiting.get(report.applicationUid) === report) this.waiting.delete(report.applicationUid);
    this.told = batch;
  }

  /** What arrived before arrives again, late. */
  async repeat(): Promise<void> {
    for (const delivery of this.read) this.engine?.accept(delivery);
    if (this.told.length > 0) await this.around.hub.report(this.around.clusterUid, this.told);
  }

  end(): void {
    this.life.end();
    void this.engine?.stop();
  }

  private engineOf({ client, memory, catalog, remembered }: Loaded): AgentEngine {
    const { around, life } = this;
    const { clusterUid, cluster, clock, log, hub } = around;
    const applications = new ManagedApplications();
    const watching = {
      client,
      hubId: HUB_ID,
      signal: life.signal,
      random: () => 0.5,
      logger: log,
      desiredFor: (...asked: Parameters<ManagedApplications['desiredFor']>) => applications.desiredFor(...asked),
      onChange: (key: string) => engine.objectChanged(key),
      onServed: () => undefined,
    };
    const live: LiveObjects = new LiveObjects(watching);
    const bundles = new CachedBundles(around.cache, (digest) => hub.bundle(clusterUid, digest, life));
    const documents = new HubDocuments(memory, (_collection, digest) => hub.document(digest, life), {
      projects: remembered.projects,
      settings: rememberedSettings(remembered.records),
    });
    const work = { client, catalog, live, memory, applications, bundles, documents };
    const surroundings = { clock, logger: log, hubId: HUB_ID, cluster: cluster.name, ceiling: {}, recheckMs: 5_000 };
    const engine: AgentEngine = new AgentEngine(
      { ...work, ...surroundings },
      {
        clusterUid,
        concurrency: 4,
        random: () => 0.5,
        publish: (report) => this.publish(report),
        publishUnowned: () => undefined,
      },
      remembered,
    );
    return engine;
  }

  private publish(report: ApplicationReport): void {
    if (!this.life.isOver) this.waiting.set(report.applicationUid, report);
  }
}

interface Loaded {
  client: MemberClient;
  memory: MemberMemory;
  catalog: ApiCatalog;
  remembered: Awaited<ReturnType<MemberMemory['load']>>;
}

/** The agent's cache without its disk. */
class CachedBundles extends BundleStore {
  constructor(
    private readonly cache: Map<string, string>,
    private readonly fetch: (digest: string) => Promise<string>,
  ) {
    super('', undefined as never, fetch);
  }

  override async get(digest: string): Promise<Bundle> {
    const text = this.cache.get(digest) ?? (await this.fetch(digest));
    this.cache.set(digest, text);
    return decodeBundle(text, digest);
  }

  override async keepOnly(): Promise<void> {
    // Nothing is short here.
  }
}

function rememberedSettings(records: readonly ApplicationRecord[]): Map<string, DeliverySettings> {
  const settings = new Map<string, DeliverySettings>();
  for (const record of records) {
    if (record.settings && record.judged?.settingsDigest) settings.set(record.judged.settingsDigest, record.settings);
  }
  return settings;
}
