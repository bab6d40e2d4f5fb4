import { describe, expect, it } from 'vitest';
import { readRepositorySecret } from '../../../src/repositories/domain/repository-secret.js';

const URL = 'https://git.corp/team/app.git';
const KEY = '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n';
const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
const read = (data: Record<string, string>) => readRepositorySecret('repository', new Map(Object.entries(data)));

/** What reading throws, as its code and every word of it. */
function refusal(data: Record<string, string>): { code: string; words: string } {
  try {
    read(data);
  } catch (error) {
    const { code, message, details } = error as { code: string; message: string; details: object };
    return { code, words: `${message} ${JSON.stringify(details)}` };
  }
  throw new Error('it was not refused');
}

describe('a repository Secret', () => {
  it('opens its repository with a user and password, or with a bearer token, which wins', () => {
    expect(read({ url: URL, username: 'hub', password: 'pw' })).toMatchObject({
      url: URL,
      type: 'git',
      credentials: { username: 'hub', password: 'pw' },
    });
    expect(read({ url: URL, type: 'git', password: 'pw', bearerToken: 't0ken' }).credentials).toEqual({
      bearerToken: 't0ken',
    });
  });

  it('only names the repository where it has no password', () => {
    expect(read({ url: URL }).credentials).toBeUndefined();
    expect(read({ url: URL, username: 'hub', password: '' }).credentials).toBeUndefined();
  });

  it('keeps credentials that are written into the URL out of it', () => {
    expect(read({ url: 'https://hub:pw@git.corp/app' })).toMatchObject({
      url: 'https://git.corp/app',
      credentials: { username: 'hub', password: 'pw' },
    });
    expect(read({ url: 'https://org@dev.azure.com/org/p/_git/r', password: 'pw' }).credentials).toEqual({
      username: 'org',
      password: 'pw',
    });
  });

  it('opens a repository over SSH with a key, whose line ends are put right', () => {
    const given = { url: 'git@git.corp:team/app.git', sshPrivateKey: KEY.replaceAll('\n', '\r\n').trim() };
    expect(read(given)).toMatchObject({ url: given.url, credentials: { sshPrivateKey: KEY } });
    const ignoring = read({ ...given, url: 'ssh://git@git.corp:2222/team/app', insecureIgnoreHostKey: 'true' });
    expect(ignoring.credentials).toEqual({ sshPrivateKey: KEY, insecureIgnoreHostKey: true });
  });

  it('opens it with a GitHub App, or shows a client certificate, by a proxy and whatever the server shows', () => {
    const app = { githubAppID: '7', githubAppInstallationID: '9', githubAppPrivateKey: KEY };
    expect(read({ url: URL, ...app }).credentials).toEqual({
      githubApp: { id: '7', installation: '9', privateKey: KEY, enterpriseBaseUrl: '' },
    });
    const certificate = { tlsClientCertData: CERTIFICATE, tlsClientCertKey: KEY };
    const settings = {
      insecure: 'true',
      proxy: 'http://u:p@proxy:3128',
      noProxy: 'git.corp',
      forceHttpBasicAuth: 'true',
    };
    expect(read({ url: URL, ...certificate, ...settings })).toMatchObject({
      credentials: {
        certificate: CERTIFICATE,
        key: KEY,
        insecure: true,
        proxy: 'http://u:p@proxy:3128',
        noProxy: 'git.corp',
      },
      ignored: [],
    });
  });

  it.each([
    ['a key that is none', { url: 'git@git.corp:app', sshPrivateKey: 'VALUE' }],
    ['half a client certificate', { url: URL, tlsClientCertKey: KEY.replace('AAAA', 'VALUE') }],
    ['half a GitHub App', { url: URL, githubAppPrivateKey: KEY.replace('AAAA', 'VALUE') }],
    ['a GitHub App without number', { url: URL, githubAppID: 'VALUE', githubAppPrivateKey: KEY }],
    ['a flag that is none', { url: URL, insecure: 'VALUE' }],
    ['a proxy of another kind', { url: URL, proxy: 'file:///VALUE' }],
  ])('is invalid with %s, and its values are not repeated', (_what, data) => {
    const { code, words } = refusal(data as unknown as Record<string, string>);
    expect(code).toBe('INVALID_DOCUMENT');
    expect(words).not.toContain('VALUE');
  });

  it.each([
    ['an identity of Google', { url: URL, gcpServiceAccountKey: 'VALUE' }],
    ['an identity of Azure', { url: URL, azureServicePrincipalClientSecret: 'VALUE' }],
    ['an SSH key for charts', { url: URL, type: 'helm', sshPrivateKey: 'VALUE' }],
    ['another type', { url: URL, type: 'svn' }],
  ])('is refused with %s, which nothing here can use', (_what, data) => {
    const { code, words } = refusal(data as unknown as Record<string, string>);
    expect(code).toBe('REPOSITORY_TYPE_NOT_SUPPORTED');
    expect(words).toContain('https');
    expect(words).not.toContain('VALUE');
  });

  it('is refused where only one project may use it', () => {
    expect(refusal({ url: URL, project: 'team-a' }).code).toBe('REPOSITORY_PROJECT_NOT_SUPPORTED');
  });

  it.each([
    ['no URL', {}],
    ['a URL of another kind', { url: 'file:///etc/VALUE' }],
    ['a path', { url: '/srv/VALUE' }],
    ['a URL with a query', { url: `${URL}?token=VALUE` }],
    ['a token of two lines', { url: URL, bearerToken: 'a\nX-Header: VALUE' }],
  ])('is invalid with %s, and its values are not repeated', (_what, data) => {
    const { code, words } = refusal(data as Record<string, string>);
    expect(code).toBe('INVALID_DOCUMENT');
    expect(words).not.toContain('VALUE');
  });

  it('tells which keys mean nothing here', () => {
    const { ignored, unknown } = read({ url: URL, depth: '1', insecure: 'false', enableLfs: 'true', pasword: 'x' });
    expect(ignored).toEqual(['enableLfs', 'depth']);
    expect(unknown).toEqual(['pasword']);
    expect(read({ url: 'git@git.corp:app', password: 'pw', proxy: 'http://p' }).ignored).toEqual(['password', 'proxy']);
  });
});
