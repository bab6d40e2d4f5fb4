import { Injectable } from '@nestjs/common';
import { GuardMemory, NOTHING_KNOWN, type OwnerMemory } from '../../approvals/guard-memory.js';
import { ClusterFactsReader } from '../../clusters/cluster-facts-reader.js';
import { NO_FACTS, type ClusterFacts } from '../../clusters/domain/cluster-facts.js';
import type { Stored } from '../../database/objects/hub-object.js';
import { DeliveriesStore } from '../../dispatch/gateway/deliveries/deliveries-store.js';
import type { StoredDelivery } from '../../dispatch/gateway/deliveries/stored-delivery.js';
import { RollingSets } from '../../generation/rolling-sets.js';
import { scopeLookup, type ScopeOf } from '../domain/bundle-keys.js';
import type { DestinationCluster } from '../domain/destination.js';
import { targetCluster } from '../domain/render-request.js';
import { isAutomated } from '../domain/sync-settings.js';
import type { TargetCluster } from '../../rendering/domain/render-request.js';
import type { StoredApplication } from './delivery-decision.js';

/** How an Application's delivery stands now. */
export interface DeliverySituation {
  /** Every row of the Application, on whichever cluster. */
  rows: readonly StoredDelivery[];
  /** What the guard knows of it. */
  known: OwnerMemory;
  /** A set that rolls out step by step turned its automation off, and prunes when its step comes. */
  prunesWhenRolled: boolean;
  /** Which kinds its cluster serves in namespaces. */
  isNamespaced: ScopeOf;
  /** Its cluster as charts see it. */
  target: TargetCluster;
}

export interface ApplicationOnCluster {
  stored: Stored<StoredApplication>;
  /** Where it goes, as far as that is known. */
  cluster?: DestinationCluster;
}

/** Reads what deliveries are planned from: as many statements for one Application as for hundreds. */
@Injectable()
export class DeliveryReadings {
  constructor(
    private readonly deliveries: DeliveriesStore,
    private readonly facts: ClusterFactsReader,
    private readonly memory: GuardMemory,
    private readonly rolling: RollingSets,
  ) {}

  /** Each with how it stands, in input order. */
  async of<T extends ApplicationOnCluster>(applications: readonly T[]): Promise<(T & DeliverySituation)[]> {
    const uids = applications.map(({ stored }) => stored.object.metadata.uid);
    const [rows, known, clusters, rolling] = await Promise.all([
      this.deliveries.forApplications(uids),
      this.memory.readAll(uids),
      this.clustersOf(applications),
      this.rollingAmong(applications),
    ]);
    const byUid = new Map<string, StoredDelivery[]>(uids.map((uid) => [uid, []]));
    for (const row of rows) byUid.get(row.applicationUid)?.push(row);
    return applications.map((application) => {
      const { stored, cluster } = application;
      const { uid } = stored.object.metadata;
      return {
        ...application,
        rows: byUid.get(uid) ?? [],
        known: known.get(uid) ?? NOTHING_KNOWN,
        prunesWhenRolled: mayPruneWhenRolled(stored) && rolling.has(stored.scope.ownerUid ?? ''),
        ...(clusters.get(cluster?.uid ?? '') ?? UNKNOWN_CLUSTER),
      };
    });
  }

  private async clustersOf(applications: readonly ApplicationOnCluster[]): Promise<Map<string, SeenCluster>> {
    const clusters = new Set(applications.flatMap(({ cluster }) => cluster?.uid ?? []));
    if (clusters.size === 0) return new Map();
    const facts = await this.facts.of([...clusters]);
    return new Map([...facts].map(([uid, told]) => [uid, seen(told)]));
  }

  private async rollingAmong(applications: readonly ApplicationOnCluster[]): Promise<Set<string>> {
    const waiting = applications.filter(({ stored }) => mayPruneWhenRolled(stored));
    return new Set(
      await this.rolling.among([...new Set(waiting.flatMap(({ stored }) => stored.scope.ownerUid ?? []))]),
    );
  }
}

type SeenCluster = Pick<DeliverySituation, 'isNamespaced' | 'target'>;

function seen(facts: ClusterFacts): SeenCluster {
  return { isNamespaced: scopeLookup(facts.apis), target: targetCluster(facts) };
}

const UNKNOWN_CLUSTER = seen(NO_FACTS);

function mayPruneWhenRolled({ object: { spec }, scope }: Stored<StoredApplication>): boolean {
  return !isAutomated(spec) && spec.syncPolicy?.automated?.prune === true && scope.ownerUid !== undefined;
}
