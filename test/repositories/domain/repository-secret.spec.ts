import { describe, expect, it } from 'vitest';
import { readRepositorySecret } from '../../../src/repositories/domain/repository-secret.js';

const URL = 'https://git.corp/team/app.git';
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

  it.each([
    ['sshPrivateKey', { url: URL, sshPrivateKey: 'VALUE' }],
    ['an ssh URL', { url: 'ssh://git@git.corp/app' }],
    ['an scp URL', { url: 'git@git.corp:app.git' }],
    ['a GitHub App', { url: URL, githubAppID: '1', githubAppPrivateKey: 'VALUE' }],
    ['a client certificate', { url: URL, tlsClientCertKey: 'VALUE' }],
    ['a repository of a kind that nobody knows', { url: URL, type: 'svn' }],
  ])('is refused with %s, which nothing here can use', (_what, data) => {
    const { code, words } = refusal(data);
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
    const { ignored, unknown } = read({
      url: URL,
      proxy: 'http://p',
      insecure: 'false',
      enableLfs: 'true',
      pasword: 'x',
    });
    expect(ignored).toEqual(['enableLfs', 'proxy']);
    expect(unknown).toEqual(['pasword']);
  });
});
