import { isIP } from 'node:net';
import { rootCertificates } from 'node:tls';
import { Agent, type Dispatcher } from 'undici';
import type { Clock } from '../../kernel/clock.js';
import { digestJson } from '../../kernel/digest.js';
import { ADDRESS_REFUSED, guardedLookup, mayConnect } from './address-guard.js';
import { RateLimits } from './rate-limits.js';
import { RemoteFailure } from './remote-failure.js';

export interface RemoteHttpOptions {
  clock: Clock;
  /** For one request with its whole answer. */
  timeoutMs?: number;
  largestAnswer?: number;
}

/** How a server may be connected to. */
export interface RemoteTrust {
  allowPrivate: boolean;
  /** Takes any certificate. */
  insecure: boolean;
  /** Certificates in PEM beside the system's; empty for none. */
  ca: string;
}

export interface RemoteRequest {
  method: 'GET' | 'POST';
  url: URL;
  headers: Readonly<Record<string, string>>;
  body?: string;
  trust: RemoteTrust;
  /** Of error codes. */
  prefix: 'SCM' | 'PLUGIN';
  /** Where the server may take longer than others, or must be quicker. */
  timeoutMs?: number;
}

export interface RemoteAnswer {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: unknown;
}

const TIMEOUT_MS = 30_000;
/** The signal of each request ends it earlier. */
const LONGEST_SILENCE_MS = 300_000;
const LARGEST_ANSWER = 16 * 1024 * 1024;
const CONNECTIONS = 8;
const MOST_REDIRECTS = 3;
const MOST_AGENTS = 64;

/**
 * Asks servers that other people run: bounded in time, size and connections; never at a refused address, and never
 * redirected to another server. Throws RemoteFailure, whose words hold no credentials and nothing that was answered.
 */
export class RemoteHttp {
  private readonly agents = new Map<string, Agent>();
  private readonly limits: RateLimits;

  readonly clock: Clock;
  private readonly timeoutMs: number;

  constructor(private readonly options: RemoteHttpOptions) {
    this.clock = options.clock;
    this.limits = new RateLimits(options.clock);
    this.timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  }

  async send(request: RemoteRequest): Promise<RemoteAnswer> {
    const { prefix, headers } = request;
    const caller = digestJson([request.url.origin, headers['authorization'], headers['private-token']]);
    const waitSeconds = this.limits.remaining(caller);
    if (waitSeconds > 0) throw rateLimited(request, waitSeconds);
    const answer = await this.follow(request);
    if (answer.status < 300 && answer.status !== 203) return answer;
    const retryAfter = this.limits.note(caller, answer);
    if (retryAfter !== undefined) throw rateLimited(request, retryAfter);
    throw new RemoteFailure(
      `${prefix}_${refusalOf(answer.status)}`,
      `${describe(request)} answered ${answer.status}`,
      answer.body,
    );
  }

  async close(): Promise<void> {
    const agents = [...this.agents.values()];
    this.agents.clear();
    await Promise.all(agents.map((agent) => agent.destroy()));
  }

  private async follow(request: RemoteRequest): Promise<RemoteAnswer> {
    const signal = AbortSignal.timeout(request.timeoutMs ?? this.timeoutMs);
    let url = request.url;
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      const answer = await this.exchange({ ...request, url }, signal);
      const next = redirectOf(answer, url);
      if (next === undefined) return answer;
      if (request.method !== 'GET' || next.origin !== url.origin) {
        throw new RemoteFailure(
          `${request.prefix}_REDIRECT_REFUSED`,
          `${describe(request)} points to another server; name that one as api`,
        );
      }
      url = next;
    }
    throw new RemoteFailure(`${request.prefix}_REDIRECT_REFUSED`, `${describe(request)} is redirected in circles`);
  }

  private async exchange(request: RemoteRequest, signal: AbortSignal): Promise<RemoteAnswer> {
    const { url, method, headers, body, trust } = request;
    refuseAddress(request);
    try {
      const response = await this.agentOf(trust).request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method,
        headers: { accept: 'application/json', 'user-agent': 'fleetwright', ...headers },
        signal,
        ...(body === undefined ? {} : { body }),
      });
      return { status: response.statusCode, headers: response.headers, body: await jsonOf(response, request) };
    } catch (error) {
      throw error instanceof RemoteFailure ? error : failureOf(error, request);
    }
  }

  private agentOf({ allowPrivate, insecure, ca }: RemoteTrust): Agent {
    const key = digestJson([allowPrivate, insecure, ca]);
    const known = this.agents.get(key);
    if (known) return known;
    const [oldest] = this.agents.keys();
    if (oldest !== undefined && this.agents.size >= MOST_AGENTS) {
      void this.agents.get(oldest)?.close();
      this.agents.delete(oldest);
    }
    const tls = { rejectUnauthorized: !insecure, ...(ca === '' ? {} : { ca: [...rootCertificates, ca] }) };
    const agent = new Agent({
      connect: { lookup: guardedLookup(allowPrivate), timeout: this.timeoutMs, ...tls },
      connections: CONNECTIONS,
      headersTimeout: LONGEST_SILENCE_MS,
      bodyTimeout: LONGEST_SILENCE_MS,
      maxResponseSize: this.options.largestAnswer ?? LARGEST_ANSWER,
    });
    this.agents.set(key, agent);
    return agent;
  }
}

/** Names are judged when they are resolved; an address in the URL is never resolved. */
function refuseAddress({ url, trust, prefix }: RemoteRequest): void {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new RemoteFailure(`${prefix}_NOT_ALLOWED`, `only http and https are asked, not ${url.protocol}`);
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !mayConnect(host, trust.allowPrivate)) throw addressRefused(url, prefix);
}

function addressRefused({ hostname }: URL, prefix: string): RemoteFailure {
  const hint = 'a platform admin can list its api in FLEETWRIGHT_ALLOWED_SCM_PROVIDERS';
  return new RemoteFailure(`${prefix}_ADDRESS_REFUSED`, `${hostname} is a private or reserved address; ${hint}`);
}

function redirectOf({ status, headers }: RemoteAnswer, from: URL): URL | undefined {
  const { location } = headers;
  if (![301, 302, 303, 307, 308].includes(status) || typeof location !== 'string') return undefined;
  return URL.canParse(location, from.href) ? new URL(location, from) : undefined;
}

/** A refusal may hold anything, such as a page for people; an answer that is taken must be JSON. */
async function jsonOf(response: Dispatcher.ResponseData, request: RemoteRequest): Promise<unknown> {
  const text = await response.body.text();
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    if (response.statusCode >= 300 || response.statusCode === 203) return undefined;
    throw new RemoteFailure(
      `${request.prefix}_ANSWER_INVALID`,
      `${describe(request)} answered something that is no JSON`,
    );
  }
}

function failureOf(error: unknown, request: RemoteRequest): RemoteFailure {
  const { name, code } = error as { name?: string; code?: string };
  const { prefix, url } = request;
  if (code === ADDRESS_REFUSED) return addressRefused(url, prefix);
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    return new RemoteFailure(`${prefix}_TOO_LARGE`, `${describe(request)} answered more than is read`);
  }
  if (name === 'TimeoutError' || name === 'AbortError' || /TIMEOUT/.test(code ?? '')) {
    return new RemoteFailure(`${prefix}_TIMEOUT`, `${describe(request)} did not answer in time`);
  }
  return new RemoteFailure(`${prefix}_UNREACHABLE`, `${describe(request)} failed: ${code ?? name ?? 'no connection'}`);
}

function refusalOf(status: number): string {
  if (status === 401 || status === 403 || status === 203) return 'AUTH';
  if (status === 404) return 'NOT_FOUND';
  if (status >= 500) return 'UNREACHABLE';
  return 'REFUSED';
}

function rateLimited(request: RemoteRequest, seconds: number): RemoteFailure {
  return new RemoteFailure(
    `${request.prefix}_RATE_LIMITED`,
    `${request.url.host} limits requests; asked again in ${seconds} s`,
  );
}

/** Without the query, which may hold anything. */
function describe({ method, url }: RemoteRequest): string {
  return `${method} ${url.origin}${url.pathname}`;
}
