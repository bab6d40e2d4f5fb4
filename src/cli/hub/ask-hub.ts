import { request as requestInClear } from 'node:http';
import { request as requestOverTls } from 'node:https';
import { text } from 'node:stream/consumers';
import { rootCertificates } from 'node:tls';
import { certificateFault, type CertificateFault } from '../../kernel/certificate-fault.js';
import { FleetError, messageOf } from '../../kernel/errors.js';
import { isObject, own } from '../../kernel/json.js';
import type { Hub } from './hub-flags.js';

const TIMEOUT_MS = 120_000;

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

/** What a hub answers, refusals included. Throws HUB_UNREACHABLE, and HUB_REFUSED where it is no JSON object. */
export async function askHub(hub: Hub, question: HubQuestion): Promise<HubAnswer> {
  const { status, content } = await exchange(hub, question).catch((error: NodeJS.ErrnoException) => {
    throw unreachable(hub, error);
  });
  const answer = parse(content);
  // A redirect is not followed: it would carry documents and token to somewhere else.
  if (status >= 300 && status < 400) throw refusal({ status, body: { message: 'a redirect, which is not followed' } });
  if (!isObject(answer)) throw refusal({ status, body: {} });
  return { status, body: answer };
}

/** A refusal in the hub's own words. */
export function refusal({ status, body }: HubAnswer): FleetError {
  const message = own(body, 'message');
  const said = typeof message === 'string' ? message : 'this is no answer of a hub';
  return new FleetError('conflict', 'HUB_REFUSED', `the hub answered with ${status}: ${said}`);
}

function exchange({ url, token, ca }: Hub, { path, body }: HubQuestion): Promise<{ status: number; content: string }> {
  const target = new URL(path, url.endsWith('/') ? url : `${url}/`);
  const content = body === undefined ? undefined : JSON.stringify(body);
  const options = {
    method: content === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      ...(content === undefined ? {} : { 'content-type': 'application/json' }),
    },
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }),
  };
  return new Promise((resolve, reject) => {
    const send = target.protocol === 'https:' ? requestOverTls : requestInClear;
    const sent = send(target, options, (response) => {
      text(response).then((answer) => resolve({ status: response.statusCode ?? 0, content: answer }), reject);
    });
    sent.once('error', reject).end(content);
  });
}

function unreachable({ url, ca }: Hub, error: NodeJS.ErrnoException): FleetError {
  const message = `cannot reach the hub at ${url}: ${messageOf(error) || (error.code ?? 'no answer')}`;
  const hint = hintOf(certificateFault(error.code), ca);
  return new FleetError('unavailable', 'HUB_UNREACHABLE', message, hint === undefined ? {} : { hint });
}

function hintOf(fault: CertificateFault | undefined, ca: string | undefined): string | undefined {
  if (fault === 'dates')
    return `Renew the hub's certificate, or set this machine's clock: it says ${new Date().toISOString()}.`;
  if (fault === 'names') return 'Ask the hub by a name that its certificate has, or give it one with that name.';
  if (fault !== 'untrusted') return undefined;
  return ca === undefined
    ? "Name the hub's own authority by --ca-file FILE; docs/install.md says where to get it."
    : 'The hub shows a certificate of another authority than the one in --ca-file.';
}

function parse(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
