import { readFileSync } from 'node:fs';
import { digestBytes } from '../../kernel/digest.js';
import type { KnownAddress } from './hub-address.js';

/** How an agent is brought into a cluster with one join token; it holds the token and is shown with it, this once. */
export interface AgentInstall {
  /** One command; where the cluster's name is not known yet it reads `$CLUSTER`. */
  helm: string;
  /** For `kubectl apply -f -`: what the chart renders. Only where the cluster's name is known. */
  manifest?: string;
}

export interface InstallRequest {
  address: KnownAddress;
  token: string;
  cluster?: string;
}

/** Rendered from charts/agent with the placeholders below; test/charts/agent-manifest.spec.ts keeps it so. */
const MANIFEST = new URL('../../../charts/agent/install/manifest.yaml', import.meta.url);
export const PLACEHOLDERS = {
  url: 'https://hub.placeholder.invalid:65443',
  cluster: 'placeholder-cluster',
  token: 'fwjoin_placeholder',
};

/** Undefined where agents could not be told of an https URL to dial: a hub on loopback. */
export function agentInstall({ address, token, cluster }: InstallRequest): AgentInstall | undefined {
  if (!address.url.startsWith('https:')) return undefined;
  const helm = helmCommand({ address, token, ...(cluster === undefined ? {} : { cluster }) });
  return cluster === undefined ? { helm } : { helm, manifest: manifestOf({ address, token, cluster }) };
}

function helmCommand({ address: { url, chart, image }, token, cluster }: InstallRequest): string {
  const values: Record<string, string> = {
    'hub.url': shellText(helmText(url)),
    'cluster.name': cluster === undefined ? '"$CLUSTER"' : shellText(cluster),
    'joinToken.value': shellText(token),
    ...(image === undefined ? {} : imageValues(image)),
  };
  const sets = Object.entries(values).map(([name, value]) => `--set-string ${name}=${value}`);
  const where = '--namespace fleetwright-agent --create-namespace';
  return `helm upgrade --install fleetwright-agent ${shellText(chart)} ${where} ${sets.join(' ')}`;
}

/** `repository:tag`, or `repository@digest`. */
function imageValues(image: string): Record<string, string> {
  const [, repository = image, tag, digest] = /^(.+?)(?::([^:/@]+))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(image) ?? [];
  return {
    'image.repository': shellText(helmText(repository)),
    ...(tag === undefined ? {} : { 'image.tag': shellText(helmText(tag)) }),
    ...(digest === undefined ? {} : { 'image.digest': shellText(digest) }),
  };
}

function manifestOf({ address: { url, image }, token, cluster }: Required<InstallRequest>): string {
  const config = (secret: string): string => digestBytes(`${secret}\n`).slice('sha256:'.length);
  const replaced: [RegExp | string, string][] = [
    [JSON.stringify(PLACEHOLDERS.url), JSON.stringify(url)],
    [portText(PLACEHOLDERS.url), portText(url)],
    [JSON.stringify(PLACEHOLDERS.cluster), JSON.stringify(cluster)],
    [JSON.stringify(PLACEHOLDERS.token), JSON.stringify(token)],
    [config(PLACEHOLDERS.token), config(token)],
    ...(image === undefined ? [] : [[/(?<=image: )".*"/, JSON.stringify(image)] as [RegExp, string]]),
  ];
  const rendered = readFileSync(MANIFEST, 'utf8');
  return replaced.reduce((text, [from, to]) => text.replace(from, () => to), rendered);
}

/** As the network policy names it. */
function portText(url: string): string {
  return `{ port: ${new URL(url).port || '443'}, protocol: TCP }`;
}

/** Commas and backslashes are syntax in a value of helm's --set. */
function helmText(value: string): string {
  return value.replace(/[\\,{}[\]]/g, '\\$&');
}

function shellText(value: string): string {
  return /^[\w./:@=-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
