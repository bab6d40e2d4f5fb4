import { fail, ok, type Result } from '../../kernel/result.js';
import type { Verdict } from '../../kernel/verdict.js';
import type { GitMirrors } from '../../repositories/git/git-mirrors.js';
import type { ClusterRecord, ExpansionReader, ReadFailure } from '../reader.js';
import type { RemoteReader } from '../remote-reader.js';

export interface FleetInputs {
  clusters: readonly ClusterRecord[];
  git: GitMirrors;
  /** Whether the owner's project may read a repository. */
  permits: (repoURL: string) => Verdict;
  remote: RemoteReader;
}

/** What a revision of a repository stood for when it was read. */
export interface ReadCommit {
  repoURL: string;
  revision: string;
  sha: string;
}

/** The fleet as one set may read it. One commit is resolved once per expansion, so a push in between cannot tear it. */
export class FleetExpansionReader implements ExpansionReader {
  private readonly commits = new Map<string, Omit<ReadCommit, 'sha'> & { sha: Promise<Result<string, ReadFailure>> }>();
  private readonly repositories = new Set<string>();

  private readonly fleet: readonly ClusterRecord[];
  private readonly git: GitMirrors;
  private readonly permits: (repoURL: string) => Verdict;
  readonly remote: RemoteReader;

  constructor({ clusters, git, permits, remote }: FleetInputs) {
    this.fleet = clusters;
    this.git = git;
    this.permits = permits;
    this.remote = remote;
  }

  /** Every repository that was asked for, readable or not: a push to one concerns the set. */
  get read(): ReadonlySet<string> {
    return this.repositories;
  }

  /** The commits behind everything that could be read, in order of first reading. */
  async commitsRead(): Promise<ReadCommit[]> {
    const read = [...this.commits.values()].map(async ({ sha, ...asked }) => ({ ...asked, resolved: await sha }));
    return (await Promise.all(read)).flatMap(({ resolved, ...asked }) =>
      resolved.ok ? [{ ...asked, sha: resolved.value }] : [],
    );
  }

  async clusters(): Promise<readonly ClusterRecord[]> {
    return this.fleet;
  }

  async gitDirectories(repoURL: string, revision: string): Promise<Result<readonly string[], ReadFailure>> {
    const sha = await this.commit(repoURL, revision);
    if (!sha.ok) return sha;
    const directories = await this.git.directories(repoURL, sha.value);
    return directories.ok ? ok(directories.value.filter((path) => !isHidden(path))) : directories;
  }

  async gitFiles(repoURL: string, revision: string): Promise<Result<readonly string[], ReadFailure>> {
    const sha = await this.commit(repoURL, revision);
    return sha.ok ? this.git.files(repoURL, sha.value) : sha;
  }

  async gitFile(repoURL: string, revision: string, path: string): Promise<Result<string, ReadFailure>> {
    const sha = await this.commit(repoURL, revision);
    if (!sha.ok) return sha;
    const content = await this.git.file(repoURL, sha.value, path);
    return content.ok ? ok(content.value.toString('utf8')) : content;
  }

  private commit(repoURL: string, revision: string): Promise<Result<string, ReadFailure>> {
    const key = `${repoURL} ${revision}`;
    const known = this.commits.get(key);
    if (known) return known.sha;
    const sha = this.resolve(repoURL, revision);
    this.commits.set(key, { repoURL, revision, sha });
    return sha;
  }

  private async resolve(repoURL: string, revision: string): Promise<Result<string, ReadFailure>> {
    const verdict = this.permits(repoURL);
    if (!verdict.allowed) return fail({ code: 'NOT_PERMITTED', message: verdict.reason });
    this.repositories.add(repoURL);
    const resolved = await this.git.resolve(repoURL, revision);
    return resolved.ok ? ok(resolved.value.sha) : resolved;
  }
}

/** Directories whose own name or any parent's starts with a dot are not walked (argocd-behaviour.md 1.3). */
function isHidden(path: string): boolean {
  return path.split('/').some((segment) => segment.startsWith('.'));
}
