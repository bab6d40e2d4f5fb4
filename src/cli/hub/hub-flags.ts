import { readFile } from 'node:fs/promises';
import { messageOf } from '../../kernel/errors.js';
import { isLoopback } from '../../kernel/loopback.js';
import type { HubChoice } from '../command.js';
import { usage } from '../usage.js';

export interface Hub {
  url: string;
  token: string;
  /** Authorities for its certificate beside the well-known ones, PEM. */
  ca?: string;
}

export const HUB_FLAGS = {
  hub: { type: 'string' },
  'token-file': { type: 'string' },
  'ca-file': { type: 'string' },
} as const;

/** What a command that asks a hub says of these flags. */
export const HUB_HELP = `      --hub URL          such as https://fleetwright.example.com, or $FLEETWRIGHT_HUB_URL
      --token-file FILE  holds the token to ask with, or $FLEETWRIGHT_TOKEN_FILE
      --ca-file FILE     the hub's own authority in PEM (its ca.crt), or $FLEETWRIGHT_HUB_CA`;

interface HubFlags {
  hub?: string | undefined;
  'token-file'?: string | undefined;
  'ca-file'?: string | undefined;
}

/** The hub that the flags name, and the environment where they do not. Throws USAGE. */
export async function hubOf(flags: HubFlags, environment: HubChoice): Promise<Hub> {
  const url = flags.hub ?? environment.hub ?? '';
  refuseUnsafe(url);
  const token = await readToken(flags['token-file'] ?? environment.tokenFile ?? '');
  const caFile = flags['ca-file'] ?? environment.caFile;
  return { url, token, ...(caFile === undefined ? {} : { ca: await readAuthorities(caFile) }) };
}

function refuseUnsafe(url: string): void {
  if (url === '') throw usage('no hub is named', 'Name it by --hub URL.');
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) throw usage('--hub must be an https URL');
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:' || isLoopback(hostname)) return;
  throw usage(`${url} is plain http, which would carry the token in clear`, 'Use the https URL of the hub.');
}

async function readToken(file: string): Promise<string> {
  if (file === '') throw usage('no token is given', 'Name a file that holds it by --token-file FILE.');
  const token = (await readNamed(file, 'token')).trim();
  if (/^[!-~]+$/.test(token)) return token;
  throw usage(`${file} holds no token: it must be one word`);
}

async function readAuthorities(file: string): Promise<string> {
  const text = await readNamed(file, "hub's authority");
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  throw usage(
    `${file} holds no certificate in PEM`,
    "It is to be the authority's certificate, as in the hub's ca.crt.",
  );
}

function readNamed(file: string, what: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw usage(`cannot read the ${what}: ${messageOf(error)}`);
  });
}
