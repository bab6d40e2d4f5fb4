import { Injectable } from '@nestjs/common';
import {
  GuardMemory,
  type OwnerMemory,
  type RememberedInput,
  type RemovalOwner,
  type RemovalUnit,
} from '../approvals/guard-memory.js';
import type { Guarded } from '../changes/guard.js';
import type { Plan } from '../changes/plan.js';
import type { ObjectWrite, Stored } from '../database/objects/hub-object.js';
import { ObjectStore } from '../database/objects/object-store.js';
import { Transactions, type Transaction } from '../database/transactions.js';
import { conflict } from '../kernel/errors.js';

/** A judged plan over the hub objects that one owner generates. */
export interface OwnedPlan {
  owner: RemovalOwner;
  unit: RemovalUnit;
  known: OwnerMemory;
  plan: Plan<ObjectWrite, Stored>;
  guarded: Guarded;
  /** What the remote inputs gave; absent when it must not be remembered (something was unreadable or waits). */
  inputs?: readonly RememberedInput[];
  /** Versions of everything else the plan read. */
  reads: ReadonlyMap<string, string>;
}

export interface OwnedCommit {
  created: number;
  updated: number;
  deleted: number;
  held: number;
  /** Why they are held. */
  reason?: string;
  /** Of the commit; undefined where no object changed. */
  position?: number;
}

/** Carries out plans over owned hub objects, whole or not at all. */
@Injectable()
export class OwnedObjects {
  constructor(
    private readonly store: ObjectStore,
    private readonly memory: GuardMemory,
    private readonly transactions: Transactions,
  ) {}

  /** Throws STALE_PLAN when anything it read or writes changed meanwhile. A plan without effect writes nothing. */
  async commit(owned: OwnedPlan): Promise<OwnedCommit> {
    const { plan, guarded } = owned;
    const going = new Set(guarded.allowed.map((line) => line.uid));
    const deletes = plan.deletes.filter((item) => going.has(item.uid));
    const reason = guarded.held[0]?.reason;
    const counts = {
      created: plan.creates.length,
      updated: plan.updates.length,
      deleted: deletes.length,
      held: guarded.held.length,
      ...(reason === undefined ? {} : { reason }),
    };
    const quiet = counts.created + counts.updated + counts.deleted === 0;
    if (quiet && !this.memoryChanged(owned)) return counts;
    const { position } = await this.transactions.commit(async (tx) => {
      const written = [...plan.updates.map((update) => update.stored), ...deletes.map((item) => item.value)];
      if (!quiet) tx.expectUnchanged(except(owned.reads, written));
      await this.lock(tx, written);
      await this.store.insert(
        tx,
        plan.creates.map((item) => item.value),
      );
      await this.store.update(
        tx,
        plan.updates.map((update) => update.desired),
      );
      await this.store.delete(
        tx,
        deletes.map((item) => item.uid),
      );
      await this.memory.recordRemovals(tx, owned.owner, owned.unit, guarded.allowed);
      await this.memory.replaceHeld(tx, owned.owner, guarded.held);
      if (owned.inputs) await this.memory.rememberInputs(tx, owned.owner.uid, owned.inputs);
    });
    return position === undefined ? counts : { ...counts, position };
  }

  private memoryChanged({ known, guarded, inputs }: OwnedPlan): boolean {
    const held = guarded.held.map(({ id }) => id);
    if (held.length !== known.waiting.size || held.some((id) => !known.waiting.has(id))) return true;
    if (inputs === undefined) return false;
    return (
      inputs.length !== known.inputs.size || inputs.some(({ path, results }) => known.inputs.get(path) !== results)
    );
  }

  private async lock(tx: Transaction, rows: readonly Stored[]): Promise<void> {
    const planned = rows.map(({ object }) => object.metadata);
    const versions = await this.store.lock(
      tx,
      planned.map(({ uid }) => uid),
    );
    const stale = planned.find(({ uid, resourceVersion }) => versions.get(uid) !== resourceVersion);
    if (stale) throw conflict('STALE_PLAN', `"${stale.name}" changed while the plan was made`);
  }
}

/** Without what is written: an Application may bring itself. Its version is compared when its row is locked. */
function except(reads: OwnedPlan['reads'], written: readonly Stored[]): Map<string, string> {
  const left = new Map(reads);
  for (const { object } of written) left.delete(object.metadata.uid);
  return left;
}
