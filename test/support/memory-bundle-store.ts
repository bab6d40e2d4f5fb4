import { BundleStore, type BundleSummary } from '../../src/rendering/bundle-store.js';

/** Bundles of one process, without a database. */
export class MemoryBundleStore extends BundleStore {
  private readonly byInput = new Map<string, BundleSummary>();
  private readonly texts = new Map<string, string>();

  findByInput(inputKey: string): Promise<BundleSummary | undefined> {
    return Promise.resolve(this.byInput.get(inputKey));
  }

  save(inputKey: string, bundle: BundleSummary, text: string): Promise<void> {
    this.byInput.set(inputKey, bundle);
    this.texts.set(bundle.digest, text);
    return Promise.resolve();
  }

  read(digest: string): Promise<string | undefined> {
    return Promise.resolve(this.texts.get(digest));
  }
}
