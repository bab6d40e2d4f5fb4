import { BundleStore, type BundleSummary } from '../../src/rendering/bundle-store.js';
import { ownerKey, type RenderOwner } from '../../src/rendering/domain/render-owner.js';

/** Bundles of one process, without a database. */
export class MemoryBundleStore extends BundleStore {
  private readonly byInput = new Map<string, BundleSummary>();
  private readonly texts = new Map<string, string>();

  findByInput(inputKey: string, owner?: RenderOwner): Promise<BundleSummary | undefined> {
    const own = this.byInput.get(`${inputKey} ${ownerKey(owner)}`);
    return Promise.resolve(own ?? this.byInput.get(inputKey));
  }

  varies(inputKey: string): Promise<boolean> {
    return Promise.resolve([...this.byInput.keys()].some((key) => key.startsWith(`${inputKey} `)));
  }

  save(inputKey: string, bundle: BundleSummary, text: string): Promise<void> {
    const key = bundle.keptFor === undefined ? inputKey : `${inputKey} ${ownerKey(bundle.keptFor)}`;
    if (!this.byInput.has(key)) this.byInput.set(key, bundle);
    this.texts.set(bundle.digest, text);
    return Promise.resolve();
  }

  read(digest: string): Promise<string | undefined> {
    return Promise.resolve(this.texts.get(digest));
  }

  forget(applicationUid: string): Promise<void> {
    for (const key of this.byInput.keys()) if (key.endsWith(` ${applicationUid}`)) this.byInput.delete(key);
    return Promise.resolve();
  }
}
