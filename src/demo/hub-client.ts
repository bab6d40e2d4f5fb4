import { Agent, type Dispatcher } from 'undici';
import type { StatusBody } from '../api/errors/status.js';
import { FleetError } from '../kernel/errors.js';
import { isObject } from '../kernel/json.js';

const TIMEOUT_MS = 30_000;

export interface HubAnswer {
  status: number;
  body: unknown;
}

interface Sent {
  method: Dispatcher.HttpMethod;
  path: string;
  type?: string;
  body?: string;
}

/** The hub's REST and GraphQL doors, in the name of one token. */
export class HubClient {
  constructor(
    readonly url: string,
    private readonly token: string,
    private readonly dispatcher: Dispatcher = new Agent({ bodyTimeout: TIMEOUT_MS, headersTimeout: TIMEOUT_MS }),
  ) {}

  /** The same hub with another token. */
  as(token: string): HubClient {
    return new HubClient(this.url, token, this.dispatcher);
  }

  get<T>(path: string): Promise<T> {
    return this.must<T>({ method: 'GET', path });
  }

  post<T>(path: string, body: unknown = {}): Promise<T> {
    return this.must<T>({ method: 'POST', path, type: 'application/json', body: JSON.stringify(body) });
  }

  /** A JSON merge patch. */
  patch<T>(path: string, patch: unknown): Promise<T> {
    const body = JSON.stringify(patch);
    return this.must<T>({ method: 'PATCH', path, type: 'application/merge-patch+json', body });
  }

  /** Applies documents; answers how many. Throws with the first one that was refused, and why. */
  async apply(yaml: string): Promise<number> {
    const sent = { method: 'POST', path: '/api/v1/apply', type: 'application/yaml', body: yaml } as const;
    const { results } = await this.must<{ results: { kind: string; name: string; error?: unknown }[] }>(sent);
    const refused = results.find(({ error }) => error !== undefined);
    if (refused) throw refusal(`${refused.kind} "${refused.name}"`, { status: 207, body: refused.error });
    return results.length;
  }

  async graphql<T>(query: string): Promise<T> {
    const answer = await this.post<{ data?: T; errors?: { message: string }[] }>('/graphql', { query });
    if (answer.data != null && answer.errors === undefined) return answer.data;
    throw new FleetError('conflict', 'GRAPHQL', answer.errors?.map(({ message }) => message).join('; ') ?? 'no data');
  }

  /** Whatever the hub answers, refusals included. */
  async send({ method, path, type, body }: Sent): Promise<HubAnswer> {
    const headers = { authorization: `Bearer ${this.token}`, ...(type === undefined ? {} : { 'content-type': type }) };
    const origin = { origin: this.url, path, method, headers };
    const response = await this.dispatcher.request(body === undefined ? origin : { ...origin, body });
    const text = await response.body.text();
    return { status: response.statusCode, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
  }

  close(): Promise<void> {
    return this.dispatcher.close();
  }

  /** The body is the hub's own, of a shape its API promises. */
  private async must<T>(sent: Sent): Promise<T> {
    const answer = await this.send(sent);
    if (answer.status < 300) return answer.body as T;
    throw refusal(`${sent.method} ${sent.path}`, answer);
  }
}

function refusal(what: string, { status, body }: HubAnswer): FleetError {
  const { message = 'no message', details } = (isObject(body) ? body : {}) as Partial<StatusBody>;
  const faults = details?.faults ?? [];
  return new FleetError('conflict', 'HUB_REFUSED', `${what} was answered with ${status}: ${message}`, { faults });
}
