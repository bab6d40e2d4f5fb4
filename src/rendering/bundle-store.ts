import type { ObjectId } from '../kernel/object.js';
import type { RenderOwner } from './domain/render-owner.js';

/** What is known of a bundle without reading it. */
export interface BundleSummary {
  digest: string;
  objects: ObjectId[];
  warnings: string[];
  /** It carries a Secret's content: stored sealed. */
  sensitive: boolean;
  /** The one Application that it is kept for: rendering its inputs again would give something else. */
  keptFor?: RenderOwner;
}

/** Keeps bundles by digest, and which inputs led to which. */
export abstract class BundleStore {
  /** The bundle that this input gave before: the owner's own, else one that everybody shares. */
  abstract findByInput(inputKey: string, owner?: RenderOwner): Promise<BundleSummary | undefined>;
  /** Whether this input gave something else each time, for whomever. */
  abstract varies(inputKey: string): Promise<boolean>;
  /** Repeatable: the same bundle may come from several inputs, and from two replicas at once; the first render counts. */
  abstract save(inputKey: string, bundle: BundleSummary, text: string): Promise<void>;
  abstract read(digest: string): Promise<string | undefined>;
  /** Forgets what is kept for one Application alone: its inputs are rendered anew when they are asked for. */
  abstract forget(applicationUid: string): Promise<void>;
}
