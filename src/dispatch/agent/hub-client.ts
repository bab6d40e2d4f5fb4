import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { FleetError, type FleetErrorKind } from '../../kernel/errors.js';
import { digestJson } from '../../kernel/digest.js';
import { isObject, own } from '../../kernel/json.js';
import { readLines } from '../../kernel/lines.js';
import { watchEventSchema, type WatchEvent } from '../protocol/delivery.js';
import {
  joinResponseSchema,
  sessionResponseSchema,
  type JoinRequest,
  type JoinResponse,
  type SessionRequest,
  type SessionResponse,
} from '../protocol/join.js';
import type { Report } from '../protocol/report.js';

/** A delivery names every held prune of its Application. */
const LONGEST_EVENT = 16 * 1024 * 1024;
const LARGEST_BUNDLE = 256 * 1024 * 1024;
const LARGEST_DOCUMENT = 8 * 1024 * 1024;
/** The hub sends heartbeats far more often; a silent stream is a dead one. */
const WATCH_SILENCE_MS = 90_000;
const ANSWER_TIMEOUT_MS = 60_000;

export interface HubClientOptions {
  url: string;
  /** Shared by all agents of one process. */
  dispatcher: Dispatcher;
  /** A fresh assertion for one call. */
  assertion: () => Promise<string>;
}

interface Call {
  method: 'GET' | 'POST';
  path: string;
  body?: unknown;
  anonymous?: boolean;
  bodyTimeout?: number;
  signal?: AbortSignal;
}

/** The agent's calls to the hub. A refusal is a FleetError with the hub's code; a lost connection is undici's error. */
export class HubClient {
  constructor(private readonly options: HubClientOptions) {}

  async join(request: JoinRequest): Promise<JoinResponse> {
    const answer = await this.send({ method: 'POST', path: '/agent/v1/join', body: request, anonymous: true });
    return joinResponseSchema.parse(await answer.body.json());
  }

  async openSession(request: SessionRequest): Promise<SessionResponse> {
    const answer = await this.send({ method: 'POST', path: '/agent/v1/sessions', body: request });
    return sessionResponseSchema.parse(await answer.body.json());
  }

  /** Deliveries from the cursor on, or a snapshot first when there is none. Ends when the hub ends the stream. */
  async *watch(session: string, since: string | undefined, signal: AbortSignal): AsyncGenerator<WatchEvent> {
    const query = new URLSearchParams({ session, ...(since === undefined ? {} : { since }) }).toString();
    const path = `/agent/v1/watch?${query}`;
    const answer = await this.send({ method: 'GET', path, bodyTimeout: WATCH_SILENCE_MS, signal });
    for await (const line of readLines(answer.body, LONGEST_EVENT)) yield watchEventSchema.parse(JSON.parse(line));
  }

  /** The bundle's text as it came; its digest is checked where it is decoded. */
  async bundle(digest: string): Promise<string> {
    const answer = await this.send({ method: 'GET', path: `/agent/v1/bundles/${encodeURIComponent(digest)}` });
    return (await readBody(answer, LARGEST_BUNDLE)).toString('utf8');
  }

  /** A project or settings document. Throws when it is not the one that was named. */
  async document(collection: 'projects' | 'settings', digest: string): Promise<unknown> {
    const answer = await this.send({ method: 'GET', path: `/agent/v1/${collection}/${encodeURIComponent(digest)}` });
    const document: unknown = JSON.parse((await readBody(answer, LARGEST_DOCUMENT)).toString('utf8'));
    const found = digestJson(document);
    if (found === digest) return document;
    throw new FleetError(
      'unavailable',
      'DIGEST_MISMATCH',
      `${collection} ${digest} arrived as ${found}: the download is corrupt or was changed`,
    );
  }

  async report(report: Report): Promise<void> {
    const answer = await this.send({ method: 'POST', path: '/agent/v1/reports', body: report });
    await answer.body.dump();
  }

  private async send(call: Call): Promise<Dispatcher.ResponseData> {
    const url = new URL(this.options.url);
    const answer = await this.options.dispatcher.request({
      origin: url.origin,
      method: call.method,
      path: `${url.pathname.replace(/\/$/, '')}${call.path}`,
      headers: {
        accept: 'application/json, application/x-ndjson',
        'accept-encoding': 'gzip',
        ...(call.anonymous ? {} : { authorization: `Bearer ${await this.options.assertion()}` }),
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      headersTimeout: ANSWER_TIMEOUT_MS,
      bodyTimeout: call.bodyTimeout ?? ANSWER_TIMEOUT_MS,
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      ...(call.signal === undefined ? {} : { signal: call.signal }),
    });
    if (answer.statusCode < 300) return answer;
    throw refusal(answer.statusCode, (await readBody(answer, LARGEST_DOCUMENT)).toString('utf8'), call.path);
  }
}

const unzip = promisify(gunzip);

/** The whole body, unpacked, never more than `most` bytes. */
async function readBody(answer: Dispatcher.ResponseData, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > most)
      throw new FleetError('too-large', 'ANSWER_TOO_LARGE', `the hub's answer is larger than ${most} bytes`);
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  return answer.headers['content-encoding'] === 'gzip' ? unzip(bytes, { maxOutputLength: most }) : bytes;
}

const KINDS: Readonly<Record<number, FleetErrorKind>> = {
  400: 'malformed',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  410: 'gone',
  413: 'too-large',
  422: 'invalid',
  429: 'too-many',
};

function refusal(status: number, text: string, path: string): FleetError {
  const body = parse(text);
  // The hub answers with a Kubernetes Status: its own code and hint are in `details`.
  const details = isObject(body) ? own(body, 'details') : undefined;
  const field = (name: string, source: unknown = body): string | undefined => {
    const value = isObject(source) ? own(source, name) : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  const hint = field('hint', details) ?? field('hint');
  return new FleetError(
    KINDS[status] ?? 'unavailable',
    field('code', details) ?? field('code') ?? `HTTP_${status}`,
    `${path.split('?')[0]}: ${field('message') ?? `the hub answered ${status}`}`,
    hint === undefined ? {} : { hint },
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
