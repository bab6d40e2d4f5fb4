import { readFile } from 'node:fs/promises';
import { FleetError, messageOf } from '../../kernel/errors.js';
import { isObject, own } from '../../kernel/json.js';
import { usage } from '../usage.js';

const TIMEOUT_MS = 120_000;

export interface Hub {
  url: string;
  token: string;
}

export interface HubQuestion {
  /** Relative to the hub's URL. */
  path: string;
  /** Sent as JSON by POST; without one it is a GET. */
  body?: unknown;
}

export interface HubAnswer {
  status: number;
  body: Record<string, unknown>;
}

export const HUB_FLAGS = { hub: { type: 'string' }, 'token-file': { type: 'string' } } as const;

/** The hub that the flags name. Throws USAGE. */
export async function hubOf(flags: { hub?: string | undefined; 'token-file'?: string | undefined }): Promise<Hub> {
  const { hub: url = '', 'token-file': tokenFile = '' } = flags;
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) throw usage('--hub must be an http or https URL');
  return { url, token: await readToken(tokenFile) };
}

/** What a hub answers, refusals included. Throws HUB_UNREACHABLE, and HUB_REFUSED where it is no JSON object. */
export async function askHub({ url, token }: Hub, { path, body }: HubQuestion): Promise<HubAnswer> {
  const sent =
    body === undefined
      ? {}
      : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await fetch(new URL(path, url.endsWith('/') ? url : `${url}/`), {
    ...sent,
    headers: { ...sent.headers, authorization: `Bearer ${token}` },
    // A redirect would carry documents and token to somewhere else.
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: unknown) => {
    throw new FleetError('unavailable', 'HUB_UNREACHABLE', `cannot reach the hub at ${url}: ${reasonOf(error)}`);
  });
  const answer = parse(await response.text());
  if (!isObject(answer)) throw refusal({ status: response.status, body: {} });
  return { status: response.status, body: answer };
}

/** A refusal in the hub's own words. */
export function refusal({ status, body }: HubAnswer): FleetError {
  const message = own(body, 'message');
  const said = typeof message === 'string' ? message : 'this is no answer of a hub';
  return new FleetError('conflict', 'HUB_REFUSED', `the hub answered with ${status}: ${said}`);
}

async function readToken(file: string): Promise<string> {
  if (file === '') throw usage('no token is given', 'Name a file that holds it by --token-file FILE.');
  const token = await readFile(file, 'utf8').catch((error: unknown) => {
    throw usage(`cannot read the token: ${messageOf(error)}`);
  });
  if (/^[!-~]+$/.test(token.trim())) return token.trim();
  throw usage(`${file} holds no token: it must be one word`);
}

/** fetch hides what happened in the cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return messageOf(cause ?? error) || messageOf(error);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
