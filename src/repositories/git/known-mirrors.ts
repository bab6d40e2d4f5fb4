import { join } from 'node:path';
import { ageMs } from '../../kernel/age.js';
import { digestBytes } from '../../kernel/digest.js';
import { ok, type Result } from '../../kernel/result.js';
import type { MirrorLimits } from '../domain/mirror-budget.js';
import type { ReadFailure } from '../domain/read-failure.js';
import { locateRepository } from '../domain/repository-url.js';
import { AnonymousAccess } from '../repository-credentials.js';
import type { GitClient } from './git-client.js';
import type { GitMirrorsOptions } from './git-mirrors-options.js';
import { Mirror } from './mirror.js';
import { MirrorFolder } from './mirror-folder.js';
import { sweepMirrors, type SweepOutcome } from './mirror-sweep.js';

export interface KnownMirror {
  mirror: Mirror;
  folder: MirrorFolder;
  /** As it was written first. */
  url: string;
  markedAt: number;
}

const MOST_SPELLINGS = 10_000;
const MARK_INTERVAL_MS = 600_000;

/** The mirrors that this process has read, one for all spellings of a repository. */
export class KnownMirrors {
  private readonly mirrors = new Map<string, KnownMirror>();
  private readonly spelled = new Map<string, KnownMirror>();

  constructor(
    private readonly options: GitMirrorsOptions,
    private readonly git: GitClient,
  ) {}

  /** A generator asks for thousands of files one by one, so a URL is taken apart once. */
  find(url: string): Result<KnownMirror, ReadFailure> {
    const spelled = this.spelled.get(url);
    const known = spelled === undefined ? this.locate(url) : ok(spelled);
    if (!known.ok) return known;
    if (spelled === undefined) {
      if (this.spelled.size >= MOST_SPELLINGS) this.spelled.clear();
      this.spelled.set(url, known.value);
    }
    this.markUsed(known.value);
    return known;
  }

  all(): KnownMirror[] {
    return [...this.mirrors.values()];
  }

  /** Removes mirrors that nobody reads, known or left on disk by an earlier process. */
  async sweep(read: Iterable<string>, limits: MirrorLimits): Promise<SweepOutcome> {
    const { directory, clock } = this.options;
    const names = new Set([...read].map((url) => folderName(locateRepository(url)?.key ?? url)));
    const outcome = await sweepMirrors({ directory, read: names, limits, now: clock.now() });
    for (const key of this.mirrors.keys()) if (outcome.dropped.includes(folderName(key))) this.mirrors.delete(key);
    if (outcome.dropped.length > 0) this.spelled.clear();
    return outcome;
  }

  private locate(url: string): Result<KnownMirror, ReadFailure> {
    const fetchUrl = this.git.checkUrl(url);
    if (!fetchUrl.ok) return fetchUrl;
    const key = locateRepository(url)?.key ?? fetchUrl.value;
    const known = this.mirrors.get(key) ?? this.open(url, { key, fetchUrl: fetchUrl.value });
    this.mirrors.set(key, known);
    return ok(known);
  }

  private open(url: string, { key, fetchUrl }: { key: string; fetchUrl: string }): KnownMirror {
    const { directory, clock, log, credentials = new AnonymousAccess() } = this.options;
    const { pollIntervalSeconds = 180, failureIntervalSeconds = 15, graceSeconds = 0 } = this.options;
    const folder = new MirrorFolder(join(directory, folderName(key)));
    const mirror = new Mirror({
      url,
      fetchUrl,
      folder,
      git: this.git,
      clock,
      log,
      access: () => credentials.find(url),
      pollIntervalMs: pollIntervalSeconds * 1000,
      failureIntervalMs: Math.min(failureIntervalSeconds, pollIntervalSeconds) * 1000,
      graceMs: graceSeconds * 1000,
    });
    return { mirror, folder, url, markedAt: Number.NEGATIVE_INFINITY };
  }

  private markUsed(known: KnownMirror): void {
    const now = this.options.clock.now();
    if (ageMs(known.markedAt, now.getTime()) < MARK_INTERVAL_MS) return;
    known.markedAt = now.getTime();
    known.folder.markUsed(now);
  }
}

function folderName(key: string): string {
  return `${digestBytes(key).slice('sha256:'.length, 'sha256:'.length + 32)}.git`;
}
