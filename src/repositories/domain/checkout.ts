import type { Result } from '../../kernel/result.js';
import type { GitTree } from './git-tree.js';
import type { ReadFailure } from './read-failure.js';

/** One revision of a repository, opened: what a checkout of it, or an unpacked chart, would hold. */
export interface Checkout {
  /** What the revision named: a commit id, or the version of a chart. */
  readonly revision: string;
  readonly tree: GitTree;
  /** What opening these paths would read, in the order asked; symlinks are followed inside the tree only. */
  contents(paths: readonly string[]): Promise<Result<Buffer[], ReadFailure>>;
  /** Writes directories and single files below `into`, at their places. A symlink that leads out refuses all of it. */
  export(paths: readonly string[], into: string): Promise<Result<void, ReadFailure>>;
}

/** A chart of a Helm repository or an OCI registry. */
export interface ChartReference {
  repoURL: string;
  chart: string;
  /** A version, or a range of them. */
  version: string;
  /** A server that the repository's index leads to gets its credentials too. */
  passCredentials?: boolean;
}

/** Opens what Applications name as their sources. Answers are values: a source that cannot be read is expected. */
export abstract class Checkouts {
  /** `tagPrefix`: which tags are versions, where the revision is a range. */
  abstract repository(url: string, revision: string, tagPrefix?: string): Promise<Result<Checkout, ReadFailure>>;
  /** The tree holds the chart's own files at its root. */
  abstract chart(reference: ChartReference): Promise<Result<Checkout, ReadFailure>>;
}
