import { locateRepository } from '../../domain/repository-url.js';

/** Where charts lie: below an `index.yaml`, or in an OCI registry. */
export interface ChartRepository {
  type: 'index' | 'registry';
  /** `https://…` or `oci://…`, without user information and without a slash at the end. */
  url: string;
  /** Credentials written into the URL itself. */
  username: string;
  password: string;
}

/** Undefined where no chart can be read from it. Without a scheme it is a registry, as in Argo CD. */
export function locateChartRepository(repoURL: string): ChartRepository | undefined {
  const text = repoURL.trim();
  const location = locateRepository(text.includes('://') ? text : `oci://${text}`);
  if (location === undefined || location.fetchUrl.includes('?')) return undefined;
  const { scheme, fetchUrl, username, password } = location;
  if (scheme !== 'oci' && scheme !== 'http' && scheme !== 'https') return undefined;
  const url = fetchUrl.replace(/\/+$/, '');
  if (scheme === 'oci' && !/^oci:\/\/(?:[a-zA-Z0-9.-]+|\[[0-9a-fA-F:.]+\])(?::\d+)?(?:\/|$)/.test(url))
    return undefined;
  return { type: scheme === 'oci' ? 'registry' : 'index', url, username, password };
}

/** A repository of an OCI registry: what its API calls `name`. */
export interface RegistryName {
  /** With the port. */
  host: string;
  name: string;
}

const NAME = /^[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$/;
const LONGEST_NAME = 255;

/** Undefined where the registry's API has no such name. */
export function registryName({ url }: ChartRepository, chart: string): RegistryName | undefined {
  const [, ...path] = url.slice('oci://'.length).split('/');
  const name = [...path, chart].filter((part) => part !== '').join('/');
  if (name.length > LONGEST_NAME || !NAME.test(name)) return undefined;
  return { host: registryHost(url), name };
}

/** The server behind an `oci://` URL, with its port. */
export function registryHost(url: string): string {
  const [host = ''] = url.slice('oci://'.length).split('/');
  return host === 'docker.io' ? 'registry-1.docker.io' : host;
}
