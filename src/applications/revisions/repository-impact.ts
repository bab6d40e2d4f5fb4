import type { ListKey } from '../../database/objects/hub-object.js';
import type { BundleDifference } from '../domain/bundle-difference.js';

/** Why an Application cannot be rendered. */
export interface Refusal {
  code: string;
  message: string;
}

export interface ImpactQuestion {
  /** As Applications write it, another spelling of the same, or the name of its Secret. */
  repository: string;
  base: string;
  head: string;
  limit: number;
  after?: ListKey;
}

/** An Application that would change, or of which that cannot be told. */
export interface ImpactedApplication extends Partial<BundleDifference> {
  namespace: string;
  name: string;
  project: string;
  cluster?: string;
  warnings?: string[];
  /** Why the project would not let it be delivered. */
  refused?: string;
  error?: Refusal;
}

export interface RepositoryImpact {
  /** The commits that base and head name; absent where no Application reads the repository. */
  base?: string;
  head?: string;
  items: ImpactedApplication[];
  /** Of this page: rendered and the same at both revisions. */
  unchanged: number;
  /** Of this page: they read the repository at another revision than base. */
  elsewhere: number;
  next?: ListKey;
  /** How many Applications come after this page. */
  remaining: number;
}
