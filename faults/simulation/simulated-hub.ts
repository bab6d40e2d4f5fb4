import { RemovalGuard } from '../../src/approvals/removal-guard.js';
import { ApplicationConditions } from '../../src/applications/application-conditions.js';
import { ApplicationRemoval } from '../../src/applications/application-removal.js';
import { ApplicationReports } from '../../src/applications/application-reports.js';
import { AskedRefreshes } from '../../src/applications/asked-refreshes.js';
import { ApplicationReconciler } from '../../src/applications/application.reconciler.js';
import { DeliveryCommit } from '../../src/applications/delivery/delivery-commit.js';
import { DeliveryPlanner } from '../../src/applications/delivery/delivery-planner.js';
import { DeliveryReadings } from '../../src/applications/delivery/delivery-readings.js';
import type { HubDocuments } from '../../src/applications/hub-documents/hub-documents.js';
import { MemberApplications } from '../../src/applications/member-applications.js';
import { ApplicationSetPreviewer } from '../../src/applicationsets/application-set.previewer.js';
import { ApplicationSetReconciler } from '../../src/applicationsets/application-set.reconciler.js';
import { RefreshRequest } from '../../src/applicationsets/refresh-request.js';
import { SetPlanner } from '../../src/applicationsets/set-planner.js';
import { SetRemoval } from '../../src/applicationsets/set-removal.js';
import type { AgentFacts } from '../../src/clusters/agents/agent-facts.js';
import type { AgentSessions } from '../../src/clusters/agents/agent-sessions.js';
import type { HubIdentityStore } from '../../src/database/hub-identity.js';
import { DeliveryEndings } from '../../src/dispatch/gateway/deliveries/delivery-endings.js';
import { AgentReports } from '../../src/dispatch/gateway/reports/agent-reports.js';
import type { ApiResourceFact } from '../../src/dispatch/protocol/join.js';
import type { RemoteInputs } from '../../src/expansion/fetchers/remote-inputs.js';
import { FleetReadings } from '../../src/generation/fleet-readings.js';
import { GeneratedPlanner } from '../../src/generation/generated-plan.js';
import { GeneratorRuns } from '../../src/generation/generator-runs.js';
import { GitInputs } from '../../src/generation/git-inputs.js';
import { OwnedObjects } from '../../src/generation/owned-objects.js';
import type { PlanReading } from '../../src/generation/plan-reading.js';
import { ProgramStamp } from '../../src/generation/program-stamp.js';
import { ProposedClusters } from '../../src/generation/proposed-clusters.js';
import { SettledPasses } from '../../src/generation/settled-passes.js';
import { TouchedSets } from '../../src/generation/touched-sets.js';
import type { Clock } from '../../src/kernel/clock.js';
import type { Ids } from '../../src/kernel/ids.js';
import type { Log } from '../../src/kernel/log.js';
import { ProjectReader } from '../../src/projects/project.reader.js';
import type { Reconciler } from '../../src/reconcile/reconciler.js';
import { DirectoryRenderer } from '../../src/rendering/directory/directory-renderer.js';
import { StoredCheckouts } from '../../src/repositories/stored-checkouts.js';
import { NoRenderMetrics } from '../../src/rendering/render-metrics.js';
import { SourceRenderer } from '../../src/rendering/source-renderer.js';
import type { GitMirrors } from '../../src/repositories/git/git-mirrors.js';
import type { RepositoryPoller } from '../../src/repositories/repository-poller.js';
import type { MemoryBundleStore } from '../../test/support/memory-bundle-store.js';
import type { MemoryDatabase } from '../memory/database.js';
import { MemoryTransactions } from '../memory/memory-transactions.js';
import { MemoryDeliveries, MemoryDocuments, MemoryTotals } from '../memory/deliveries.js';
import { MemoryGuardMemory } from '../memory/guard-memory.js';
import { MemoryObjectStore } from '../memory/objects.js';
import {
  FixedFacts,
  MemoryClusterHistory,
  MemoryClusters,
  MemoryRepositoryReaders,
  MemoryStatuses,
  NoRollouts,
} from '../memory/readings.js';
import { MemorySettledPasses } from '../memory/settled-passes.js';
import { MemoryFeed, MemoryWorkQueue } from '../memory/work.js';
import { Life } from './interleaving.js';
import { EPOCH } from './simulated-agent.js';

export interface HubSurroundings {
  database: MemoryDatabase;
  mirrors: (life: Life) => GitMirrors;
  bundles: MemoryBundleStore;
  served: readonly ApiResourceFact[];
  clock: Clock;
  databaseClock: Clock;
  ids: Ids;
  log: Log;
}

/** The hub's own services, put together as its modules do, over a database in memory. One start of the process. */
export class SimulatedHub {
  readonly life = new Life('hub');
  readonly transactions: MemoryTransactions;
  readonly store: MemoryObjectStore;
  readonly queue: MemoryWorkQueue;
  readonly readers: MemoryRepositoryReaders;
  readonly feed: MemoryFeed;
  readonly reconcilers: readonly Reconciler[];
  readonly previewer: ApplicationSetPreviewer;
  readonly reports: AgentReports;

  constructor(private readonly around: HubSurroundings) {
    const { database, clock, databaseClock, ids } = around;
    this.transactions = new MemoryTransactions(database, this.life);
    this.store = new MemoryObjectStore(this.transactions, ids, clock);
    this.queue = new MemoryWorkQueue(this.transactions, databaseClock);
    this.readers = new MemoryRepositoryReaders(this.transactions);
    const shared = this.shared();
    const sets = this.sets(shared);
    this.reconcilers = [sets.reconciler, this.applications(shared)];
    this.previewer = sets.previewer;
    this.reports = this.reportsOf(shared);
    this.feed = new MemoryFeed(this.transactions, this.queue, this.reconcilers);
  }

  private shared() {
    const { transactions, store, around } = this;
    const memory = new MemoryGuardMemory(transactions, around.clock);
    return {
      memory,
      guard: new RemovalGuard(memory),
      statuses: new MemoryStatuses(transactions),
      deliveries: new MemoryDeliveries(transactions),
      history: new MemoryClusterHistory(transactions),
      rolling: new NoRollouts(),
      git: around.mirrors(this.life),
      fleet: new FleetReadings(store, ONE_HISTORY, new MemoryClusters(transactions, store), new ProjectReader(store)),
    };
  }

  private sets({ memory, guard, statuses, history, git, fleet }: Shared) {
    const { transactions, store, readers, around } = this;
    const { clock, log } = around;
    const remote = { readerFor: () => ({}) } as unknown as RemoteInputs;
    const planner = new SetPlanner(store, git, remote, new GeneratedPlanner(store, memory, guard));
    const owned = new OwnedObjects(store, memory, transactions);
    const kept = new MemorySettledPasses(transactions);
    const settled = new SettledPasses(store, memory, readers, new GitInputs(git), kept, new ProgramStamp('simulated'));
    const runs = new GeneratorRuns(owned, readers, statuses, settled, clock, log);
    const touched = new TouchedSets(store, history);
    const removal = new SetRemoval(store, planner, runs, transactions, log);
    const requests = new RefreshRequest(store, undefined as unknown as RepositoryPoller, remote, transactions);
    const proposed = new ProposedClusters(store, fleet, touched);
    return {
      reconciler: new ApplicationSetReconciler(store, fleet, planner, runs, touched, removal, requests),
      previewer: new ApplicationSetPreviewer(fleet, planner, proposed, SEES_ALL, clock),
    };
  }

  private applications({ memory, guard, statuses, deliveries, history, rolling, git, fleet }: Shared): Reconciler {
    const { transactions, store, readers, around } = this;
    const { clock, log, bundles, served } = around;
    const checkouts = new StoredCheckouts(git);
    const metrics = new NoRenderMetrics();
    const renderer = new SourceRenderer({
      checkouts,
      renderers: [new DirectoryRenderer()],
      store: bundles,
      metrics,
      log,
    });
    const totals = new MemoryTotals(transactions);
    const readings = new DeliveryReadings(deliveries, new FixedFacts(served), memory, rolling);
    const planner = new DeliveryPlanner(renderer, totals, guard);
    const documents = new MemoryDocuments(transactions);
    const commit = new DeliveryCommit(store, deliveries, documents, memory, statuses, rolling, transactions);
    const conditions = new ApplicationConditions(statuses, rolling, clock);
    const members = new MemberApplications(readings, planner, commit, conditions, log);
    const endings = new DeliveryEndings(deliveries, transactions, log);
    const removal = new ApplicationRemoval(store, endings, NO_HUB_DOCUMENTS, readers, transactions, log);
    const refreshes = new AskedRefreshes(store, bundles, undefined as unknown as RepositoryPoller, transactions);
    return new ApplicationReconciler(store, fleet, members, NO_HUB_DOCUMENTS, removal, readers, history, refreshes);
  }

  private reportsOf({ statuses, deliveries, rolling }: Shared): AgentReports {
    const sink = new ApplicationReports(statuses, this.queue, rolling);
    return new AgentReports(this.transactions, ANY_SESSION, deliveries, NO_FACTS, sink);
  }
}

type Shared = ReturnType<SimulatedHub['shared']>;

/** No database here is restored from a backup. */
const ONE_HISTORY = { epoch: async () => EPOCH } as unknown as HubIdentityStore;

/** No Application here is destined for the hub itself. */
const NO_HUB_DOCUMENTS = { remove: async () => true, release: async () => undefined } as unknown as HubDocuments;
/** Whoever asks may see every plan. */
const SEES_ALL = {
  ofApplications: async () => ({ of: () => ({ sees: () => true, seesSet: true, seesFleet: true }) }),
} as unknown as PlanReading;
/** Reports are taken whenever they arrive: worse than real sessions, which refuse the old ones. */
const ANY_SESSION = {
  take: async (_tx: unknown, reports: readonly unknown[]) => reports.map(() => 'taken'),
} as unknown as AgentSessions;
const NO_FACTS = { record: async () => undefined, recordUnowned: async () => undefined } as unknown as AgentFacts;
