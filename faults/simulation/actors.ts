import { messageOf } from '../../src/kernel/errors.js';
import type { Outcome } from '../../src/reconcile/outcome.js';
import type { Reconciler } from '../../src/reconcile/reconciler.js';
import { ConnectionLost } from '../memory/memory-transactions.js';
import type { MemoryTransaction } from '../memory/memory-transaction.js';
import type { WorkRow } from '../memory/work.js';
import { CLUSTERS, type ClusterName } from '../model/history.js';
import type { Life } from './interleaving.js';
import { REPOSITORY_URL } from './repository.js';
import type { Simulation } from './simulation.js';

const WORKERS = 3;
const NONE: ReadonlyMap<string, Outcome> = new Map();

interface Beginning {
  what: string;
  life: Life;
  run: () => Promise<void>;
}

/** The loops of hub and agents, one turn at a time: what could begin now, and that it has begun. */
export class Actors {
  /** What is under way, and with whose life it ends. */
  private readonly busy = new Map<string, Life>();

  constructor(private readonly world: Simulation) {}

  /** One turn of whoever the seed says; false where nothing can go on. `hubOnly` leaves the agents where they are. */
  async turn({ hubOnly = false } = {}): Promise<boolean> {
    const { random, interleaving, hub } = this.world;
    const only = hubOnly ? hub.life : undefined;
    const beginnings = [...this.ofHub(), ...(hubOnly ? [] : this.ofAgents())];
    const begins = beginnings.length > 0 && random.oneIn(4);
    if (!begins && (await interleaving.step(only))) return true;
    if (beginnings.length === 0) return false;
    this.begin(random.pick(beginnings));
    return true;
  }

  private ofHub(): Beginning[] {
    const { hub, repository, random } = this.world;
    const { life } = hub;
    const found: Beginning[] = [];
    if (hub.feed.isBehind) found.push({ what: 'feed', life, run: () => hub.feed.advance() });
    if (repository.moved) found.push({ what: 'poll', life, run: () => this.poll() });
    const due = hub.queue.due();
    const workers = Array.from({ length: WORKERS }, (_, index) => `worker ${index}`);
    const free = workers.find((what) => !this.isBusy(what));
    if (due.length > 0 && free) {
      const row = random.pick(due);
      found.push({ what: free, life, run: () => this.work(row) });
    }
    return found.filter(({ what }) => !this.isBusy(what));
  }

  private ofAgents(): Beginning[] {
    return CLUSTERS.flatMap((name) => this.ofAgent(name)).filter(({ what }) => !this.isBusy(what));
  }

  private ofAgent(name: ClusterName): Beginning[] {
    const { hub, database } = this.world;
    const { agent, connected } = this.world.member(name);
    if (!agent.engine) return [{ what: `start ${name}`, life: agent.life, run: () => agent.start() }];
    if (!connected) return [];
    const found: Beginning[] = [];
    if (agent.cursor === undefined || agent.cursor < database.position)
      found.push({ what: `follow ${name}`, life: agent.life, run: () => agent.follow() });
    if (agent.waiting.size > 0) found.push({ what: `report ${name}`, life: hub.life, run: () => agent.report() });
    return found;
  }

  private begin({ what, life, run }: Beginning): void {
    this.busy.set(what, life);
    const ended = (): void => {
      if (this.busy.get(what) === life) this.busy.delete(what);
    };
    run().then(ended, (error: unknown) => {
      ended();
      if (!isExpected(error)) this.world.checker.fail('broken', `${what}: ${textOf(error)}`);
    });
  }

  /** What is under way. */
  get underWay(): string[] {
    return [...this.busy].filter(([, life]) => !life.isOver).map(([what]) => what);
  }

  private isBusy(what: string): boolean {
    const life = this.busy.get(what);
    return life !== undefined && !life.isOver;
  }

  private async work(row: WorkRow): Promise<void> {
    const { hub, random } = this.world;
    const reconciler = hub.reconcilers.find(({ queue }) => queue === row.queue);
    if (!reconciler) return;
    const rows = random.oneIn(2) ? hub.queue.due().filter(({ queue }) => queue === row.queue) : [row];
    const items = rows.map((each) => hub.queue.claimNow(each));
    const settled = items.length > 1 ? await this.workTogether(items, reconciler) : NONE;
    for (const item of items) {
      const outcome = settled.get(item.key);
      if (outcome) await hub.queue.giveBack(item, outcome);
      else await this.workAlone(item, reconciler);
    }
  }

  private async workTogether(items: readonly WorkRow[], reconciler: Reconciler): Promise<ReadonlyMap<string, Outcome>> {
    try {
      return (await reconciler.reconcileTogether?.(items.map(({ key }) => key))) ?? NONE;
    } catch (error) {
      if (!isExpected(error)) this.world.checker.fail('broken', `${reconciler.queue} together: ${textOf(error)}`);
      return NONE;
    }
  }

  private async workAlone(item: WorkRow, reconciler: Reconciler): Promise<void> {
    const { hub, checker } = this.world;
    try {
      await hub.queue.giveBack(item, await reconciler.reconcile(item.key));
    } catch (error) {
      if (!isExpected(error)) checker.fail('broken', `${item.queue} ${item.key}: ${textOf(error)}`);
      await hub.queue.giveBack(item, { type: 'failed', reason: messageOf(error) });
    }
  }

  /** A look at the repository, or what tells of a push: whoever reads it is woken. */
  private async poll(): Promise<void> {
    const { hub, repository } = this.world;
    repository.moved = false;
    try {
      const readers = await hub.readers.readersOf([{ url: REPOSITORY_URL, watches: 'everything' }]);
      await hub.transactions.run((tx) => hub.queue.enqueueAll(readers, { tx: tx as MemoryTransaction }));
    } catch (error) {
      repository.moved = true;
      throw error;
    }
  }
}

/** What the product lets happen when the world around it fails; anything else is a bug of its own. */
function isExpected(error: unknown): boolean {
  if (error instanceof ConnectionLost) return true;
  if (error instanceof Error && /connection to the cluster was lost/.test(error.message)) return true;
  const code = (error as { code?: unknown } | null)?.code;
  return code === 'HUB_AWAY' || code === 'NOT_DELIVERED' || code === 'STALE_PLAN' || code === 'ALREADY_EXISTS';
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
