import { FleetError } from '../../kernel/errors.js';
import type { ChartCredentials } from './chart-credentials.js';
import { isOfCharts, readChartSecret } from './chart-secret.js';
import type { GitCredentials } from './git-credentials.js';
import { readGitSecret } from './git-secret.js';

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

const OF_ALL = ['name', 'url', 'type', 'project', 'username', 'password', 'bearerToken', 'forceHttpBasicAuth'];
const CERTIFICATE = ['tlsClientCertData', 'tlsClientCertKey'];
const GITHUB_APP = ['githubAppID', 'githubAppInstallationID', 'githubAppPrivateKey', 'githubAppEnterpriseBaseUrl'];

/** Keys that are read, by what the repository holds. */
const READ = {
  git: [
    ...OF_ALL,
    ...CERTIFICATE,
    ...GITHUB_APP,
    'sshPrivateKey',
    'insecure',
    'insecureIgnoreHostKey',
    'proxy',
    'noProxy',
  ],
  charts: [...OF_ALL, ...CERTIFICATE, 'insecure', 'insecureOCIForceHttp', 'enableOCI'],
};

/** Ways to be let in that the hub cannot use: keeping such a key would be of no use to anybody but a thief. */
const CREDENTIALS = [
  ...CERTIFICATE,
  ...GITHUB_APP,
  'sshPrivateKey',
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

const KNOWN = new Set([...OF_ALL, ...CREDENTIALS, ...SETTINGS]);

/**
 * Throws INVALID_DOCUMENT, REPOSITORY_TYPE_NOT_SUPPORTED or REPOSITORY_PROJECT_NOT_SUPPORTED; no error repeats a value.
 */
export function readRepositorySecret(kind: RepositorySecretKind, data: ReadonlyMap<string, string>): RepositorySecret {
  const type = data.get('type') ?? '';
  const holdsCharts = isOfCharts(data);
  if (!holdsCharts && type !== '' && type !== 'git') {
    throw unsupported('data.type', 'repositories are of type git, helm or oci');
  }
  const read = new Set(READ[holdsCharts ? 'charts' : 'git']);
  refuseOtherCredentials(data, read);
  refuseProject(data);
  const { idle, ...secret } = holdsCharts ? { ...readChartSecret(data), idle: [] } : readGitSecret(data);
  return {
    kind,
    ...secret,
    ignored: [...idle, ...SETTINGS.filter((key) => isSet(data.get(key)) && !read.has(key))],
    unknown: [...data.keys()].filter((key) => !KNOWN.has(key)),
  };
}

function refuseOtherCredentials(data: ReadonlyMap<string, string>, read: ReadonlySet<string>): void {
  const other = CREDENTIALS.find((key) => isSet(data.get(key)) && !read.has(key));
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

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== 'false';
}

function unsupported(path: string, message: string): FleetError {
  return new FleetError('invalid', 'REPOSITORY_TYPE_NOT_SUPPORTED', `${path}: ${message}`, {
    faults: [{ path, message }],
    hint: 'Use an https URL with username and password, bearerToken or a GitHub App, or an ssh URL with sshPrivateKey.',
  });
}
