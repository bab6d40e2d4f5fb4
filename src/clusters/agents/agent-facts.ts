import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../database/transactions.js';
import type { ApiResourceFact, Facts } from '../../dispatch/protocol/join.js';
import { rfc3339 } from '../../kernel/clock.js';
import { jsonEqual } from '../../kernel/json.js';
import { WorkQueue } from '../../reconcile/work-queue.js';
import { learnApis } from '../domain/known-apis.js';
import { ClusterStatusStore } from './cluster-status-store.js';

const LISTED_UNOWNED = 100;

/** Applications are planned anew by this queue: charts may ask which version and which APIs a cluster has. */
const PLANNING_QUEUE = 'applications';

/** What agents observe, on its way into the status of their Cluster. */
@Injectable()
export class AgentFacts {
  constructor(
    private readonly statuses: ClusterStatusStore,
    private readonly queue: WorkQueue,
  ) {}

  /** Versions change at once; see learnApis for the APIs. What is news to charts wakes the Applications of the cluster. */
  async record(tx: Transaction, clusterUid: string, facts: Facts): Promise<void> {
    const { facts: known } = await this.statuses.lock(tx, clusterUid);
    const { kubernetesVersion, agentVersion } = facts;
    const apis = await this.learn(tx, clusterUid, known?.apis ?? [], facts.apis);
    await this.statuses.patch(tx, clusterUid, { facts: { kubernetesVersion, agentVersion, apis } });
    const isNews = known?.kubernetesVersion !== kubernetesVersion || !jsonEqual(known.apis, apis);
    if (isNews) await this.queue.enqueue(PLANNING_QUEUE, await applicationsOn(tx, clusterUid), { tx });
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

async function applicationsOn(tx: Transaction, clusterUid: string): Promise<string[]> {
  const [cluster] = await tx.query<{ name: string }>(`select name from objects where uid = $1`, [clusterUid]);
  const rows = await tx.query<{ uid: string }>(`select uid from objects where kind = 'Application' and cluster = $1`, [
    cluster?.name ?? null,
  ]);
  return rows.map(({ uid }) => uid);
}
