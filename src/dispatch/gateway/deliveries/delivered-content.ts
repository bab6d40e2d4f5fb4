import { Injectable } from '@nestjs/common';
import { Transactions } from '../../../database/transactions.js';
import { FleetError, unavailable } from '../../../kernel/errors.js';
import { BundleReader, type StoredBundle } from '../bundle-reader.js';
import { DigestDocuments } from './digest-documents.js';

/** How a row of deliveries names content of each kind. */
const NAMED_BY = {
  bundles: `d.bundle_digest = $2 or d.operation ->> 'bundleDigest' = $2`,
  projects: `d.project_digest = $2`,
  settings: `d.settings_digest = $2`,
} as const;

/** What an agent may fetch: only what its own deliveries name. Others' content and unknown digests read the same. */
@Injectable()
export class DeliveredContent {
  constructor(
    private readonly transactions: Transactions,
    private readonly bundles: BundleReader,
    private readonly documents: DigestDocuments,
  ) {}

  async bundle(clusterUid: string, digest: string): Promise<StoredBundle> {
    await this.requireNamed('bundles', clusterUid, digest);
    return (await this.bundles.read(digest)) ?? missing(digest);
  }

  async document(collection: 'projects' | 'settings', clusterUid: string, digest: string): Promise<string> {
    await this.requireNamed(collection, clusterUid, digest);
    return (await this.documents.read(digest)) ?? missing(digest);
  }

  private async requireNamed(what: keyof typeof NAMED_BY, clusterUid: string, digest: string): Promise<void> {
    const rows = await this.transactions.query(
      `select 1 from deliveries d where d.cluster_uid = $1 and (${NAMED_BY[what]}) limit 1`,
      [clusterUid, digest],
    );
    if (rows.length > 0) return;
    throw new FleetError('forbidden', 'NOT_DELIVERED', `no delivery of this cluster names ${digest.slice(0, 80)}`);
  }
}

function missing(digest: string): never {
  throw unavailable('CONTENT_MISSING', `${digest} is named by a delivery but not stored`, 'Render it again.');
}
