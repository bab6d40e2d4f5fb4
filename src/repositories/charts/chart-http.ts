import { isIP } from 'node:net';
import { Agent, type Dispatcher } from 'undici';
import { ADDRESS_REFUSED, guardedLookup, mayConnect } from '../../expansion/fetchers/address-guard.js';
import { digestJson } from '../../kernel/digest.js';
import { fail, ok, type Result } from '../../kernel/result.js';
import { readFailure, type ReadFailure } from '../domain/read-failure.js';
import type { ChartAccess } from './chart-access.js';

export interface ChartHttpOptions {
  /** Private addresses may be asked though no admin named them. */
  allowPrivate: boolean;
  /** For one answer with all its redirects. */
  timeoutMs?: number;
}

export interface ChartRequest {
  url: URL;
  headers?: Readonly<Record<string, string>>;
  /** Goes to this server only: a redirect to another one drops it, and so it does everything of `access`. */
  authorization?: string | undefined;
  access: ChartAccess;
  maxBytes: number;
}

export interface ChartAnswer {
  status: number;
  headers: Dispatcher.ResponseData['headers'];
  /** Empty for refusals. */
  body: Buffer;
}

const TIMEOUT_MS = 60_000;
const MOST_REDIRECTS = 5;
const MOST_AGENTS = 64;
const CONNECTIONS = 8;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const STRANGER: ChartAccess = { isDeclared: false };

/**
 * Asks servers that hold charts: bounded in time and size, at no refused address, never redirected from https to http,
 * and without credentials once another server answers. Words of failures hold neither credentials nor queries.
 */
export class ChartHttp {
  private readonly agents = new Map<string, Agent>();
  private isClosed = false;

  constructor(private readonly options: ChartHttpOptions) {}

  /** Refusals of the server are answers too; failures are those of getting there. */
  async get(request: ChartRequest): Promise<Result<ChartAnswer, ReadFailure>> {
    const signal = AbortSignal.timeout(this.options.timeoutMs ?? TIMEOUT_MS);
    let asked = request;
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
      const answer = await this.exchange(asked, signal);
      const next = answer.ok ? redirectOf(answer.value, asked.url) : undefined;
      if (next === undefined) return answer;
      if (asked.url.protocol === 'https:' && next.protocol !== 'https:') {
        return fail(refused(`${shownUrl(asked.url)} is redirected from https to ${next.protocol}//${next.host}`));
      }
      const isSame = next.origin === asked.url.origin;
      asked = isSame ? { ...asked, url: next } : { ...asked, url: next, authorization: undefined, access: STRANGER };
    }
    return fail(refused(`${shownUrl(request.url)} is redirected more than ${MOST_REDIRECTS} times`));
  }

  /** Ends what runs and refuses what comes. */
  async close(): Promise<void> {
    this.isClosed = true;
    const agents = [...this.agents.values()];
    this.agents.clear();
    await Promise.all(agents.map((agent) => agent.destroy()));
  }

  private async exchange(request: ChartRequest, signal: AbortSignal): Promise<Result<ChartAnswer, ReadFailure>> {
    const { url, headers, authorization, access, maxBytes } = request;
    if (this.isClosed) return fail(readFailure('CHART_UNREACHABLE', 'the hub is shutting down'));
    const allowPrivate = this.options.allowPrivate || access.isDeclared;
    const fault = faultIn(url, allowPrivate);
    if (fault !== undefined) return fail(fault);
    try {
      const response = await this.agentOf(access, allowPrivate).request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: 'GET',
        headers: { 'user-agent': 'fleetwright', ...headers, ...(authorization === undefined ? {} : { authorization }) },
        signal,
      });
      const { statusCode: status } = response;
      if (status >= 300) await response.body.dump();
      const body = status >= 300 ? Buffer.alloc(0) : await bodyOf(response, maxBytes);
      if (body === undefined) return tooLarge(url, maxBytes);
      return ok({ status, headers: response.headers, body });
    } catch (error) {
      return fail(failureOf(error, url));
    }
  }

  private agentOf(access: ChartAccess, allowPrivate: boolean): Agent {
    const { insecure = false, authorities = '', certificate = '', key = '' } = access;
    const name = digestJson([allowPrivate, insecure, authorities, certificate, key]);
    const known = this.agents.get(name);
    if (known !== undefined) return known;
    const [oldest] = this.agents.keys();
    if (oldest !== undefined && this.agents.size >= MOST_AGENTS) {
      void this.agents.get(oldest)?.close();
      this.agents.delete(oldest);
    }
    const timeout = this.options.timeoutMs ?? TIMEOUT_MS;
    const tls = {
      rejectUnauthorized: !insecure,
      ...(authorities === '' ? {} : { ca: authorities }),
      ...(certificate === '' ? {} : { cert: certificate, key }),
    };
    const agent = new Agent({
      connect: { lookup: guardedLookup(allowPrivate), timeout, ...tls },
      connections: CONNECTIONS,
      headersTimeout: timeout,
      bodyTimeout: timeout,
    });
    this.agents.set(name, agent);
    return agent;
  }
}

/** Without user information and query, which may hold anything. */
export function shownUrl({ origin, pathname }: URL): string {
  return `${origin}${pathname}`.slice(0, 200);
}

/** What a refusal of the server means; `what` is the thing that was asked for. */
export function refusalOf(status: number, what: string): ReadFailure {
  if (status === 401 || status === 403) return readFailure('CHART_AUTH', `${what}: the server answered ${status}`);
  if (status === 404 || status === 410) return readFailure('CHART_NOT_FOUND', `${what}: the server answered ${status}`);
  return readFailure('CHART_UNREACHABLE', `${what}: the server answered ${status}`);
}

/** Names are judged when they are resolved; an address in the URL is never resolved. */
function faultIn(url: URL, allowPrivate: boolean): ReadFailure | undefined {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return refused(`${url.protocol} is not read`);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return isIP(host) !== 0 && !mayConnect(host, allowPrivate) ? addressRefused(url) : undefined;
}

async function bodyOf({ body }: Dispatcher.ResponseData, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += (chunk as Buffer).length;
    if (size > maxBytes) return undefined;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function redirectOf({ status, headers }: ChartAnswer, from: URL): URL | undefined {
  const { location } = headers;
  if (!REDIRECTS.has(status) || typeof location !== 'string' || !URL.canParse(location, from.href)) return undefined;
  const next = new URL(location, from);
  next.username = '';
  next.password = '';
  return next;
}

function failureOf(error: unknown, url: URL): ReadFailure {
  const { name = '', code = '' } = error as { name?: string; code?: string };
  if (code === ADDRESS_REFUSED) return addressRefused(url);
  if (name === 'TimeoutError' || name === 'AbortError' || /TIMEOUT/.test(code)) {
    return readFailure('CHART_TIMEOUT', `${shownUrl(url)} did not answer in time`);
  }
  return readFailure('CHART_UNREACHABLE', `${shownUrl(url)} cannot be reached: ${code || name || 'no connection'}`);
}

function addressRefused({ hostname }: URL): ReadFailure {
  const hint = 'a platform admin can name the repository in a repository Secret';
  return refused(`${hostname} is a private or reserved address: ${hint}`);
}

function tooLarge(url: URL, maxBytes: number): Result<never, ReadFailure> {
  return fail(readFailure('CHART_TOO_LARGE', `${shownUrl(url)} has more than the ${maxBytes} bytes that are read`));
}

function refused(message: string): ReadFailure {
  return readFailure('CHART_REFUSED', message);
}
