import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../database/transactions.js';
import type { ApiResourceFact, Facts } from '../../dispatch/protocol/join.js';
import { rfc3339 } from '../../kernel/clock.js';
import { learnApis } from '../domain/known-apis.js';
import { ClusterStatusStore } from './cluster-status-store.js';

const LISTED_UNOWNED = 100;

/** What agents observe, on its way into the status of their Cluster. */
@Injectable()
export class AgentFacts {
  constructor(private readonly statuses: ClusterStatusStore) {}

  /** True when the hub learned something new. Versions change at once; see learnApis for the APIs. */
  async record(tx: Transaction, clusterUid: string, facts: Facts): Promise<boolean> {
    const { facts: known } = await this.statuses.lock(tx, clusterUid);
    const { kubernetesVersion, agentVersion } = facts;
    const apis = await this.learn(tx, clusterUid, known?.apis ?? [], facts.apis);
    return this.statuses.patch(tx, clusterUid, { facts: { kubernetesVersion, agentVersion, apis } });
  }

  /** What an agent says as it starts; it is connected from then on. */
  async recordStart(tx: Transaction, clusterUid: string, { facts, at }: { facts: Facts; at: Date }): Promise<void> {
    await this.record(tx, clusterUid, facts);
    await this.statuses.patch(tx, clusterUid, { connection: { state: 'Connected', lastSeen: rfc3339(at) } });
  }

  /** The uids of whole reports, each of another cluster: none clears what was noted before. */
  async recordUnowned(tx: Transaction, reports: readonly { clusterUid: string; unowned: readonly string[] }[]) {
    await this.statuses.setUnowned(
      tx,
      reports.map(({ clusterUid, unowned }) => ({
        uid: clusterUid,
        unowned: { count: unowned.length, uids: [...unowned].sort().slice(0, LISTED_UNOWNED) },
      })),
    );
  }

  private async learn(
    tx: Transaction,
    clusterUid: string,
    known: ApiResourceFact[],
    discovered: Facts['apis'],
  ): Promise<ApiResourceFact[]> {
    if (discovered === null) return known;
    const [row] = await tx.query<{ absent_apis: string[] }>(
      `select absent_apis from agents where cluster_uid = $1 for update`,
      [clusterUid],
    );
    const learned = learnApis({ apis: known, absent: row?.absent_apis ?? [] }, discovered);
    await tx.query(`update agents set absent_apis = $2::jsonb where cluster_uid = $1 and absent_apis <> $2::jsonb`, [
      clusterUid,
      JSON.stringify(learned.absent),
    ]);
    return learned.apis;
  }
}
