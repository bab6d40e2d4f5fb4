import type { RemoteAnswer, RemoteHttp, RemoteTrust } from './remote-http.js';
import { RemoteFailure } from './remote-failure.js';

export interface RemoteApiOptions {
  http: RemoteHttp;
  base: string;
  headers: Readonly<Record<string, string>>;
  trust: RemoteTrust;
}

export type Query = Readonly<Record<string, string | number | boolean>>;

/** Where the next page is: by URL, or by changed query; undefined after the last one. */
export type NextPage = (answer: RemoteAnswer, query: Query) => string | Query | undefined;

export interface Paging {
  itemsOf: (body: unknown) => readonly unknown[];
  next: NextPage;
}

const MOST_PAGES = 1_000;
const MOST_ITEMS = 100_000;
const LONGEST_LISTING_MS = 300_000;

/** One provider's API as one set may ask it. Path segments are escaped; what would climb out of the API is refused. */
export class RemoteApi {
  private readonly base: URL;

  constructor(private readonly options: RemoteApiOptions) {
    if (!URL.canParse(options.base)) throw new RemoteFailure('SCM_NOT_ALLOWED', `"${options.base}" is no URL`);
    this.base = new URL(options.base);
    if (this.base.username !== '' || this.base.password !== '') {
      throw new RemoteFailure('SCM_NOT_ALLOWED', 'an api must hold no credentials; use a token reference');
    }
  }

  get(segments: readonly string[], query: Query = {}): Promise<RemoteAnswer> {
    return this.send(this.urlOf(segments, query));
  }

  post(segments: readonly string[], input: object): Promise<RemoteAnswer> {
    const { http, headers, trust } = this.options;
    const body = JSON.stringify(input);
    const sent = { 'content-type': 'application/json', ...headers };
    return http.send({ method: 'POST', url: this.urlOf(segments, {}), headers: sent, body, trust, prefix: 'SCM' });
  }

  /** Undefined where it is not there. */
  find(segments: readonly string[], query: Query = {}): Promise<RemoteAnswer | undefined> {
    return unlessAbsent(this.get(segments, query));
  }

  /** Items of all pages. `itemsOf` picks them from an answer. */
  async all(segments: readonly string[], query: Query, paging: Paging): Promise<unknown[]> {
    const items: unknown[] = [];
    let current = query;
    let url = this.urlOf(segments, query);
    const { clock } = this.options.http;
    const startedAt = clock.now().getTime();
    for (let page = 0; page < MOST_PAGES; page++) {
      if (clock.now().getTime() - startedAt > LONGEST_LISTING_MS) {
        throw new RemoteFailure('SCM_TIMEOUT', `${this.base.host} takes too long to list what was asked for`);
      }
      const answer = await this.send(url);
      items.push(...paging.itemsOf(answer.body));
      if (items.length > MOST_ITEMS) break;
      const next = paging.next(answer, current);
      if (next === undefined) return items;
      if (typeof next !== 'string') current = next;
      url = typeof next === 'string' ? this.sameServer(next) : this.urlOf(segments, next);
    }
    throw new RemoteFailure(
      'SCM_TOO_LARGE',
      `${this.base.host} lists more than ${MOST_ITEMS} items or ${MOST_PAGES} pages`,
    );
  }

  private send(url: URL): Promise<RemoteAnswer> {
    const { http, headers, trust } = this.options;
    return http.send({ method: 'GET', url, headers, trust, prefix: 'SCM' });
  }

  private urlOf(segments: readonly string[], query: Query): URL {
    const bad = segments.find((segment) => segment === '' || segment === '.' || segment === '..');
    if (bad !== undefined) throw new RemoteFailure('SCM_REFUSED', `"${bad}" is no name that can be asked for`);
    const url = new URL(this.base);
    url.pathname = [url.pathname.replace(/\/+$/, ''), ...segments.map(encodeURIComponent)].join('/');
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, String(value));
    return url;
  }

  /** Credentials go with it, so a page elsewhere is not asked for. */
  private sameServer(next: string): URL {
    const url = URL.canParse(next, this.base.href) ? new URL(next, this.base) : undefined;
    if (url?.origin === this.base.origin) return url;
    throw new RemoteFailure('SCM_REDIRECT_REFUSED', `${this.base.host} points to another server for its next page`);
  }
}

/** Of a path in a repository; doubled and outer slashes mean nothing. */
export function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

/** Undefined where the provider says that there is no such thing. */
export async function unlessAbsent<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof RemoteFailure && error.code === 'SCM_NOT_FOUND') return undefined;
    throw error;
  }
}

/** The URL of `rel="next"` in a Link header. */
export function linkNext({ headers }: RemoteAnswer): string | undefined {
  const link = Array.isArray(headers['link']) ? headers['link'].join(',') : (headers['link'] ?? '');
  for (const part of link.slice(0, 20_000).split(',')) {
    const [target = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    if (parameters.some((parameter) => /^rel="?next"?$/.test(parameter))) return target.replace(/^<|>$/g, '');
  }
  return undefined;
}
