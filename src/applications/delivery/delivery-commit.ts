import { Injectable } from '@nestjs/common';
import { GuardMemory } from '../../approvals/guard-memory.js';
import { ObjectStore } from '../../database/objects/object-store.js';
import { StatusStore } from '../../database/objects/status-store.js';
import { Transactions, type Transaction } from '../../database/transactions.js';
import { DeliveriesStore } from '../../dispatch/gateway/deliveries/deliveries-store.js';
import { DigestDocuments } from '../../dispatch/gateway/deliveries/digest-documents.js';
import { RollingSets } from '../../generation/rolling-sets.js';
import { mayBeRolledOut } from '../domain/sync-settings.js';
import type { DeliveryDecision, StoredApplication } from './delivery-decision.js';

/** A decision with the Application it is for, and the versions of the project and cluster that it was made from. */
export interface DecidedDelivery {
  application: StoredApplication;
  decision: DeliveryDecision;
  reads: ReadonlyMap<string, string>;
}

/** Carries out delivery decisions: rows, the documents they name, and what the guard must remember, in one transaction. */
@Injectable()
export class DeliveryCommit {
  constructor(
    private readonly store: ObjectStore,
    private readonly deliveries: DeliveriesStore,
    private readonly documents: DigestDocuments,
    private readonly memory: GuardMemory,
    private readonly statuses: StatusStore,
    private readonly rolling: RollingSets,
    private readonly transactions: Transactions,
  ) {}

  /**
   * Answers how many rows changed, by Application. One that changed since it was read is left out, with nothing of it
   * written. Throws STALE_PLAN, and nothing is written at all, when a project or cluster changed since it was read.
   */
  async commit(decided: readonly DecidedDelivery[]): Promise<Map<string, number>> {
    const changed = new Map(decided.map(({ application }) => [application.metadata.uid, 0]));
    const due = await this.due(decided);
    if (due.length === 0) return changed;
    const { current, written } = await this.transactions.run((tx) => this.write(tx, due));
    for (const { application } of due) if (!current.has(application)) changed.delete(application.metadata.uid);
    for (const { applicationUid } of written) changed.set(applicationUid, (changed.get(applicationUid) ?? 0) + 1);
    return changed;
  }

  /** What would write anything: asked before a transaction is opened. */
  private async due(decided: readonly DecidedDelivery[]): Promise<DecidedDelivery[]> {
    const differing = await this.deliveries.differing(decided.flatMap(({ decision }) => decision.writes));
    const uids = new Set(differing.map(({ applicationUid }) => applicationUid));
    return decided.filter(({ application, decision }) => uids.has(application.metadata.uid) || !isRemembered(decision));
  }

  private async write(tx: Transaction, due: readonly DecidedDelivery[]) {
    const versions = await this.store.lock(
      tx,
      due.map(({ application }) => application.metadata.uid),
    );
    const valid = due.filter(
      ({ application: { metadata } }) => versions.get(metadata.uid) === metadata.resourceVersion,
    );
    for (const { reads } of valid) tx.expectUnchanged(reads);
    await this.documents.save(
      tx,
      valid.flatMap(({ decision }) => decision.documents),
    );
    const written = await this.deliveries.put(
      tx,
      valid.flatMap(({ decision }) => decision.writes),
    );
    const uids = new Set(written.map(({ applicationUid }) => applicationUid));
    const changed = valid.filter(({ application }) => uids.has(application.metadata.uid));
    await this.tell(
      tx,
      changed.map(({ application }) => application),
    );
    for (const { decision } of changed)
      await this.memory.recordRemovals(tx, decision.owner, 'object', decision.guarded.allowed);
    for (const { decision } of valid.filter((each) => mayHold(each.decision)))
      await this.memory.replaceHeld(tx, decision.owner, decision.guarded.held);
    return { current: new Set(valid.map(({ application }) => application)), written };
  }

  private async tell(tx: Transaction, applications: readonly StoredApplication[]): Promise<void> {
    const told = await this.statuses.write(applications.map(pendingStatus), tx);
    const rolled = new Set(applications.filter(mayBeRolledOut).map(({ metadata }) => metadata.uid));
    await this.rolling.observed(
      told.filter((uid) => rolled.has(uid)),
      tx,
    );
  }
}

/** Whether the guard knows already what waits. A decision that read no bundle says nothing about it. */
function isRemembered({ rendered, guarded, known }: DeliveryDecision): boolean {
  if (!rendered) return true;
  return guarded.held.length === known.waiting.size && guarded.held.every(({ id }) => known.waiting.has(id));
}

/** Most Applications have nothing that waits, and had not. */
function mayHold({ rendered, guarded, known }: DeliveryDecision): boolean {
  return rendered !== undefined && guarded.held.length + known.waiting.size > 0;
}

/** Until its agent reports on the new delivery, an Application is not what it should be. */
function pendingStatus({ metadata, status }: StoredApplication) {
  const health = (status?.['health'] as { status?: string } | undefined)?.status ?? 'Missing';
  return {
    uid: metadata.uid,
    sync: 'OutOfSync',
    health,
    status: { sync: { status: 'OutOfSync' }, health: { status: health } },
  };
}
