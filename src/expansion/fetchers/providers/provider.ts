import type { PullRequest, ScmBranch, ScmRepository } from '../../remote-reader.js';
import type { ProviderDoor } from '../provider-door.js';

export interface PathQuestion {
  repository: ScmRepository;
  branch: ScmBranch;
  path: string;
}

/** One provider, opened with its credentials. Throws RemoteFailure. */
export interface ScmProvider {
  repositories(): Promise<ScmRepository[]>;
  branches(repository: ScmRepository): Promise<ScmBranch[]>;
  hasPath(question: PathQuestion): Promise<boolean>;
}

export type OpenScm = (door: ProviderDoor, cloneProtocol: CloneProtocol) => Promise<ScmProvider>;
export type ListPullRequests = (door: ProviderDoor) => Promise<PullRequest[]>;

/** Empty means ssh, as in Argo CD. */
export type CloneProtocol = 'ssh' | 'https' | 'https-fips';
