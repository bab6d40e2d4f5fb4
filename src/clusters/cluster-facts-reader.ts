import { Injectable } from '@nestjs/common';
import { Transactions } from '../database/transactions.js';
import type { ClusterFacts } from './domain/cluster-facts.js';

/** For rules and charts that depend on what a cluster serves. */
@Injectable()
export class ClusterFactsReader {
  constructor(private readonly transactions: Transactions) {}

  /** By cluster; those without an entry have not told yet. */
  async of(clusterUids: readonly string[]): Promise<Map<string, ClusterFacts>> {
    const rows = await this.transactions.query<{
      uid: string;
      version: string | null;
      apis: ClusterFacts['apis'] | null;
    }>(
      `select uid, status #>> '{facts,kubernetesVersion}' as version, status #> '{facts,apis}' as apis
       from object_statuses where uid = any($1::uuid[])`,
      [clusterUids],
    );
    return new Map(rows.map(({ uid, version, apis }) => [uid, { kubernetesVersion: version ?? '', apis: apis ?? [] }]));
  }
}
