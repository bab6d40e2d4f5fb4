import type { RemoteReader } from './remote-reader.js';
import type { Result } from '../kernel/result.js';

/** A member cluster as generators see it; labels hold `argocd.argoproj.io/secret-type: cluster` as Argo CD's do. */
export interface ClusterRecord {
  name: string;
  server: string;
  /** Empty where the cluster is bound to no project. */
  project: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  /** The Secret that tells of it, where names of clusters may repeat: the last Secret by name counts. */
  secret?: string;
}

/** Why an input could not be read: GIT_UNREACHABLE, GIT_REVISION_NOT_FOUND, GIT_AUTH, NOT_PERMITTED, … */
export interface ReadFailure {
  code: string;
  message: string;
}

/** The narrow port generators read the world through. Failing to read is a value; a read that throws is a bug. */
export interface ExpansionReader {
  /** In any order; the generator sorts by name. */
  clusters(): Promise<readonly ClusterRecord[]>;
  /** Every directory, repository-relative, in lexical walk order, without the root and without dot-directories. */
  gitDirectories(repoURL: string, revision: string): Promise<Result<readonly string[], ReadFailure>>;
  /** Every tracked file's path, repository-relative. */
  gitFiles(repoURL: string, revision: string): Promise<Result<readonly string[], ReadFailure>>;
  gitFile(repoURL: string, revision: string, path: string): Promise<Result<string, ReadFailure>>;
  /** Absent where nothing is read over the network: the generators that need it then fail by name. */
  readonly remote?: RemoteReader;
}
