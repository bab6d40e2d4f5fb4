import type { ReadFailure } from './reader.js';
import type { Result } from '../kernel/result.js';

type Answer<T> = Promise<Result<T, ReadFailure>>;

/** Inputs that are asked over the network, or kept in the hub for the generators that name them. */
export interface RemoteReader {
  readonly scm: ScmReader;
  readonly pullRequests: PullRequestReader;
  readonly plugins: PluginReader;
  readonly decisions: DecisionReader;
}

/** Which provider to ask, by its key in the generator, and what the generator says of it. */
export interface ProviderQuery {
  provider: string;
  spec: Readonly<Record<string, unknown>>;
  /** Of the provider's block, for errors. */
  path: string;
  /** How old an answer may be that another expansion was given. */
  maxAgeSeconds: number;
}

export interface ScmQuery extends ProviderQuery {
  cloneProtocol: string;
}

/** A repository before its branches are known. */
export interface ScmRepository {
  organization: string;
  name: string;
  /** What the provider's API calls it, where that is not its name. */
  slug?: string;
  /** As the provider has it: text, or Go's int as a bigint. */
  id: string | bigint;
  /** To clone it by the protocol that was asked for. */
  url: string;
  /** Its default branch. */
  branch: string;
  labels: readonly string[];
}

export interface ScmBranch {
  name: string;
  /** Empty where the provider does not tell. */
  sha: string;
}

/** Everything in the provider's own order. */
export interface ScmReader {
  repositories(query: ScmQuery): Answer<readonly ScmRepository[]>;
  /** The default branch, or with `allBranches` all of them; none of an empty repository. */
  branches(query: ScmQuery, repository: ScmRepository): Answer<readonly ScmBranch[]>;
  pathExists(query: ScmQuery, at: { repository: ScmRepository; branch: ScmBranch; path: string }): Answer<boolean>;
}

export interface PullRequest {
  number: string;
  title: string;
  branch: string;
  targetBranch: string;
  headSha: string;
  labels: readonly string[];
  author: string;
}

/** SCM_NOT_FOUND where the repository does not exist or is hidden; the generator may be told to go on then. */
export interface PullRequestReader {
  list(query: ProviderQuery): Answer<readonly PullRequest[]>;
}

export interface PluginQuery {
  configMap: string;
  /** `input.parameters` of the generator. */
  parameters: Readonly<Record<string, unknown>>;
  path: string;
  maxAgeSeconds: number;
}

export interface PluginReader {
  parameters(query: PluginQuery): Answer<readonly Readonly<Record<string, unknown>>[]>;
}

/** A document whose status lists chosen clusters, such as a PlacementDecision. */
export interface DecisionDocument {
  name: string;
  labels: Readonly<Record<string, string>>;
  status?: Readonly<Record<string, unknown>>;
}

export interface DecisionReader {
  /** Data of a generator ConfigMap. */
  configMap(name: string): Answer<Readonly<Record<string, string>>>;
  /** Documents of a kind by its plural, in the control namespace, by name. */
  documents(kind: { apiVersion: string; plural: string }): Answer<readonly DecisionDocument[]>;
}
