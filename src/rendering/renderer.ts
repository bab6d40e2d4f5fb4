import type { Result } from '../kernel/result.js';
import type { GitTree } from '../repositories/domain/git-tree.js';
import type { ManifestDocument } from './domain/check-manifests.js';
import type { RenderFailure } from './domain/render-failure.js';
import type { RenderRequest } from './domain/render-request.js';
import type { SourceType } from './domain/source-type.js';

/** One directory of one commit, to be rendered. */
export interface RenderJob {
  url: string;
  sha: string;
  tree: GitTree;
  /** Clean, from the repository's root; '' is the root. */
  path: string;
  request: RenderRequest;
}

export interface PreparedRender {
  /** All that can change the output and nothing else: JSON, part of the bundle's input key. */
  inputs: unknown;
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
