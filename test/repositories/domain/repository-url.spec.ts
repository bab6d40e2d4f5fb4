import { describe, expect, it } from 'vitest';
import { locateRepository, withoutCredentials } from '../../../src/repositories/domain/repository-url.js';

describe('the location of a repository', () => {
  it('is one for the spellings of one URL, and keeps the case of its path', () => {
    const keys = [
      'https://Git.example.com/Org/App',
      'https://git.example.com/Org/App.git',
      'https://u:p@git.example.com/Org/App/',
    ];
    expect(new Set(keys.map((url) => locateRepository(url)?.key))).toEqual(
      new Set(['https://git.example.com/Org/App']),
    );
    expect(locateRepository('https://git.example.com/org/app')?.key).toBe('https://git.example.com/org/app');
  });

  it('holds user information apart from what git is given', () => {
    expect(locateRepository('https://user:p%40ss@example.com/a.git')).toMatchObject({
      fetchUrl: 'https://example.com/a.git',
      username: 'user',
      password: 'p@ss',
    });
  });

  it('tells the kind of URL, also of the short SSH form', () => {
    expect(locateRepository('git@example.com:org/app.git')).toMatchObject({ scheme: 'ssh' });
    expect(locateRepository('not a url')).toBeUndefined();
  });

  it('is shown without user information', () => {
    expect(withoutCredentials('cannot reach https://u:p@example.com/a')).toBe('cannot reach https://example.com/a');
  });
});
