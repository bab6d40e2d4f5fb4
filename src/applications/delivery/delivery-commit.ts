import { Injectable } from '@nestjs/common';
import { GuardMemory } from '../../approvals/guard-memory.js';
import { ObjectStore } from '../../database/objects/object-store.js';
import { StatusStore } from '../../database/objects/status-store.js';
import { Transactions } from '../../database/transactions.js';
import { DeliveriesStore } from '../../dispatch/gateway/deliveries/deliveries-store.js';
import { DigestDocuments } from '../../dispatch/gateway/deliveries/digest-documents.js';
import { RollingSets } from '../../generation/rolling-sets.js';
import { conflict } from '../../kernel/errors.js';
import { mayBeRolledOut } from '../domain/sync-settings.js';
import type { DeliveryDecision, StoredApplication } from './delivery-decision.js';

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
   * Answers how many rows changed. Throws STALE_PLAN when the Application, its project or its cluster changed since
   * they were read (`reads`).
   */
  async commit(
    application: StoredApplication,
    decision: DeliveryDecision,
    reads: ReadonlyMap<string, string>,
  ): Promise<number> {
    const { writes, guarded, owner } = decision;
    if (isRemembered(decision) && !(await this.deliveries.differ(writes))) return 0;
    return this.transactions.run(async (tx) => {
      const { uid, resourceVersion, name } = application.metadata;
      const versions = await this.store.lock(tx, [uid]);
      if (versions.get(uid) !== resourceVersion) {
        throw conflict('STALE_PLAN', `Application "${name}" changed while its delivery was planned`);
      }
      tx.expectUnchanged(reads);
      await this.documents.save(tx, decision.documents);
      const changed = await this.deliveries.put(tx, writes);
      if (changed > 0) {
        await this.memory.recordRemovals(tx, owner, 'object', guarded.allowed);
        const told = await this.statuses.write([pendingStatus(application)], tx);
        if (mayBeRolledOut(application)) await this.rolling.observed(told, tx);
      }
      if (decision.rendered) await this.memory.replaceHeld(tx, owner, guarded.held);
      return changed;
    });
  }
}

/** Whether the guard knows already what waits. A decision that read no bundle says nothing about it. */
function isRemembered({ rendered, guarded, known }: DeliveryDecision): boolean {
  if (!rendered) return true;
  return guarded.held.length === known.waiting.size && guarded.held.every(({ id }) => known.waiting.has(id));
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
