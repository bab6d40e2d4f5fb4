import { describe, expect, it } from 'vitest';
import { normaliseRepoUrl } from '../../src/repositories/domain/normalise-url.js';

describe('repository URLs', () => {
  it.each([
    ['https://git.example.com/team-a/app.git', 'https://git.example.com/team-a/app'],
    ['https://GIT.example.com/Team-A/App', 'https://git.example.com/team-a/app'],
    ['  https://git.example.com/a\n', 'https://git.example.com/a'],
    ['git@git.example.com:team-a/app.git', 'git@git.example.com/team-a/app'],
    ['ssh://git@git.example.com/team-a/app', 'git@git.example.com/team-a/app'],
    ['ssh://git@git.example.com:2222/app', 'git@git.example.com:2222/app'],
    ['https://user@git.example.com/app', 'https://user@git.example.com/app'],
    ['oci://registry.example.com/charts', 'oci://registry.example.com/charts'],
    ['registry.example.com/charts', 'registry.example.com/charts'],
    ['https://*.example.com/**', 'https://*.example.com/**'],
    ['https://git.example.com/[a-z]*', 'https://git.example.com/[a-z]*'],
    ['https://git.example.com/te?m/*', 'https://git.example.com/te?m/*'],
    ['*', '*'],
    ['', ''],
  ])('%j is compared as %j', (url, expected) => {
    expect(normaliseRepoUrl(url)).toBe(expected);
  });

  it('escapes a path with braces whole, so alternatives never match', () => {
    expect(normaliseRepoUrl('https://git.example.com/{a,b}/*')).toBe('https://git.example.com/%7Ba,b%7D/%2A');
  });

  it.each([
    'https://git.example.com:port/app',
    'https://{a,b}.example.com/app',
    ':app',
    'https://h/%zz',
    'https://a b/c',
    'a:b/c\u0001',
  ])('takes %j for no URL', (url) => {
    expect(normaliseRepoUrl(url)).toBe('');
  });

  it('joins spellings of one repository', () => {
    const spellings = ['https://git.example.com/a', 'https://git.example.com/a.git', 'HTTPS://git.example.com/A'];
    expect(new Set(spellings.map(normaliseRepoUrl)).size).toBe(1);
  });
});
