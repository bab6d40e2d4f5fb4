import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { digestBytes } from '../../kernel/digest.js';
import { messageOf } from '../../kernel/errors.js';
import { Pace } from '../../kernel/pace.js';
import { fail, ok, type Result } from '../../kernel/result.js';
import { readFailure, type ReadFailure } from '../domain/read-failure.js';
import { BoundedCache } from '../git/bounded-cache.js';
import { SingleFlight } from '../git/single-flight.js';
import { authorizationOf, type ChartAccess } from './chart-access.js';
import { refusalOf, shownUrl, type ChartAnswer, type ChartHttp } from './chart-http.js';
import type { ChartStore, StoredIndex } from './chart-store.js';
import { INDEX_LIMITS, readChartVersions, type ListedChart } from './domain/helm-index.js';

/** The index of a repository as it is now. */
export interface IndexNow {
  /** Of its text. */
  digest: string;
}

/** What an index says of one chart; undefined where it does not list it. */
type Listed = Result<readonly ListedChart[] | undefined, ReadFailure>;

const KEPT_VERSIONS = 500_000;
const unzip = promisify(gunzip);

/** Repositories of charts below an `index.yaml`: read when it has changed, and only the part that is asked for. */
export class HelmRepositories {
  private readonly charts = new BoundedCache<readonly ListedChart[]>(KEPT_VERSIONS, (versions) => versions.length + 1);
  private readonly parsing = new SingleFlight<Listed>();

  constructor(
    private readonly http: ChartHttp,
    private readonly store: ChartStore,
  ) {}

  /** Asks for the index, unless the server says that it is still the one we have. */
  async look(repository: string, access: ChartAccess): Promise<Result<IndexNow, ReadFailure>> {
    const known = await this.store.index(repository);
    const url = new URL(`${repository}/index.yaml`);
    const answer = await this.http.get({
      url,
      headers: { 'accept-encoding': 'gzip', ...conditions(known) },
      authorization: authorizationOf(access),
      access,
      maxBytes: INDEX_LIMITS.maxBytes,
    });
    if (!answer.ok) return answer;
    const { status } = answer.value;
    if (status === 304 && known !== undefined) return ok({ digest: known.digest });
    if (status !== 200) return fail(refusalOf(status, shownUrl(url)));
    const text = await plainText(answer.value);
    if (text === undefined)
      return fail(readFailure('CHART_TOO_LARGE', `${shownUrl(url)} is no index that can be read`));
    return this.keep(repository, { text, digest: digestBytes(text), ...validators(answer.value) });
  }

  /** The versions of a chart in an index that `look` has told of. */
  async versions(repository: string, chart: string, { digest }: IndexNow): Promise<Listed> {
    const key = JSON.stringify([digest, chart]);
    const known = this.charts.get(key);
    if (known !== undefined) return ok(known);
    return this.parsing.run(key, async () => {
      const index = await this.store.index(repository);
      if (index === undefined) return fail(readFailure('CHART_STORAGE', 'the index is not on disk any more'));
      const versions = await parse(index.text, chart);
      if (versions.ok && versions.value !== undefined) {
        // Another process may have read a newer one meanwhile.
        this.charts.set(JSON.stringify([index.digest, chart]), versions.value);
      }
      return versions;
    });
  }

  private async keep(repository: string, index: StoredIndex): Promise<Result<IndexNow, ReadFailure>> {
    try {
      await this.store.keepIndex(repository, index);
      return ok({ digest: index.digest });
    } catch (error) {
      return fail(readFailure('CHART_STORAGE', `the index cannot be kept: ${messageOf(error)}`));
    }
  }
}

async function parse(text: Buffer, chart: string): Promise<Listed> {
  try {
    const pace = new Pace(async () => void (await nextTurn()));
    return ok(await pace.run(readChartVersions(text.toString('utf8'), chart)));
  } catch (error) {
    return fail(readFailure('CHART_CORRUPT', `the index cannot be read: ${messageOf(error)}`));
  }
}

function conditions(known: StoredIndex | undefined): Record<string, string> {
  if (known?.etag !== undefined) return { 'if-none-match': known.etag };
  return known?.lastModified === undefined ? {} : { 'if-modified-since': known.lastModified };
}

function validators({ headers }: ChartAnswer): Pick<StoredIndex, 'etag' | 'lastModified'> {
  const { etag, 'last-modified': lastModified } = headers;
  return {
    ...(typeof etag === 'string' ? { etag } : {}),
    ...(typeof lastModified === 'string' ? { lastModified } : {}),
  };
}

async function plainText({ headers, body }: ChartAnswer): Promise<Buffer | undefined> {
  if (headers['content-encoding'] !== 'gzip') return body;
  return unzip(body, { maxOutputLength: INDEX_LIMITS.maxBytes }).catch(() => undefined);
}
