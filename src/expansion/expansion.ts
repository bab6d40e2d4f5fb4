import type { Parameters } from './parameters.js';

export interface ExpansionError {
  code: string;
  message: string;
  /** Where in the set, such as `spec.generators[1].git.directories[0]`. */
  path: string;
}

/**
 * What one remote input gave after matching, so that the hub can see "gave results before, none now". Reads that differ
 * only in `patterns` are apart, so that one emptied directory is seen beside others that still give results.
 */
export interface RemoteRead {
  path: string;
  /** For what is no Git repository, the provider and what was asked of it, such as `github acme`. */
  repoURL: string;
  revision: string;
  kind: 'directories' | 'files' | 'repositories' | 'pullRequests' | 'plugin' | 'decisions';
  patterns: readonly string[];
  results: number;
}

/**
 * One entry of `spec.generators`. A branch whose generator failed gives no documents; one in which some parameter sets
 * could not be rendered is failed too, and still gives the others.
 */
export interface Branch {
  index: number;
  state: 'complete' | 'failed';
  error?: ExpansionError;
  remoteReads: RemoteRead[];
  /** Parameter sets that the generator gave. */
  results: number;
}

/** Documents in a fixed order, and all that went wrong. Strict folding is `errors.length > 0`: then nothing counts. */
export interface Expansion<T> {
  documents: T[];
  branches: Branch[];
  errors: ExpansionError[];
  warnings: string[];
}

export interface Origin {
  branch: number;
  /** What the template was rendered with. */
  parameters: Parameters;
}

/** Unchanging parts are shared between the Applications of a set and frozen: copy before changing. */
export interface GeneratedApplication {
  metadata: {
    name: string;
    namespace: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    finalizers?: string[];
  };
  spec: Record<string, unknown>;
  origin: Origin;
}

export interface RenderedDocument {
  document: unknown;
  origin: Origin;
}
