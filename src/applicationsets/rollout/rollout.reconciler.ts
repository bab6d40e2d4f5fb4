import { Injectable } from '@nestjs/common';
import { ObjectStore } from '../../database/objects/object-store.js';
import { StatusStore } from '../../database/objects/status-store.js';
import { Transactions, type Transaction } from '../../database/transactions.js';
import type { RolloutVerdict } from '../../generation/generator-status.js';
import { isLostRace } from '../../generation/lost-race.js';
import { ROLLOUTS, RollingSets } from '../../generation/rolling-sets.js';
import { Clock, rfc3339 } from '../../kernel/clock.js';
import { conflict } from '../../kernel/errors.js';
import { jsonEqual, type JsonObject } from '../../kernel/json.js';
import { Log } from '../../kernel/log.js';
import type { ObjectChange } from '../../reconcile/object-change.js';
import { again, done, type Outcome } from '../../reconcile/outcome.js';
import { Reconciler } from '../../reconcile/reconciler.js';
import { WorkQueue } from '../../reconcile/work-queue.js';
import { advanceRollout, type Rollout } from '../domain/rollout/advance-rollout.js';
import { rollingSteps } from '../domain/rollout/rolling-strategy.js';
import type { RolloutEntry } from '../domain/rollout/rollout-entry.js';
import type { StoredSet } from '../set-planner.js';
import { RolloutObservations, type RolloutMember } from './rollout-observations.js';
import { RolloutOperations, type StartedOperations } from './rollout-operations.js';
import { RolloutStore } from './rollout-store.js';

/** How soon to look again while an Application was not looked at since it changed; nothing tells when it was. */
const UNSETTLED_MS = 300;
/** The longest that a cluster may keep an operation waiting before it is asked anew. */
const UNANSWERED_MS = 3_600_000;

/**
 * Syncs the Applications of sets with a RollingSync strategy step by step. It wakes by what their agents report, and
 * everything it decides is in one transaction with the operations it starts: killed anywhere, it goes on from there.
 */
@Injectable()
export class RolloutReconciler extends Reconciler {
  readonly queue = ROLLOUTS;

  constructor(
    private readonly store: ObjectStore,
    private readonly rollouts: RolloutStore,
    private readonly observations: RolloutObservations,
    private readonly operations: RolloutOperations,
    private readonly rolling: RollingSets,
    private readonly statuses: StatusStore,
    private readonly work: WorkQueue,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    super();
  }

  async interestedIn(changes: readonly ObjectChange[]): Promise<readonly string[]> {
    const sets = changes.filter(({ kind }) => kind === 'ApplicationSet');
    const owners = changes.flatMap(({ kind, ownerUid }) => (kind === 'Application' && ownerUid ? [ownerUid] : []));
    const gone = sets.filter(({ deleted }) => deleted).map(({ uid }) => uid);
    const present = sets.filter(({ deleted }) => !deleted).map(({ uid }) => uid);
    return [...gone, ...(await this.rolling.among([...new Set([...present, ...owners])]))];
  }

  async reconcile(uid: string): Promise<Outcome> {
    const stored = await this.store.findByUid<StoredSet>(uid);
    const set = stored?.object;
    const steps = set?.kind === 'ApplicationSet' ? rollingSteps(set.spec) : undefined;
    if (!set || !steps || steps.length === 0) return this.end(uid, set);
    if (set.metadata.deletionTimestamp !== undefined) return done();
    const members = await this.observations.of(uid);
    const known = await this.rollouts.entries(uid);
    const rollout = advanceRollout({
      steps,
      applications: members.map(({ observed }) => observed),
      entries: known,
      at: rfc3339(this.clock.now()),
    });
    try {
      await this.carryOut({ set, members, known, rollout });
    } catch (error) {
      if (isLostRace(error)) return again(0);
      throw error;
    }
    if (rollout.unsettled) return again(UNSETTLED_MS);
    return rollout.entries.some(({ status }) => status === 'Pending') ? again(UNANSWERED_MS) : done();
  }

  private async carryOut(pass: RolloutPass): Promise<void> {
    const { set, members, known, rollout } = pass;
    const starting = new Set(rollout.starts);
    const starts = members.filter(({ observed }) => starting.has(observed.uid));
    const prepared = this.operations.prepare(starts);
    const entries = rollout.entries
      .map((entry) => ({ ...entry, operationId: prepared.ids.get(entry.applicationUid) ?? entry.operationId }))
      .filter((entry) => !jsonEqual(entry, known.get(entry.applicationUid)));
    const told = jsonEqual(set.status?.['rollout'], rollout.verdict);
    if (entries.length > 0 || prepared.operations.length > 0 || !told) {
      await this.transactions.run((tx) => this.commit(tx, pass, { entries, prepared }));
    }
    await this.operations.syncHubDocuments(starts);
    if (prepared.ids.size === 0) return;
    const { namespace, name } = set.metadata;
    const { step } = rollout.verdict;
    this.log.info({ set: `ApplicationSet ${namespace}/${name}`, step, started: prepared.ids.size }, 'rollout goes on');
  }

  private async commit(
    tx: Transaction,
    { set, known, rollout }: RolloutPass,
    { entries, prepared }: Decided,
  ): Promise<void> {
    const { uid, resourceVersion, name } = set.metadata;
    const starting = prepared.operations.map(({ row }) => row.applicationUid);
    const version = (await this.store.lock(tx, [uid, ...starting])).get(uid);
    const current = await this.rollouts.entries(uid, tx);
    if (version !== resourceVersion || !jsonEqual(Object.fromEntries(current), Object.fromEntries(known)))
      throw conflict('STALE_PLAN', `the rollout of "${name}" went on meanwhile`);
    await this.operations.start(tx, prepared);
    await this.rollouts.put(tx, uid, entries);
    await this.tell(tx, uid, rollout.verdict);
  }

  /** The set's own pass writes its conditions, this verdict among them. */
  private async tell(tx: Transaction, uid: string, verdict: RolloutVerdict | null): Promise<void> {
    const changed = await this.statuses.write([{ uid, status: { rollout: verdict as unknown as JsonObject } }], tx);
    await this.work.enqueue('applicationsets', changed, { tx });
  }

  private async end(uid: string, set: StoredSet | undefined): Promise<Outcome> {
    await this.rollouts.clear(uid);
    if (set?.status?.['rollout']) await this.transactions.run((tx) => this.tell(tx, uid, null));
    return done();
  }
}

interface RolloutPass {
  set: StoredSet;
  members: readonly RolloutMember[];
  known: ReadonlyMap<string, RolloutEntry>;
  rollout: Rollout;
}

interface Decided {
  entries: readonly RolloutEntry[];
  prepared: StartedOperations;
}
