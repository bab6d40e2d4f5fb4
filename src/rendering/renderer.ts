import type { Result } from '../kernel/result.js';
import type { Checkout } from '../repositories/domain/checkout.js';
import type { ManifestDocument } from './domain/check-manifests.js';
import type { RenderFailure } from './domain/render-failure.js';
import type { RenderedApplication, SourceRequest, TargetCluster } from './domain/render-request.js';
import type { SourceType } from './domain/source-type.js';

/** One directory of one revision, to be rendered. */
export interface RenderJob {
  checkout: Checkout;
  /** Clean, from the repository's root; '' is the root. */
  path: string;
  source: SourceRequest;
  application: RenderedApplication;
  cluster: TargetCluster;
  /** The Application's other repositories by their `ref`: files named `$<ref>/…` lie there. */
  references: ReadonlyMap<string, Checkout>;
}

export interface PreparedRender {
  /** All that can change the output and nothing else: JSON, part of the bundle's input key. */
  inputs: unknown;
  /** Its program may print something else each time: what it gives is rendered twice and compared. */
  mayVary?: boolean;
  render: () => Promise<Result<RenderedSource, RenderFailure>>;
}

export interface RenderedSource {
  documents: ManifestDocument[];
  warnings: string[];
}

/** A way from files to manifests. */
export interface Renderer {
  readonly type: SourceType;
  /** Cheap: finds out what a render would read, without rendering. */
  prepare(job: RenderJob): Promise<Result<PreparedRender, RenderFailure>>;
}
