import type { ChartCredentials } from '../domain/chart-credentials.js';
import type { ChartRepository } from './domain/chart-repository.js';

export interface ChartAccess extends ChartCredentials {
  /** A platform admin named the repository, or where it lies: it may stand at a private address. */
  isDeclared: boolean;
  /** Authorities in PEM that may vouch for the server, instead of the system's. */
  authorities?: string;
}

/** Finds what opens a chart repository. */
export abstract class ChartAccesses {
  /** Throws where credentials exist and do not open; that is not anonymous access. */
  abstract find(repository: ChartRepository): Promise<ChartAccess>;
}

/** `Authorization` for a server that asks for it by no challenge; undefined for anonymous access. */
export function authorizationOf({ username = '', password = '', bearerToken = '' }: ChartCredentials) {
  if (bearerToken !== '') return `Bearer ${bearerToken}`;
  return password === '' && username === '' ? undefined : basicAuthorization(username, password);
}

export function basicAuthorization(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
