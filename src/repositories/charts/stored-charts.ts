import type { Clock } from '../../kernel/clock.js';
import { digestBytes, digestJson } from '../../kernel/digest.js';
import { messageOf } from '../../kernel/errors.js';
import type { Log } from '../../kernel/log.js';
import { fail, ok, type Result } from '../../kernel/result.js';
import type { ChartReference, Checkout } from '../domain/checkout.js';
import { readFailure, type ReadFailure, type ReadFailureCode } from '../domain/read-failure.js';
import { BoundedCache } from '../git/bounded-cache.js';
import { SingleFlight } from '../git/single-flight.js';
import { TreeCheckout } from '../tree-checkout.js';
import { ARCHIVE_LIMITS, unpackChart, type UnpackedChart } from './chart-archive.js';
import type { ChartAccesses } from './chart-access.js';
import { ChartHttp } from './chart-http.js';
import { ChartLookup, type FoundChart } from './chart-lookup.js';
import { ChartStore } from './chart-store.js';
import { isVersion } from './domain/chart-version.js';

export interface StoredChartsOptions {
  /** Where downloads are kept; may be shared by processes. */
  directory: string;
  clock: Clock;
  log: Log;
  accesses: ChartAccesses;
  /** Repositories at private addresses are read though no admin named them. */
  allowPrivate: boolean;
  pollSeconds?: number;
  failureSeconds?: number;
  timeoutMs?: number;
  /** Of archives on disk. */
  maxBytes?: number;
}

const UNPACKED_BYTES = 64 << 20;
const MOST_SEEN = 50_000;

/** A version that was downloaded before is good without its repository: who names it asks for nothing newer. */
const PASSING: ReadonlySet<ReadFailureCode> = new Set([
  'CHART_UNREACHABLE',
  'CHART_TIMEOUT',
  'CHART_AUTH',
  'CHART_NOT_FOUND',
]);

/** Charts of Helm repositories and OCI registries, downloaded once each. Answers are values. */
export class StoredCharts {
  private readonly http: ChartHttp;
  private readonly store: ChartStore;
  private readonly lookup: ChartLookup;
  private readonly unpacked = new BoundedCache<UnpackedChart>(UNPACKED_BYTES, ({ bytes }) => bytes + 1);
  private readonly unpacking = new SingleFlight<Result<UnpackedChart, ReadFailure>>();
  private readonly downloading = new SingleFlight<Result<string, ReadFailure>>();
  /** What each reference stood for when it was last polled, or first opened. */
  private readonly seen = new Map<string, string>();

  constructor(private readonly options: StoredChartsOptions) {
    const { directory, clock, accesses, allowPrivate, timeoutMs, maxBytes } = options;
    const { pollSeconds = 180, failureSeconds = 15 } = options;
    this.http = new ChartHttp({ allowPrivate, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
    this.store = new ChartStore({ directory, ...(maxBytes === undefined ? {} : { maxBytes }) });
    const { http, store } = this;
    const maxArchiveBytes = ARCHIVE_LIMITS.maxPackedBytes;
    const times = { pollSeconds, failureSeconds };
    this.lookup = new ChartLookup({ http, store, accesses, clock, maxArchiveBytes, ...times });
  }

  /** The chart's own files; the revision is its version. */
  async open(reference: ChartReference): Promise<Result<Checkout, ReadFailure>> {
    const found = await this.lookup.find(reference);
    this.note(reference, found, { isFirst: true });
    const opened = found.ok ? await this.openFound(reference, found.value) : found;
    if (opened.ok) return opened;
    const known = await this.downloadedBefore(reference, opened.error);
    return known === undefined ? opened : this.checkout(reference.version, reference, known);
  }

  /** Whether a repository lets the hub in now. */
  probe(repoURL: string): Promise<Result<void, ReadFailure>> {
    return this.lookup.probe(repoURL);
  }

  /** Looks at the repository now, whatever the poll interval says. */
  async refresh(reference: ChartReference): Promise<void> {
    this.lookup.forget(reference.repoURL);
    this.note(reference, await this.lookup.find(reference), { isFirst: false });
  }

  /** Whether the chart is another one than at the last poll, or became readable or unreadable; asks when it is due. */
  async poll(reference: ChartReference): Promise<{ changed: boolean; failure?: ReadFailure }> {
    const found = await this.lookup.find(reference);
    const changed = this.note(reference, found, { isFirst: false });
    return found.ok ? { changed } : { changed, failure: found.error };
  }

  close(): Promise<void> {
    return this.http.close();
  }

  private note(reference: ChartReference, found: Result<FoundChart, ReadFailure>, { isFirst }: { isFirst: boolean }) {
    const { repoURL, chart, version } = reference;
    const key = JSON.stringify([repoURL, chart, version]);
    const now = found.ok ? `${found.value.version} ${found.value.fingerprint}` : found.error.code;
    const before = this.seen.get(key);
    if (isFirst && before !== undefined) return false;
    if (this.seen.size >= MOST_SEEN) this.seen.clear();
    this.seen.set(key, now);
    return before !== now;
  }

  /** What the disk has lost or damaged since is downloaded anew. */
  private async openFound(reference: ChartReference, found: FoundChart): Promise<Result<Checkout, ReadFailure>> {
    const digest = await this.download(reference, found);
    if (!digest.ok) return digest;
    const opened = await this.checkout(found.version, reference, digest.value);
    if (opened.ok || opened.error.code !== 'CHART_STORAGE') return opened;
    const again = await this.download(reference, found);
    return again.ok ? this.checkout(found.version, reference, again.value) : again;
  }

  /** The digest of the archive, which is on disk afterwards. */
  private async download(reference: ChartReference, found: FoundChart): Promise<Result<string, ReadFailure>> {
    const { chart } = reference;
    const name = nameOf(reference, isVersion(reference.version) ? reference.version : found.version);
    if (found.digest !== undefined && this.isUnpacked(chart, found.digest)) return ok(found.digest);
    const before = await this.store.downloaded(name);
    const isSame = before?.fingerprint === found.fingerprint;
    const digest = found.digest ?? (isSame ? before.digest : undefined);
    if (digest !== undefined && (this.isUnpacked(chart, digest) || (await this.store.holds(digest)))) {
      if (!isSame) await this.store.note(name, { digest, fingerprint: found.fingerprint }).catch(() => undefined);
      return ok(digest);
    }
    return this.downloading.run(digestJson([name, found.fingerprint]), () => this.downloadNow(name, reference, found));
  }

  private async downloadNow(
    name: unknown,
    { chart }: ChartReference,
    found: FoundChart,
  ): Promise<Result<string, ReadFailure>> {
    const archive = await found.download();
    if (!archive.ok) return archive;
    const digest = digestBytes(archive.value);
    if (found.digest !== undefined && found.digest !== digest) {
      const message = `the archive of "${chart}" ${found.version} is not the one that its repository names by digest`;
      return fail(readFailure('CHART_CORRUPT', message));
    }
    const unpacked = await unpackChart(archive.value, chart);
    if (!unpacked.ok) return unpacked;
    this.unpacked.set(unpackedKey(chart, digest), unpacked.value);
    try {
      await this.store.keep(name, archive.value, found.fingerprint);
    } catch (error) {
      return fail(readFailure('CHART_STORAGE', `the chart "${chart}" cannot be kept: ${messageOf(error)}`));
    }
    this.options.log.info({ chart, version: found.version, digest }, 'chart downloaded');
    return ok(digest);
  }

  private isUnpacked(chart: string, digest: string): boolean {
    return this.unpacked.get(unpackedKey(chart, digest)) !== undefined;
  }

  /** For one version only: a range asks for what is newest, which nobody knows then. */
  private async downloadedBefore(reference: ChartReference, failure: ReadFailure): Promise<string | undefined> {
    if (!isVersion(reference.version) || !PASSING.has(failure.code)) return undefined;
    const before = await this.store.downloaded(nameOf(reference, reference.version));
    return before !== undefined && (await this.store.holds(before.digest)) ? before.digest : undefined;
  }

  private async checkout(
    version: string,
    { chart }: ChartReference,
    digest: string,
  ): Promise<Result<Checkout, ReadFailure>> {
    const opened = await this.unpackedChart(chart, digest);
    if (!opened.ok) return opened;
    // Read anew where they are asked for: a checkout may be held for long.
    return ok(
      new TreeCheckout(version, opened.value.tree, async (entries) => {
        const unpacked = await this.unpackedChart(chart, digest);
        return unpacked.ok ? ok(entries.map(({ sha }) => unpacked.value.blobs.get(sha) ?? Buffer.alloc(0))) : unpacked;
      }),
    );
  }

  private async unpackedChart(chart: string, digest: string): Promise<Result<UnpackedChart, ReadFailure>> {
    const key = unpackedKey(chart, digest);
    const known = this.unpacked.get(key);
    if (known !== undefined) return ok(known);
    return this.unpacking.run(key, async () => {
      const archive = await this.store.archive(digest);
      if (archive === undefined)
        return fail(readFailure('CHART_STORAGE', `the chart "${chart}" is not on disk any more`));
      const unpacked = await unpackChart(archive, chart);
      if (unpacked.ok) this.unpacked.set(key, unpacked.value);
      return unpacked;
    });
  }
}

function nameOf({ repoURL, chart }: ChartReference, version: string): unknown {
  return ['chart', repoURL, chart, version];
}

/** Which folder of the archive counts depends on the chart's name. */
function unpackedKey(chart: string, digest: string): string {
  return `${digest} ${chart}`;
}
