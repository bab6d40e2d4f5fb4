import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ageMs } from '../../kernel/age.js';
import type { Clock } from '../../kernel/clock.js';
import { messageOf } from '../../kernel/errors.js';
import type { Log } from '../../kernel/log.js';
import { fail, ok, type Result } from '../../kernel/result.js';
import type { GitAccess } from '../domain/git-credentials.js';
import { readFailure, type ReadFailure } from '../domain/read-failure.js';
import { isFullSha, isShortSha, parseLocalRefs } from '../domain/remote-refs.js';
import { parseRemoteRefs, sameRefs, type RemoteRefs } from '../domain/remote-refs.js';
import { withoutCredentials } from '../domain/repository-url.js';
import type { GitCall, GitClient } from './git-client.js';
import type { MirrorFolder } from './mirror-folder.js';
import { NamedCommits } from './named-commits.js';

export interface MirrorOptions {
  url: string;
  /** URL without user information: what git is given. */
  fetchUrl: string;
  folder: MirrorFolder;
  git: GitClient;
  clock: Clock;
  log: Log;
  access: () => Promise<GitAccess | undefined>;
  /** How long one look at the remote counts as now. */
  pollIntervalMs: number;
  /** How long one failure answers further callers. */
  failureIntervalMs: number;
  /** How long after the last success a failed read still answers with what was known; 0 for never. */
  graceMs: number;
}

export interface Refresh {
  changed: boolean;
  failure?: ReadFailure;
}

const REFSPECS = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];
const MAX_REMEMBERED_COMMITS = 10_000;
const EMPTY: RemoteRefs = { refs: new Map() };

/**
 * The local copy of one remote repository: branches and tags as they were at the last look, every commit they lead to.
 * Looks at the remote once per interval however many ask, and never passes an old answer off as a fresh one.
 */
export class Mirror {
  private latest = { remote: EMPTY, names: new NamedCommits(EMPTY) };
  private first: RemoteRefs | undefined;
  private readonly commits = new Set<string>();
  private readonly missing = new Set<string>();
  private lookedAt = Number.NEGATIVE_INFINITY;
  private succeededAt = Number.NEGATIVE_INFINITY;
  private failure: ReadFailure | undefined;
  private running: Promise<Refresh> | undefined;
  private queued: Promise<Refresh> | undefined;
  private repairing: Promise<Refresh> | undefined;

  constructor(private readonly options: MirrorOptions) {}

  /** Looks at the remote now. A look that is under way may have missed what the caller knows of, so it is not shared. */
  refresh(): Promise<Refresh> {
    if (this.running === undefined) return this.start();
    this.queued ??= this.running.then(() => {
      this.queued = undefined;
      return this.start();
    });
    return this.queued;
  }

  /** Looks at the remote when the last look is older than the interval. */
  refreshWhenDue(): Promise<Refresh> {
    if (this.running !== undefined) return this.running;
    const interval = this.failure === undefined ? this.options.pollIntervalMs : this.options.failureIntervalMs;
    if (ageMs(this.lookedAt, this.now()) < interval) return Promise.resolve(this.outcome(false));
    return this.start();
  }

  async resolve(revision: string, tagPrefix = ''): Promise<Result<{ sha: string }, ReadFailure>> {
    if (isFullSha(revision)) return this.resolvePinned(revision);
    const { failure } = await this.refreshWhenDue();
    const known = this.latest.names.find(revision, tagPrefix) ?? (await this.expand(revision));
    if (failure !== undefined) return this.inDoubt(failure, known);
    return known === undefined ? fail(this.notFound(revision)) : ok({ sha: known });
  }

  /** Makes sure that a full commit id can be read here, asking the remote only when it is not there yet. */
  async resolvePinned(sha: string): Promise<Result<{ sha: string }, ReadFailure>> {
    if (await this.holds(sha)) return ok({ sha });
    const { failure } = await this.refreshWhenDue();
    if (failure !== undefined) return fail(failure);
    if ((await this.holds(sha)) || (await this.fetchCommit(sha))) return ok({ sha });
    return fail(this.notFound(sha));
  }

  /** Standard output of a git command that reads the mirror. */
  read(
    args: readonly string[],
    call: { input?: string; maxOutputBytes?: number } = {},
  ): Promise<Result<Buffer, ReadFailure>> {
    return this.options.git.run(args, { url: this.options.url, gitDir: this.options.folder.path, ...call });
  }

  /** Throws a damaged mirror away and clones it again, once for all who noticed at the same time. */
  repair(): Promise<Refresh> {
    this.repairing ??= this.discard()
      .then(() => this.refresh())
      .finally(() => {
        this.repairing = undefined;
      });
    return this.repairing;
  }

  /** The first and the last look of this process that succeeded; undefined before, and while the mirror is cloned again. */
  get seen(): { first: RemoteRefs; last: RemoteRefs } | undefined {
    return this.first && this.remote !== EMPTY ? { first: this.first, last: this.remote } : undefined;
  }

  /** The last look counts as now no longer: somebody knows of something newer. */
  expire(): void {
    this.lookedAt = Number.NEGATIVE_INFINITY;
  }

  forgetFailure(): void {
    if (this.failure !== undefined) this.expire();
  }

  private start(): Promise<Refresh> {
    this.running = this.look().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async look(): Promise<Refresh> {
    let result = await this.update();
    if (!result.ok && result.error.code === 'GIT_CORRUPT') {
      await this.discard();
      result = await this.update();
    }
    this.lookedAt = this.now();
    this.missing.clear();
    if (result.ok) this.succeededAt = this.lookedAt;
    else if (this.remote === EMPTY) this.remote = await this.lastRun();
    const failedBefore = this.failure !== undefined;
    this.failure = result.ok ? undefined : result.error;
    if (this.failure !== undefined) {
      const { code, message } = this.failure;
      this.options.log.warn({ repository: this.shownUrl(), code, failure: message }, 'repository cannot be read');
    }
    const changed = result.ok ? result.value : false;
    return this.outcome(changed || failedBefore !== (this.failure !== undefined));
  }

  private async update(): Promise<Result<boolean, ReadFailure>> {
    const listed = await this.askRemote(['ls-remote', '--symref', '--', this.options.fetchUrl]);
    if (!listed.ok) return listed;
    try {
      return await this.store(parseRemoteRefs(listed.value.toString('utf8')));
    } catch (error) {
      return fail(readFailure('GIT_STORAGE', `the mirror of ${this.shownUrl()} cannot be kept: ${messageOf(error)}`));
    }
  }

  private store(remote: RemoteRefs): Promise<Result<boolean, ReadFailure>> {
    return this.options.folder.hold(async () => {
      await this.create();
      const fetched = await this.fetchChanges(remote);
      if (!fetched.ok) return fetched;
      if (remote.headRef !== undefined && remote.headRef !== this.remote.headRef) {
        await this.read(['symbolic-ref', 'HEAD', remote.headRef]);
      }
      const changed = !sameRefs(this.remote.refs, fetched.value) || this.remote.headRef !== remote.headRef;
      this.remote = { ...remote, refs: fetched.value };
      this.first ??= this.remote;
      return ok(changed);
    });
  }

  /** The refs the mirror holds afterwards: those of the fetch itself, which may be newer than the listing. */
  private async fetchChanges(remote: RemoteRefs): Promise<Result<ReadonlyMap<string, string>, ReadFailure>> {
    const before = await this.localRefs();
    if (!before.ok || sameRefs(before.value, remote.refs)) return before;
    const flags = ['--quiet', '--prune', '--force', '--no-tags', '--no-write-fetch-head'];
    const fetched = await this.askRemote(
      ['fetch', ...flags, '--', this.options.fetchUrl, ...REFSPECS],
      this.options.folder.path,
    );
    return fetched.ok ? this.localRefs() : fetched;
  }

  private async localRefs(): Promise<Result<ReadonlyMap<string, string>, ReadFailure>> {
    const listed = await this.read(['for-each-ref', '--format=%(refname) %(objectname) %(*objectname)']);
    return listed.ok ? ok(parseLocalRefs(listed.value.toString('utf8'))) : listed;
  }

  /** What an earlier process saw: good for `lastKnown`, never taken for the present. */
  private async lastRun(): Promise<RemoteRefs> {
    if (!this.options.folder.exists()) return EMPTY;
    const refs = await this.localRefs();
    const head = await this.read(['symbolic-ref', 'HEAD']);
    if (!refs.ok || !head.ok) return EMPTY;
    return { refs: refs.value, headRef: head.value.toString('utf8').trim() };
  }

  private async fetchCommit(sha: string): Promise<boolean> {
    if (this.missing.has(sha)) return false;
    const args = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--', this.options.fetchUrl, sha];
    const fetched = await this.askRemote(args, this.options.folder.path);
    const found = fetched.ok && (await this.holds(sha));
    if (!found) this.missing.add(sha);
    return found;
  }

  private async askRemote(args: readonly string[], gitDir?: string): Promise<Result<Buffer, ReadFailure>> {
    const access = await this.access();
    if (!access.ok) return access;
    const call: GitCall = { url: this.options.url, network: true };
    if (gitDir !== undefined) call.gitDir = gitDir;
    if (access.value !== undefined) call.access = access.value;
    return this.options.git.run(args, call);
  }

  /** Credentials that exist and cannot be read never turn into anonymous access. */
  private async access(): Promise<Result<GitAccess | undefined, ReadFailure>> {
    try {
      return ok(await this.options.access());
    } catch (error) {
      const message = `the credentials of ${this.shownUrl()} cannot be read: ${messageOf(error)}`;
      return fail(readFailure('GIT_AUTH', message));
    }
  }

  /** Called under the lock. */
  private create(): Promise<void> {
    const { folder, url, git } = this.options;
    return folder.create(async (fresh) => {
      await git.run(['init', '--quiet', '--bare', '--template=', '--', fresh], { url });
      await writeFile(join(fresh, 'description'), `${this.shownUrl()}\n`);
    });
  }

  private async discard(): Promise<void> {
    const { folder, log } = this.options;
    log.warn({ repository: this.shownUrl() }, 'git mirror is damaged; cloning it again');
    this.commits.clear();
    this.remote = EMPTY;
    await folder.hold(() => folder.discard());
  }

  private async holds(sha: string): Promise<boolean> {
    if (this.commits.has(sha)) return true;
    if (!this.options.folder.exists()) return false;
    const found = (await this.read(['cat-file', '-e', `${sha}^{commit}`])).ok;
    if (this.commits.size >= MAX_REMEMBERED_COMMITS) this.commits.clear();
    if (found) this.commits.add(sha);
    return found;
  }

  private async expand(revision: string): Promise<string | undefined> {
    if (!isShortSha(revision) || !this.options.folder.exists()) return undefined;
    const found = await this.read(['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]);
    return found.ok ? found.value.toString('utf8').trim() : undefined;
  }

  private inDoubt(failure: ReadFailure, known: string | undefined): Result<{ sha: string }, ReadFailure> {
    if (known === undefined) return fail(failure);
    const isInGrace = ageMs(this.succeededAt, this.now()) <= this.options.graceMs && this.options.graceMs > 0;
    return isInGrace ? ok({ sha: known }) : fail({ ...failure, lastKnown: known });
  }

  private notFound(revision: string): ReadFailure {
    const name = revision === '' ? 'HEAD' : revision.slice(0, 200);
    const message = `there is no branch, tag, commit or range of tags "${name}" in ${this.shownUrl()}`;
    return readFailure('GIT_REVISION_NOT_FOUND', message);
  }

  private outcome(changed: boolean): Refresh {
    return this.failure === undefined ? { changed } : { changed, failure: this.failure };
  }

  private set remote(remote: RemoteRefs) {
    this.latest = { remote, names: new NamedCommits(remote) };
  }

  private get remote(): RemoteRefs {
    return this.latest.remote;
  }

  private shownUrl(): string {
    return withoutCredentials(this.options.url);
  }

  private now(): number {
    return this.options.clock.now().getTime();
  }
}
