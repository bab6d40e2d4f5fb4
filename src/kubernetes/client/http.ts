import { Pool, type Dispatcher } from 'undici';
import type { KubernetesConnection } from './connection.js';
import { apiErrorOf } from './kubernetes-api-error.js';

/** The largest answer that is read: a page of objects; more is refused by undici. */
const LARGEST_ANSWER = 128 * 1024 * 1024;
const ANSWER_TIMEOUT_MS = 60_000;
/** Longer than any watch lives (its timeoutSeconds), so that an idle one is not cut. */
const WATCH_SILENCE_MS = 400_000;

export interface ApiRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  query?: Record<string, string>;
  body?: unknown;
  contentType?: string;
  signal?: AbortSignal;
}

/**
 * One API server's HTTP: a bounded pool for requests, so that no caller can flood it, and a pool of its own for
 * watches, which hold their connection for as long as they live.
 */
export class KubernetesHttp {
  private readonly requests: Pool;
  private readonly streams: Pool;
  /** What precedes every path when the API is served under one. */
  private readonly prefix: string;

  constructor(
    private readonly connection: KubernetesConnection,
    connections: number,
  ) {
    const url = new URL(connection.server);
    const { ca, cert, key } = connection;
    const connect = { ca, cert, key, rejectUnauthorized: connection.skipTlsVerify !== true };
    this.prefix = url.pathname.replace(/\/$/, '');
    this.requests = new Pool(url.origin, {
      connect,
      connections,
      headersTimeout: ANSWER_TIMEOUT_MS,
      bodyTimeout: ANSWER_TIMEOUT_MS,
      maxResponseSize: LARGEST_ANSWER,
    });
    this.streams = new Pool(url.origin, { connect, headersTimeout: ANSWER_TIMEOUT_MS, bodyTimeout: WATCH_SILENCE_MS });
  }

  /** The answer's JSON. Throws KubernetesApiError for anything but 2xx. */
  async json(request: ApiRequest): Promise<unknown> {
    const answer = await this.send(this.requests, request);
    return parse(await answer.body.text());
  }

  /** The bytes of a watch, as they come. */
  async stream(request: ApiRequest): Promise<AsyncIterable<Uint8Array>> {
    const answer = await this.send(this.streams, request);
    return answer.body;
  }

  async close(): Promise<void> {
    await Promise.all([this.requests.destroy(), this.streams.destroy()]);
  }

  private async send(pool: Pool, request: ApiRequest): Promise<Dispatcher.ResponseData> {
    const token = await this.connection.token?.();
    const query = new URLSearchParams(request.query).toString();
    const answer = await pool.request({
      method: request.method,
      path: `${this.prefix}${request.path}${query === '' ? '' : `?${query}`}`,
      headers: {
        accept: 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(request.body === undefined ? {} : { 'content-type': request.contentType ?? 'application/json' }),
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });
    if (answer.statusCode < 300) return answer;
    throw apiErrorOf(answer.statusCode, parse(await answer.body.text()), `${request.method} ${request.path}`);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
