import { Injectable } from '@nestjs/common';
import { BundleReader, type StoredBundle } from '../dispatch/gateway/bundle-reader.js';
import { PostgresBundleStore } from './postgres-bundle-store.js';

/** The bundles as agents download them. */
@Injectable()
export class DownloadableBundles extends BundleReader {
  constructor(private readonly store: PostgresBundleStore) {
    super();
  }

  async read(digest: string, most?: number): Promise<StoredBundle | undefined> {
    const gzip = await this.store.readZipped(digest, most);
    return gzip && { gzip };
  }
}
