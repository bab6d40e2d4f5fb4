import { FleetError, invalid } from '../../kernel/errors.js';
import type { ChartCredentials } from './chart-credentials.js';
import { isOfCharts, readChartSecret } from './chart-secret.js';
import type { GitCredentials } from './git-credentials.js';
import { locateRepository } from './repository-url.js';

export type RepositorySecretKind = 'repository' | 'repo-creds';

/** What a repository Secret says (argocd-behaviour.md 7.3). */
export interface RepositorySecret {
  kind: RepositorySecretKind;
  /** One repository, or the start of the URLs that a repo-creds Secret opens; without user information. */
  url: string;
  type: 'git' | 'helm' | 'oci';
  /** Absent where the Secret only names a repository. */
  credentials?: GitCredentials | ChartCredentials;
  /** Keys that are known and mean nothing here yet. */
  ignored: string[];
  unknown: string[];
}

const READ = ['name', 'url', 'type', 'project', 'username', 'password', 'bearerToken', 'forceHttpBasicAuth'];

/** Ways to be let in that the hub cannot use yet: keeping such a key would be of no use to anybody but a thief. */
const OTHER_CREDENTIALS = [
  'sshPrivateKey',
  'tlsClientCertData',
  'tlsClientCertKey',
  'githubAppID',
  'githubAppInstallationID',
  'githubAppPrivateKey',
  'githubAppEnterpriseBaseUrl',
  'gcpServiceAccountKey',
  'useAzureWorkloadIdentity',
  'azureServicePrincipalClientId',
  'azureServicePrincipalClientID',
  'azureServicePrincipalTenantId',
  'azureServicePrincipalTenantID',
  'azureServicePrincipalClientSecret',
  'azureActiveDirectoryEndpoint',
];

const SETTINGS = [
  'insecure',
  'insecureIgnoreHostKey',
  'insecureOCIForceHttp',
  'enableLfs',
  'enableOCI',
  'proxy',
  'noProxy',
  'depth',
  'webhookManifestCacheWarmDisabled',
];

/** Those that mean something where the repository holds charts. */
const CHART_CREDENTIALS = new Set(['tlsClientCertData', 'tlsClientCertKey']);
const CHART_SETTINGS = new Set(['insecure', 'insecureOCIForceHttp', 'enableOCI']);

const KNOWN = new Set([...READ, ...OTHER_CREDENTIALS, ...SETTINGS]);

/**
 * Throws INVALID_DOCUMENT, REPOSITORY_TYPE_NOT_SUPPORTED or REPOSITORY_PROJECT_NOT_SUPPORTED; no error repeats a value
 * but the URL's scheme.
 */
export function readRepositorySecret(kind: RepositorySecretKind, data: ReadonlyMap<string, string>): RepositorySecret {
  if (isOfCharts(data)) return ofCharts(kind, data);
  refuseUnsupported(data);
  const location = locateRepository(data.get('url') ?? '');
  if (location === undefined || !/^https?$/.test(location.scheme)) throw refusedUrl(location?.scheme);
  if (location.fetchUrl.includes('?')) throw faulty('data.url', 'must have no query');
  const fromUrl = { username: location.username, password: location.password };
  const credentials = credentialsOf(data, fromUrl);
  return {
    kind,
    url: location.fetchUrl,
    type: 'git',
    ...(credentials === undefined ? {} : { credentials }),
    ignored: SETTINGS.filter((key) => isSet(data.get(key))),
    unknown: [...data.keys()].filter((key) => !KNOWN.has(key)),
  };
}

function ofCharts(kind: RepositorySecretKind, data: ReadonlyMap<string, string>): RepositorySecret {
  refuseOtherCredentials(data, CHART_CREDENTIALS);
  refuseProject(data);
  return {
    kind,
    ...readChartSecret(data),
    ignored: SETTINGS.filter((key) => isSet(data.get(key)) && !CHART_SETTINGS.has(key)),
    unknown: [...data.keys()].filter((key) => !KNOWN.has(key)),
  };
}

function refuseUnsupported(data: ReadonlyMap<string, string>): void {
  const type = data.get('type') ?? '';
  if (type !== '' && type !== 'git') throw unsupported('data.type', 'repositories are of type git, helm or oci');
  refuseOtherCredentials(data);
  refuseProject(data);
}

function refuseOtherCredentials(data: ReadonlyMap<string, string>, taken: ReadonlySet<string> = new Set()): void {
  const other = OTHER_CREDENTIALS.find((key) => isSet(data.get(key)) && !taken.has(key));
  if (other !== undefined) throw unsupported(`data.${other}`, 'this way to authenticate is not supported');
}

function refuseProject(data: ReadonlyMap<string, string>): void {
  if ((data.get('project') ?? '') === '') return;
  throw new FleetError(
    'invalid',
    'REPOSITORY_PROJECT_NOT_SUPPORTED',
    'credentials that only one project may use are not supported yet: every project would use them',
    {
      faults: [{ path: 'data.project', message: 'must be absent' }],
      hint: 'Leave project out, and name in sourceRepos of each project which repositories it may read.',
    },
  );
}

/** A bearer token wins; a user name alone opens nothing. */
function credentialsOf(
  data: ReadonlyMap<string, string>,
  fromUrl: { username: string; password: string },
): GitCredentials | undefined {
  const bearerToken = data.get('bearerToken') ?? '';
  if (/[\r\n]/.test(bearerToken)) throw faulty('data.bearerToken', 'must be one line');
  if (bearerToken !== '') return { bearerToken };
  const username = data.get('username') || fromUrl.username;
  const password = data.get('password') || fromUrl.password;
  return password === '' ? undefined : { username, password };
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== 'false';
}

function refusedUrl(scheme: string | undefined): FleetError {
  if (scheme === 'ssh') return unsupported('data.url', 'repositories are read over http and https, not over ssh');
  return faulty('data.url', 'must be an http or https URL');
}

function faulty(path: string, message: string): FleetError {
  return invalid('INVALID_DOCUMENT', `the repository Secret is invalid: ${path}: ${message}`, [{ path, message }]);
}

function unsupported(path: string, message: string): FleetError {
  return new FleetError('invalid', 'REPOSITORY_TYPE_NOT_SUPPORTED', `${path}: ${message}`, {
    faults: [{ path, message }],
    hint: 'Use an https URL with username and password, or with bearerToken.',
  });
}
