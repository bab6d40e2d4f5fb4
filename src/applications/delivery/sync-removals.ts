import { Injectable } from '@nestjs/common';
import { GuardMemory } from '../../approvals/guard-memory.js';
import { RemovalGuard } from '../../approvals/removal-guard.js';
import { NO_FACTS } from '../../clusters/domain/cluster-facts.js';
import type { Guarded } from '../../changes/guard.js';
import { ClusterFactsReader } from '../../clusters/cluster-facts-reader.js';
import type { Stored } from '../../database/objects/hub-object.js';
import { DeliveryTotals } from '../../dispatch/gateway/deliveries/delivery-totals.js';
import type { StoredDelivery } from '../../dispatch/gateway/deliveries/stored-delivery.js';
import { conflict } from '../../kernel/errors.js';
import { objectId } from '../../kernel/object.js';
import { BundleStore } from '../../rendering/bundle-store.js';
import { decodeBundle } from '../../rendering/domain/bundle.js';
import { placedKeys, scopeLookup } from '../domain/bundle-keys.js';
import { planDelivery } from '../domain/delivery-plan.js';
import { removalOwner, type StoredApplication } from './delivery-decision.js';
import { linesOf, removalsOf } from './delivery-removals.js';

/** What "sync with prune" would take away where pruning is not automated: the guard is asked about it all the same. */
@Injectable()
export class SyncRemovals {
  constructor(
    private readonly bundles: BundleStore,
    private readonly facts: ClusterFactsReader,
    private readonly totals: DeliveryTotals,
    private readonly memory: GuardMemory,
    private readonly guard: RemovalGuard,
  ) {}

  /** Throws PRUNE_NEEDS_APPROVAL where the guard would hold it: an operation does not wait. */
  async judge(application: Stored<StoredApplication>, row: StoredDelivery): Promise<Guarded> {
    const prunes = await this.leftovers(application.object, row);
    const lines = linesOf(removalsOf(application.object, prunes, []));
    if (lines.length === 0) return { allowed: [], held: [] };
    const owner = removalOwner(application);
    const [known, totals] = await Promise.all([
      this.memory.read(owner.uid),
      this.totals.objects(owner.countedUnder ?? owner.uid, row.project),
    ]);
    const guarded = await this.guard.judge({ owner, unit: 'object', known, lines, totals });
    if (guarded.held.length === 0) return guarded;
    throw conflict(
      'PRUNE_NEEDS_APPROVAL',
      `pruning ${prunes.length} objects needs approval: ${guarded.held[0]?.reason}`,
      'Sync without prune, or turn on automated pruning: its removals wait for approval.',
    );
  }

  private async leftovers({ spec }: StoredApplication, row: StoredDelivery): Promise<string[]> {
    const text = row.bundleDigest === null ? undefined : await this.bundles.read(row.bundleDigest);
    if (text === undefined) return [];
    const ids = decodeBundle(text, row.bundleDigest ?? '').objects.map(objectId);
    const facts = (await this.facts.of([row.clusterUid])).get(row.clusterUid) ?? NO_FACTS;
    const scopes = scopeLookup(facts.apis);
    return planDelivery(row.objects, placedKeys(ids, scopes, spec.destination.namespace ?? '')).prunes;
  }
}
