import { Injectable } from '@nestjs/common';
import { Transactions } from '../database/transactions.js';
import type { ApiResourceFact } from '../dispatch/protocol/join.js';

/** What agents told of their clusters, for rules that depend on the APIs served. */
@Injectable()
export class ClusterFactsReader {
  constructor(private readonly transactions: Transactions) {}

  /** Empty until the cluster's first complete discovery. */
  async apis(clusterUid: string): Promise<readonly ApiResourceFact[]> {
    return (await this.apisOf([clusterUid])).get(clusterUid) ?? [];
  }

  /** By cluster; those without an entry have not told yet. */
  async apisOf(clusterUids: readonly string[]): Promise<Map<string, readonly ApiResourceFact[]>> {
    const rows = await this.transactions.query<{ uid: string; apis: ApiResourceFact[] | null }>(
      `select uid, status #> '{facts,apis}' as apis from object_statuses where uid = any($1::uuid[])`,
      [clusterUids],
    );
    return new Map(rows.map(({ uid, apis }) => [uid, apis ?? []]));
  }
}
