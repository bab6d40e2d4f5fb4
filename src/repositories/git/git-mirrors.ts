import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../kernel/result.js';
import type { Checkout } from '../domain/checkout.js';
import type { GitAccess } from '../domain/git-credentials.js';
import type { MirrorLimits } from '../domain/mirror-budget.js';
import { parseTree, type GitTree } from '../domain/git-tree.js';
import { readFailure, type ReadFailure } from '../domain/read-failure.js';
import { refMoves, type RefMove } from '../domain/ref-moves.js';
import { parseRemoteRefs, type RemoteRefs } from '../domain/remote-refs.js';
import { CHECKOUT_LIMITS, TreeCheckout, type ReadBlobs } from '../tree-checkout.js';
import { BlobReader } from './blob-reader.js';
import { BoundedCache } from './bounded-cache.js';
import { GitClient } from './git-client.js';
import type { GitMirrorsOptions } from './git-mirrors-options.js';
import { KnownMirrors } from './known-mirrors.js';
import type { Mirror } from './mirror.js';
import type { SweepOutcome } from './mirror-sweep.js';
import { SingleFlight } from './single-flight.js';

export interface PolledRepository {
  url: string;
  /** Branches or tags moved, or the repository became readable or unreadable. */
  changed: boolean;
  failure?: ReadFailure;
}

const BYTES_PER_ENTRY = 320;
const PROBE_TIMEOUT_MS = 15_000;

/** Every Git repository the hub reads, mirrored once each. Answers are values: an unreadable repository is expected. */
export class GitMirrors {
  private readonly git: GitClient;
  private readonly blobs = new BlobReader();
  private readonly known: KnownMirrors;
  private readonly trees = new BoundedCache<GitTree>(64 << 20, (tree) => tree.entries.length * BYTES_PER_ENTRY);
  /** What was seen when somebody last asked for the moves. */
  private readonly told = new WeakMap<Mirror, RemoteRefs>();
  private readonly reading = new SingleFlight<Result<GitTree, ReadFailure>>();

  constructor(private readonly options: GitMirrorsOptions) {
    const home = join(options.directory, 'home');
    mkdirSync(home, { recursive: true });
    this.git = new GitClient({ home, ...options.git });
    this.known = new KnownMirrors(options, this.git);
  }

  /**
   * The commit that a branch, tag, range of versions over the tags that begin with `tagPrefix`, commit id, `HEAD` or `''`
   * (both the default branch) names.
   */
  async resolve(url: string, revision: string, tagPrefix = ''): Promise<Result<{ sha: string }, ReadFailure>> {
    const mirror = this.mirrorOf(url);
    return mirror.ok ? mirror.value.resolve(revision, tagPrefix) : mirror;
  }

  /** Looks at the remote now, whatever the poll interval says. */
  async refresh(url: string): Promise<Result<{ changed: boolean }, ReadFailure>> {
    const mirror = this.mirrorOf(url);
    if (!mirror.ok) return mirror;
    const { changed, failure } = await mirror.value.refresh();
    return failure === undefined ? ok({ changed }) : fail(failure);
  }

  /** Looks at each repository that is due; by default at every one this process has read. */
  async poll(urls: Iterable<string> = this.urls()): Promise<PolledRepository[]> {
    const polled = [...urls].map(async (url): Promise<PolledRepository> => {
      const mirror = this.mirrorOf(url);
      return mirror.ok
        ? { url, ...(await mirror.value.refreshWhenDue()) }
        : { url, changed: false, failure: mirror.error };
    });
    return Promise.all(polled);
  }

  /**
   * What moved in a repository since this was asked last, looking at no remote; at first since this process looked first.
   * Undefined where it was never seen. Spellings of one repository share an answer, and only the first who asks gets it.
   */
  takeMoves(url: string): readonly RefMove[] | undefined {
    const mirror = this.mirrorOf(url);
    const seen = mirror.ok ? mirror.value.seen : undefined;
    if (!mirror.ok || seen === undefined) return undefined;
    const before = this.told.get(mirror.value) ?? seen.first;
    this.told.set(mirror.value, seen.last);
    return refMoves(before, seen.last);
  }

  /** Whether this process looked at a repository and could read it. */
  hasSeen(url: string): boolean {
    const mirror = this.mirrorOf(url);
    return mirror.ok && mirror.value.seen !== undefined;
  }

  /** Paths that differ between two commits. */
  async changedPaths(url: string, from: string, to: string): Promise<Result<string[], ReadFailure>> {
    const mirror = this.mirrorOf(url);
    if (!mirror.ok) return mirror;
    const listed = await mirror.value.read(['diff-tree', '-r', '-z', '--name-only', '--no-renames', from, to]);
    return listed.ok ? ok(listed.value.toString('utf8').split('\0').filter(Boolean)) : listed;
  }

  /** Another replica saw a repository move: whoever reads it next looks first. */
  expire(url: string): void {
    const mirror = this.mirrorOf(url);
    if (mirror.ok) mirror.value.expire();
  }

  /** What a repository offers to whoever comes with this access, now; nothing is kept. */
  async probe(url: string, access: GitAccess | undefined): Promise<Result<RemoteRefs, ReadFailure>> {
    const fetchUrl = this.git.checkUrl(url);
    if (!fetchUrl.ok) return fetchUrl;
    const call = { url, network: true, timeoutMs: PROBE_TIMEOUT_MS, access: access ?? {} };
    const listed = await this.git.run(['ls-remote', '--symref', '--', fetchUrl.value, 'HEAD'], call);
    return listed.ok ? ok(parseRemoteRefs(listed.value.toString('utf8'))) : listed;
  }

  /** Removes mirrors that nobody reads, as far as the limits ask for it. */
  sweep(read: Iterable<string>, limits: MirrorLimits): Promise<SweepOutcome> {
    return this.known.sweep(read, limits);
  }

  /** Credentials have changed: what could not be read is looked at again by whoever reads it next. */
  forgetFailures(): void {
    for (const { mirror } of this.known.all()) mirror.forgetFailure();
  }

  urls(): string[] {
    return this.known.all().map(({ url }) => url);
  }

  /** Every path of a commit with sizes and ids. */
  async tree(url: string, sha: string): Promise<Result<GitTree, ReadFailure>> {
    const found = this.known.find(url);
    if (!found.ok) return found;
    const { mirror, folder } = found.value;
    const key = `${folder.path} ${sha}`;
    const known = this.trees.get(key);
    if (known !== undefined) return ok(known);
    return this.reading.run(key, async () => {
      const tree = await this.repairing(mirror, () => this.readTree(mirror, sha));
      if (tree.ok) this.trees.set(key, tree.value);
      return tree;
    });
  }

  /** Every directory of a commit in walk order, hidden ones too; the root is left out. */
  async directories(url: string, sha: string): Promise<Result<string[], ReadFailure>> {
    const tree = await this.tree(url, sha);
    return tree.ok ? ok(tree.value.directories()) : tree;
  }

  /** Every file and symlink of a commit in walk order. */
  async files(url: string, sha: string): Promise<Result<string[], ReadFailure>> {
    const tree = await this.tree(url, sha);
    return tree.ok ? ok(tree.value.files()) : tree;
  }

  async file(url: string, sha: string, path: string): Promise<Result<Buffer, ReadFailure>> {
    const contents = await this.contents(url, sha, [path]);
    return contents.ok ? ok(contents.value[0] ?? Buffer.alloc(0)) : contents;
  }

  /** What opening these paths in a checkout would read, in the order asked; symlinks are followed inside the repository. */
  contents(url: string, sha: string, paths: readonly string[]): Promise<Result<Buffer[], ReadFailure>> {
    return this.opened(url, sha, (checkout) => checkout.contents(paths));
  }

  /**
   * Writes directories and files of a commit below `into`, at their places in the repository. Symlinks stay symlinks; one
   * that leads out of the repository refuses the whole export.
   */
  export(
    source: { url: string; sha: string },
    paths: readonly string[],
    into: string,
  ): Promise<Result<void, ReadFailure>> {
    return this.opened(source.url, source.sha, (checkout) => checkout.export(paths, into));
  }

  /** Kills running git processes; the mirrors on disk stay as they are. */
  close(): void {
    this.git.close();
  }

  private async opened<T>(
    url: string,
    sha: string,
    read: (checkout: Checkout) => Promise<Result<T, ReadFailure>>,
  ): Promise<Result<T, ReadFailure>> {
    const tree = await this.tree(url, sha);
    if (!tree.ok) return tree;
    const mirror = this.mirrorOf(url);
    if (!mirror.ok) return mirror;
    const blobs: ReadBlobs = (entries) => this.blobs.read(mirror.value, entries);
    const limits = { ...CHECKOUT_LIMITS, ...this.options.limits };
    return this.repairing(mirror.value, () => read(new TreeCheckout(sha, tree.value, blobs, limits)));
  }

  private mirrorOf(url: string): Result<Mirror, ReadFailure> {
    const known = this.known.find(url);
    return known.ok ? ok(known.value.mirror) : known;
  }

  /** A read that finds the mirror damaged is done once more on a fresh clone. */
  private async repairing<T>(
    mirror: Mirror,
    read: () => Promise<Result<T, ReadFailure>>,
  ): Promise<Result<T, ReadFailure>> {
    const first = await read();
    if (first.ok || first.error.code !== 'GIT_CORRUPT') return first;
    const { failure } = await mirror.repair();
    return failure === undefined ? read() : fail(failure);
  }

  private async readTree(mirror: Mirror, sha: string): Promise<Result<GitTree, ReadFailure>> {
    const present = await mirror.resolvePinned(sha);
    if (!present.ok) return present;
    const root = await mirror.read(['rev-parse', '--verify', '--end-of-options', `${sha}^{tree}`]);
    if (!root.ok) return root;
    const listed = await mirror.read(['ls-tree', '-r', '-t', '-z', '-l', '--full-tree', sha]);
    if (!listed.ok) return listed;
    const tree = parseTree(root.value.toString('utf8').trim(), listed.value.toString('utf8'));
    if (tree === undefined) return fail(readFailure('PATH_ESCAPE', `commit ${sha} holds a path that leaves its tree`));
    const most = this.options.maxTreeEntries ?? 200_000;
    if (tree.entries.length <= most) return ok(tree);
    return fail(readFailure('GIT_TOO_LARGE', `commit ${sha} holds ${tree.entries.length} paths, ${most} are read`));
  }
}
