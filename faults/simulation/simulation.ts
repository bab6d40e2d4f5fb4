import type { Delivery } from '../../src/dispatch/protocol/delivery.js';
import { toDelivery } from '../../src/dispatch/gateway/deliveries/stored-delivery.js';
import { unavailable } from '../../src/kernel/errors.js';
import type { GitMirrors } from '../../src/repositories/git/git-mirrors.js';
import { VirtualCluster } from '../../src/simulator/virtual-cluster.js';
import { MemoryBundleStore } from '../../test/support/memory-bundle-store.js';
import { MemoryDatabase, type CommitFault } from '../memory/database.js';
import { MemoryTransactions } from '../memory/memory-transactions.js';
import { MemoryDeliveries, MemoryDocuments } from '../memory/deliveries.js';
import { Checker } from '../model/checker.js';
import { CLUSTERS, OBJECTS, type ClusterName } from '../model/history.js';
import { randomOf, type Random } from '../model/random.js';
import { CountedIds } from './counted-ids.js';
import { clusterDocument, projectDocument } from '../documents/fleet-documents.js';
import { allMicrotasks, Interleaving, type Life } from './interleaving.js';
import { QuietLog } from './quiet-log.js';
import { MemoryMirrors, Repository } from './repository.js';
import { EPOCH, HUB_ID, SimulatedAgent, type HubSide } from './simulated-agent.js';
import { SimulatedHub } from './simulated-hub.js';
import { VirtualTime } from './virtual-time.js';

/** Where a bug can be planted, to see whether the checker finds it. */
export interface Seams {
  mirrors?: (repository: Repository, ...around: [Interleaving, Life]) => GitMirrors;
  hubSide?: (side: HubSide, random: Random) => HubSide;
  atCommit?: (random: Random) => CommitFault | undefined;
}

interface Member {
  cluster: VirtualCluster;
  uid: string;
  agent: SimulatedAgent;
  cache: Map<string, string>;
  connected: boolean;
  failingCalls: number;
}

/** A hub, a repository and a cluster for each name, with their agents, in one thread under one seed. */
export class Simulation {
  readonly checker = new Checker();
  readonly time = new VirtualTime();
  readonly random: Random;
  readonly interleaving: Interleaving;
  readonly database: MemoryDatabase;
  readonly repository = new Repository();
  readonly members = new Map<ClusterName, Member>();
  readonly log = new QuietLog();
  hub: SimulatedHub;
  /** Commits until one is cut. */
  cut: { after: number; when: 'before' | 'after' } | undefined;
  private readonly bundles = new MemoryBundleStore();
  private readonly ids = new CountedIds();
  private byHand = false;

  constructor(
    seed: number,
    private readonly seams: Seams = {},
  ) {
    this.random = randomOf(seed ^ 0x5eed);
    this.interleaving = new Interleaving(this.random);
    this.database = new MemoryDatabase(this.interleaving, { atCommit: () => this.atCommit() });
    this.hub = this.startHub();
  }

  /** Clusters that have joined, and the one project. */
  async prepare(): Promise<void> {
    for (const name of CLUSTERS) {
      const cluster = this.clusterOf(name);
      const documents = [clusterDocument(name)];
      const uid = await this.atOnce(() => this.hub.transactions.run((tx) => this.hub.store.insert(tx, documents)));
      const member = { cluster, uid: uid[0] ?? '', cache: new Map(), connected: true, failingCalls: 0 };
      this.members.set(name, { ...member, agent: undefined as unknown as SimulatedAgent });
      this.startAgent(name);
    }
    await this.atOnce(() => this.hub.transactions.run((tx) => this.hub.store.insert(tx, [projectDocument(null)])));
  }

  member(name: ClusterName): Member {
    return this.members.get(name) as Member;
  }

  /** Killed, and started again on the same database. */
  restartHub(): void {
    this.hub.life.end();
    this.repository.moved = true;
    this.hub = this.startHub();
  }

  startAgent(name: ClusterName): void {
    const member = this.member(name);
    member.agent?.end();
    member.agent = new SimulatedAgent({
      cluster: member.cluster,
      clusterUid: member.uid,
      hub: this.hubSideOf(name),
      interleaving: this.interleaving,
      clock: this.time.clock,
      log: this.log,
      cache: member.cache,
      faultAt: () => this.callFault(name),
    });
  }

  /** Objects of Applications on all clusters: key → value. */
  found(): Map<string, string> {
    const found = new Map<string, string>();
    for (const [name, { cluster }] of this.members) {
      for (const { metadata, data } of cluster.list('', 'ConfigMap') as {
        metadata: Named;
        data?: { value?: string };
      }[])
        if (isPlayed(metadata.name)) found.set(`${name}/${metadata.namespace}/${metadata.name}`, data?.value ?? '');
    }
    return found;
  }

  /** What people do to a cluster past every agent. */
  async tamper(name: ClusterName, nth: number, how: 'delete' | 'change'): Promise<void> {
    const { cluster } = this.member(name);
    const objects = cluster.list('', 'ConfigMap').filter(({ metadata }) => isPlayed(metadata.name));
    const object = objects[nth % Math.max(1, objects.length)];
    if (!object) return;
    const id = { group: '', kind: 'ConfigMap', namespace: object.metadata.namespace ?? '', name: object.metadata.name };
    this.byHand = true;
    if (how === 'delete') cluster.delete(id);
    else cluster.edit(id, (draft) => Object.assign(draft, { data: { value: 'by hand' } }));
    this.byHand = false;
  }

  /** Runs to its end before anything else. */
  async atOnce<T>(work: () => Promise<T>): Promise<T> {
    let ended = false;
    const result = work().finally(() => (ended = true));
    result.catch(() => undefined);
    await allMicrotasks();
    while (!ended && (await this.interleaving.step(this.hub.life)));
    if (!ended) throw new Error('what was to run at once waits for something else');
    return result;
  }

  private startHub(): SimulatedHub {
    const { database, bundles, ids, log } = this;
    const mirrors = (life: Life): GitMirrors =>
      (this.seams.mirrors ?? MemoryMirrors.as)(this.repository, this.interleaving, life);
    const { clock, databaseClock } = this.time;
    return new SimulatedHub({ database, mirrors, bundles, served: SERVED, clock, databaseClock, ids, log });
  }

  private clusterOf(name: ClusterName): VirtualCluster {
    const options = { name, readyAfterMs: 0, clock: this.time.clock, timers: this.time, ids: this.ids };
    const cluster = new VirtualCluster({ ...options, token: name, runsPods: false, externalSecrets: false });
    cluster.store.subscribe(({ type, object }) => {
      if (type !== 'DELETED' || this.byHand || object.kind !== 'ConfigMap' || !isPlayed(object.metadata.name)) return;
      this.checker.deleted(`${name}/${object.metadata.namespace}/${object.metadata.name}`);
    });
    return cluster;
  }

  private hubSideOf(name: ClusterName): HubSide {
    const reach = (): void => {
      if (!this.member(name).connected) throw unavailable('HUB_AWAY', 'the hub cannot be reached');
    };
    const rowsOf = (life: Life) => new MemoryDeliveries(new MemoryTransactions(this.database, life));
    const side: HubSide = {
      deliveries: async (uid, since, life) => {
        reach();
        const { position, deliveries } = await rowsOf(life).forCluster(uid, since);
        reach();
        return { position, list: deliveries.map((row): Delivery => toDelivery(row, { hubId: HUB_ID, epoch: EPOCH })) };
      },
      bundle: async (uid, digest, life) => {
        reach();
        const { deliveries } = await rowsOf(life).forCluster(uid);
        const named = deliveries.some(({ bundleDigest }) => bundleDigest === digest);
        const text = named ? await this.bundles.read(digest) : undefined;
        if (text === undefined) throw unavailable('NOT_DELIVERED', `no delivery names ${digest}`);
        return text;
      },
      document: async (digest, life) => {
        reach();
        const text = await new MemoryDocuments(new MemoryTransactions(this.database, life)).read(digest);
        if (text === undefined) throw unavailable('CONTENT_MISSING', digest);
        return JSON.parse(text);
      },
      report: async (uid, reports) => {
        reach();
        const applications = [...reports];
        await this.hub.reports.take(uid, { session: '', sequence: 0, applications, unowned: [], facts: null });
        reach();
      },
    };
    return this.seams.hubSide?.(side, this.random) ?? side;
  }

  private callFault(name: ClusterName): 'before' | 'after' | undefined {
    const member = this.member(name);
    if (member.failingCalls === 0) return undefined;
    member.failingCalls -= 1;
    return this.random.pick(['before', 'after']);
  }

  private atCommit(): CommitFault | undefined {
    const planted = this.seams.atCommit?.(this.random);
    if (planted || !this.cut) return planted;
    this.cut.after -= 1;
    if (this.cut.after >= 0) return undefined;
    const { when } = this.cut;
    this.cut = undefined;
    return when;
  }
}

interface Named {
  name: string;
  namespace?: string;
}

const SERVED = [
  { group: '', version: 'v1', kind: 'ConfigMap', resource: 'configmaps', namespaced: true },
  { group: '', version: 'v1', kind: 'Namespace', resource: 'namespaces', namespaced: false },
];

function isPlayed(name: string): boolean {
  return (OBJECTS as readonly string[]).includes(name);
}
