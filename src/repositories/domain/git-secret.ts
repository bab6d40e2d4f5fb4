import type { GitCredentials, GithubAppCredentials } from './git-credentials.js';
import { locateRepository, type RepositoryLocation } from './repository-url.js';
import { faultySecret, flagOf } from './secret-fields.js';

export interface GitSecret {
  url: string;
  type: 'git';
  /** Absent where the Secret only names a repository. */
  credentials?: GitCredentials;
  /** Keys that mean nothing where the repository is read over this protocol. */
  idle: string[];
}

type Data = ReadonlyMap<string, string>;

const PRIVATE_KEY = /^-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----\n[\s\S]+\n-----END [A-Z0-9 ]*PRIVATE KEY-----\n$/;
const CERTIFICATE = /^(?:-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+-----END CERTIFICATE-----\n+)+$/;

/** What is of use over one protocol only. */
const OF_SSH = ['sshPrivateKey', 'insecureIgnoreHostKey'];
const OF_HTTP = ['password', 'bearerToken', 'tlsClientCertData', 'githubAppID', 'insecure', 'proxy'];

/** Throws INVALID_DOCUMENT; no error repeats a value. */
export function readGitSecret(data: Data): GitSecret {
  const location = locateRepository(data.get('url') ?? '');
  if (location === undefined || !/^(?:https?|ssh)$/.test(location.scheme)) {
    throw faultySecret('data.url', 'must be an http, https or ssh URL, or host:path with a user');
  }
  if (location.fetchUrl.includes('?')) throw faultySecret('data.url', 'must have no query');
  const credentials: GitCredentials = {
    ...(location.scheme === 'ssh' ? sshCredentials(data) : httpCredentials(data, location)),
    ...settings(data, location.scheme),
  };
  const idle = location.scheme === 'ssh' ? OF_HTTP : OF_SSH;
  return {
    url: location.fetchUrl,
    type: 'git',
    ...(Object.keys(credentials).length === 0 ? {} : { credentials }),
    idle: idle.filter((key) => !['', 'false'].includes(data.get(key) ?? '')),
  };
}

function sshCredentials(data: Data): GitCredentials {
  const key = pemOf(data, 'sshPrivateKey', PRIVATE_KEY, 'a private key in PEM');
  return key === undefined ? {} : { sshPrivateKey: key };
}

/** A bearer token wins; a user name alone opens nothing. */
function httpCredentials(data: Data, { username, password }: RepositoryLocation): GitCredentials {
  const githubApp = githubAppOf(data);
  const bearerToken = lineOf(data, 'bearerToken');
  const secret = data.get('password') || password;
  const certificate = pemOf(data, 'tlsClientCertData', CERTIFICATE, 'certificates in PEM');
  const key = pemOf(data, 'tlsClientCertKey', PRIVATE_KEY, 'a private key in PEM');
  if ((certificate === undefined) !== (key === undefined)) {
    throw faultySecret('data.tlsClientCertData', 'and tlsClientCertKey must both be given, or neither');
  }
  return {
    ...(githubApp === undefined ? {} : { githubApp }),
    ...(bearerToken === '' ? {} : { bearerToken }),
    ...(secret === '' || bearerToken !== '' ? {} : { username: data.get('username') || username, password: secret }),
    ...(certificate === undefined || key === undefined ? {} : { certificate, key }),
  };
}

function settings(data: Data, scheme: string): GitCredentials {
  const isSsh = scheme === 'ssh';
  flagOf(data, 'forceHttpBasicAuth');
  const [insecure, insecureIgnoreHostKey] = [flagOf(data, 'insecure'), flagOf(data, 'insecureIgnoreHostKey')];
  const [proxy, noProxy] = [proxyOf(data), lineOf(data, 'noProxy')];
  return {
    // As in Argo CD, where `insecure` is the older name of the same over SSH.
    ...(isSsh && (insecure || insecureIgnoreHostKey) ? { insecureIgnoreHostKey: true } : {}),
    ...(insecure && !isSsh ? { insecure } : {}),
    ...(proxy === '' || isSsh ? {} : { proxy }),
    ...(noProxy === '' || isSsh ? {} : { noProxy }),
  };
}

function githubAppOf(data: Data): GithubAppCredentials | undefined {
  const id = lineOf(data, 'githubAppID').trim();
  const privateKey = pemOf(data, 'githubAppPrivateKey', PRIVATE_KEY, 'a private key in PEM');
  if (id === '' && privateKey === undefined) return undefined;
  if (id === '' || privateKey === undefined) {
    throw faultySecret('data.githubAppID', 'and githubAppPrivateKey must both be given, or neither');
  }
  const installation = lineOf(data, 'githubAppInstallationID').trim();
  if (![id, installation || '0'].every((each) => /^[0-9]{1,20}$/.test(each))) {
    throw faultySecret('data.githubAppID', 'and githubAppInstallationID must be numbers');
  }
  const enterpriseBaseUrl = lineOf(data, 'githubAppEnterpriseBaseUrl').trim();
  if (enterpriseBaseUrl !== '' && !/^https?:$/.test(protocolOf(enterpriseBaseUrl))) {
    throw faultySecret('data.githubAppEnterpriseBaseUrl', 'must be an http or https URL');
  }
  return { id, installation, privateKey, enterpriseBaseUrl };
}

function proxyOf(data: Data): string {
  const proxy = lineOf(data, 'proxy').trim();
  if (proxy === '' || /^(?:https?|socks5h?):$/.test(protocolOf(proxy))) return proxy;
  throw faultySecret('data.proxy', 'must be an http, https or socks5 URL');
}

function lineOf(data: Data, key: string): string {
  const text = data.get(key) ?? '';
  if (/[\r\n\0]/.test(text)) throw faultySecret(`data.${key}`, 'must be one line');
  return text;
}

/** Undefined where it is empty; otherwise with line ends as OpenSSH and OpenSSL want them. */
function pemOf(data: Data, key: string, form: RegExp, what: string): string | undefined {
  const text = (data.get(key) ?? '').trim().replaceAll('\r\n', '\n');
  if (text === '') return undefined;
  if (!form.test(`${text}\n`)) throw faultySecret(`data.${key}`, `must be ${what}`);
  return `${text}\n`;
}

function protocolOf(url: string): string {
  return URL.canParse(url) ? new URL(url).protocol : '';
}
