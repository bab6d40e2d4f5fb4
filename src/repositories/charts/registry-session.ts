import type { Clock } from '../../kernel/clock.js';
import { digestJson } from '../../kernel/digest.js';
import { isObject, own } from '../../kernel/json.js';
import { fail, ok, type Result } from '../../kernel/result.js';
import { readFailure, type ReadFailure } from '../domain/read-failure.js';
import { authorizationOf, basicAuthorization, type ChartAccess } from './chart-access.js';
import { refusalOf, shownUrl, type ChartAnswer, type ChartHttp } from './chart-http.js';
import { readChallenge, type Challenge } from './domain/bearer-challenge.js';

export interface RegistryRequest {
  url: URL;
  /** The repository that is read; empty for the registry itself. */
  name: string;
  access: ChartAccess;
  accept: string;
  maxBytes: number;
}

interface Token {
  authorization: string;
  until: number;
}

const MAX_TOKEN_BYTES = 1 << 20;
const SHORTEST_LIFE_SECONDS = 60;
/** Of a token's life, so that none runs out on the way. */
const USED_PART = 0.8;
const MOST_TOKENS = 1_000;

/** Asks a registry as it wants to be asked: anonymously, by name and password, or by a token that it sends for. */
export class RegistrySession {
  private readonly tokens = new Map<string, Token>();

  constructor(
    private readonly http: ChartHttp,
    private readonly clock: Clock,
  ) {}

  async get(request: RegistryRequest): Promise<Result<ChartAnswer, ReadFailure>> {
    const key = tokenKey(request);
    const first = await this.send(request, this.tokenOf(key));
    if (!first.ok || first.value.status !== 401) return first;
    this.tokens.delete(key);
    const challenge = readChallenge(String(first.value.headers['www-authenticate'] ?? ''));
    if (challenge === undefined) return fail(refusalOf(401, shownUrl(request.url)));
    const token = await this.answerTo(challenge, request);
    if (!token.ok) return token;
    if (this.tokens.size >= MOST_TOKENS) this.tokens.clear();
    this.tokens.set(key, token.value);
    return this.send(request, token.value.authorization);
  }

  private send({ url, access, accept, maxBytes }: RegistryRequest, authorization: string | undefined) {
    return this.http.get({ url, headers: { accept }, authorization, access, maxBytes });
  }

  private tokenOf(key: string): string | undefined {
    const token = this.tokens.get(key);
    return token !== undefined && this.now() < token.until ? token.authorization : undefined;
  }

  private async answerTo(challenge: Challenge, request: RegistryRequest): Promise<Result<Token, ReadFailure>> {
    const { access, url } = request;
    if (challenge.scheme === 'bearer') return this.fetchToken(challenge, request);
    const authorization = authorizationOf(access);
    if (authorization !== undefined) return ok({ authorization, until: Infinity });
    return fail(readFailure('CHART_AUTH', `${shownUrl(url)} asks for credentials, and none are known`));
  }

  private async fetchToken(
    { realm, service, scope }: Challenge & { scheme: 'bearer' },
    { url, name, access }: RegistryRequest,
  ): Promise<Result<Token, ReadFailure>> {
    const at = URL.canParse(realm) ? new URL(realm) : undefined;
    if (at === undefined || (url.protocol === 'https:' && at.protocol !== 'https:')) {
      return fail(readFailure('CHART_REFUSED', `${url.host} sends for tokens to a place that is no https URL`));
    }
    if (service !== '') at.searchParams.set('service', service);
    if (scope !== '' || name !== '') at.searchParams.set('scope', scope || `repository:${name}:pull`);
    const isSame = at.origin === url.origin;
    const authorization = isSame ? authorizationOf(access) : passwordOf(access);
    const { isDeclared, insecure = false, authorities = '' } = access;
    const from = isSame ? access : { isDeclared, insecure, authorities };
    const answer = await this.http.get({ url: at, authorization, access: from, maxBytes: MAX_TOKEN_BYTES });
    if (!answer.ok) return answer;
    if (answer.value.status !== 200) return fail(refusalOf(answer.value.status, `the tokens of ${url.host}`));
    const token = tokenIn(answer.value.body, this.now());
    return token ? ok(token) : fail(readFailure('CHART_CORRUPT', `${shownUrl(at)} answered no token`));
  }

  private now(): number {
    return this.clock.now().getTime();
  }
}

/** What may be shown to the place that a registry sends to for tokens: never a token of its own, nor a certificate. */
function passwordOf({ username = '', password = '' }: ChartAccess): string | undefined {
  return password === '' ? undefined : basicAuthorization(username, password);
}

/** Tokens are for one repository and whoever asked for them. */
function tokenKey({ url, name, access }: RegistryRequest): string {
  return digestJson([url.origin, name, authorizationOf(access) ?? '']);
}

function tokenIn(body: Buffer, now: number): Token | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
  if (!isObject(answer)) return undefined;
  const token = own(answer, 'token') ?? own(answer, 'access_token');
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) return undefined;
  const told = own(answer, 'expires_in');
  const seconds = typeof told === 'number' && told > 0 ? told : SHORTEST_LIFE_SECONDS;
  return { authorization: `Bearer ${token}`, until: now + seconds * 1000 * USED_PART };
}
