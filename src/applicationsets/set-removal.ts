import { Injectable } from '@nestjs/common';
import { lineId } from '../changes/guard.js';
import { ObjectStore } from '../database/objects/object-store.js';
import { Transactions, type Transaction } from '../database/transactions.js';
import type { GeneratedPlan } from '../generation/generated-plan.js';
import { GeneratorRuns } from '../generation/generator-runs.js';
import { Log } from '../kernel/log.js';
import { done, type Outcome } from '../reconcile/outcome.js';
import { nextToDelete, removalRule, SET_FINALIZER } from './domain/removal-order.js';
import { keyOf } from './domain/desired-applications.js';
import { SetPlanner, type StoredSet } from './set-planner.js';

const NOT_ITS_TURN = 'approved; Applications of later steps go first';

/** The end of a set that holds on to itself by the finalizer. What it still owns when it is gone goes as orphans do. */
@Injectable()
export class SetRemoval {
  constructor(
    private readonly store: ObjectStore,
    private readonly planner: SetPlanner,
    private readonly runs: GeneratorRuns,
    private readonly transactions: Transactions,
    private readonly log: Log,
  ) {}

  async remove(set: StoredSet): Promise<Outcome> {
    const { uid, finalizers = [] } = set.metadata;
    const rule = removalRule(set.spec, finalizers);
    if (rule === 'keep') return this.release(set, (tx) => this.store.disown(tx, [uid]));
    return rule === 'reverse' ? this.removeNext(set) : this.release(set);
  }

  /** One Application a pass; its end, which is seen only when it is really gone, wakes the set again. */
  private async removeNext(set: StoredSet): Promise<Outcome> {
    const owned = await this.store.owned(set.metadata.uid);
    const step = nextToDelete(
      set.spec,
      owned.map(({ object: { metadata } }) => ({
        key: keyOf(metadata),
        labels: metadata.labels,
        deleting: metadata.deletionTimestamp !== undefined,
      })),
    );
    if (step === 'none') return this.release(set);
    const plan = await this.planner.planOrphans(set.metadata.uid, owned);
    await this.runs.run(set, inTurn(plan, step === 'wait' ? undefined : step.next));
    return done();
  }

  private async release({ metadata }: StoredSet, before?: (tx: Transaction) => Promise<void>): Promise<Outcome> {
    const { uid, namespace, name, finalizers = [] } = metadata;
    const ours = finalizers.filter((finalizer) => finalizer.split('/')[0] === SET_FINALIZER);
    if (ours.length === 0) return done();
    await this.transactions.run(async (tx) => {
      await before?.(tx);
      await this.store.releaseFinalizer(tx, [uid], ours);
    });
    this.log.info({ set: `ApplicationSet ${namespace}/${name}` }, 'ApplicationSet removed');
    return done();
  }
}

/** The guard judged all that is left; only one goes now, and what was approved stays approved until its turn. */
function inTurn(plan: GeneratedPlan, next: string | undefined): GeneratedPlan {
  const { guarded, known } = plan;
  const uid = plan.plan.deletes.find(({ key }) => key === next)?.uid;
  const later = guarded.allowed
    .filter((line) => line.uid !== uid)
    .map((line) => ({ line, id: lineId(line), reason: NOT_ITS_TURN }))
    .filter(({ id }) => known.approved.has(id));
  return {
    ...plan,
    guarded: { allowed: guarded.allowed.filter((line) => line.uid === uid), held: [...guarded.held, ...later] },
  };
}
