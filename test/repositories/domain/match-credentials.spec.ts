import { describe, expect, it } from 'vitest';
import { credentialsUrl, matchCredentials } from '../../../src/repositories/domain/match-credentials.js';
import type { RepositorySecretKind } from '../../../src/repositories/domain/repository-secret.js';

/** `creds https://…` or `repo https://…`, with a `-` before one that opens nothing. */
function known(...texts: string[]) {
  return texts.map((text) => {
    const [kind = '', url = ''] = text.replace(/^-/, '').split(' ');
    const is: RepositorySecretKind = kind === 'repo' ? 'repository' : 'repo-creds';
    return { text, kind: is, opens: !text.startsWith('-'), url: credentialsUrl(url) ?? { origin: '', text: '' } };
  });
}

const found = (url: string, ...texts: string[]) => matchCredentials(known(...texts), url)?.text;

describe('the credentials of a repository', () => {
  it('are its own before any repo-creds, however long', () => {
    const own = 'repo https://git.corp/team/app';
    expect(found('https://git.corp/team/app', 'creds https://git.corp/team/app', own)).toBe(own);
  });

  it('are its own in every spelling of the URL', () => {
    const own = 'repo https://git.corp/Team/App.git';
    for (const url of [
      'https://git.corp/team/app',
      'https://GIT.corp/Team/App.git',
      'https://jane@git.corp/Team/App',
    ]) {
      expect(found(url, own)).toBe(own);
    }
    expect(found('https://git.corp/team/app2', own)).toBeUndefined();
  });

  it('are those of the longest matching start, in whatever order they were written', () => {
    const [host, org, team] = [
      'creds https://git.corp',
      'creds https://git.corp/org',
      'creds https://git.corp/org/team',
    ];
    expect(found('https://git.corp/org/team/app', host, team, org)).toBe(team);
    expect(found('https://git.corp/org/app', team, org, host)).toBe(org);
    expect(found('https://git.corp/other/app', team, org, host)).toBe(host);
  });

  it('may start within a segment of the path, as in Argo CD', () => {
    expect(found('https://git.corp/organisation/app', 'creds https://git.corp/org')).toBeDefined();
    expect(found('https://git.corp/organisation/app', 'creds https://git.corp/org/')).toBeUndefined();
  });

  it('never go to another host, port or scheme', () => {
    const urls = [
      'https://git.corp.evil.example/app',
      'https://git.corp:x@evil.example/app',
      'https://git.corp:8443/app',
      'http://git.corp/app',
      'ssh://git@git.corp/app',
      'https://evil.example/https://git.corp/app',
    ];
    for (const url of urls) expect(found(url, 'creds https://git.corp', 'creds https://git.corp/')).toBeUndefined();
  });

  it('never match a path that climbs out of the start', () => {
    expect(found('https://git.corp/org/../other/app', 'creds https://git.corp/org')).toBeUndefined();
    expect(found('https://git.corp/org/%2e%2e/other/app', 'creds https://git.corp/org')).toBeUndefined();
  });

  it('are those of repo-creds where the repository Secret itself opens nothing', () => {
    const start = 'creds https://git.corp/team';
    expect(found('https://git.corp/team/app', '-repo https://git.corp/team/app', start)).toBe(start);
    expect(found('https://git.corp/other/app', '-repo https://git.corp/other/app', start)).toBeUndefined();
  });

  it('are none for a text that is no URL', () => {
    expect(found('not a url', 'creds https://git.corp')).toBeUndefined();
    expect(found('', 'creds https://git.corp')).toBeUndefined();
  });
});
