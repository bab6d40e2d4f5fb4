import type { ObjectId } from '../kernel/object.js';

/** What is known of a bundle without reading it. */
export interface BundleSummary {
  digest: string;
  objects: ObjectId[];
  warnings: string[];
  /** It carries a Secret's content: stored sealed. */
  sensitive: boolean;
}

/** Keeps bundles by digest, and which inputs led to which. */
export abstract class BundleStore {
  /** The bundle that this input gave before. */
  abstract findByInput(inputKey: string): Promise<BundleSummary | undefined>;
  /** Repeatable: the same bundle may come from several inputs, and from two replicas at once. */
  abstract save(inputKey: string, bundle: BundleSummary, text: string): Promise<void>;
  abstract read(digest: string): Promise<string | undefined>;
}
