import { Injectable } from '@nestjs/common';
import { Transactions } from '../database/transactions.js';
import type { ApiResourceFact } from '../dispatch/protocol/join.js';

/** What agents told of their clusters, for rules that depend on the APIs served. */
@Injectable()
export class ClusterFactsReader {
  constructor(private readonly transactions: Transactions) {}

  /** Empty until the cluster's first complete discovery. */
  async apis(clusterUid: string): Promise<readonly ApiResourceFact[]> {
    const [row] = await this.transactions.query<{ apis: ApiResourceFact[] | null }>(
      `select status #> '{facts,apis}' as apis from object_statuses where uid = $1`,
      [clusterUid],
    );
    return row?.apis ?? [];
  }
}
