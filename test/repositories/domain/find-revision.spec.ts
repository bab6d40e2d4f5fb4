import { describe, expect, it } from 'vitest';
import { findRevision } from '../../../src/repositories/domain/find-revision.js';

const remote = (...names: string[]) => ({
  headRef: 'refs/heads/main',
  refs: new Map(['refs/heads/main', ...names].map((name) => [name, name])),
});

const tags = (...names: string[]) => remote(...names.map((name) => `refs/tags/${name}`));

describe('a range of versions as revision', () => {
  const releases = tags('v1.0.0', 'v1.2.3', 'v1.10.0', '2.0.0', 'v2.1.0-rc.1', 'nightly', 'v3');

  it.each([
    ['1.*', 'v1.10.0'],
    ['1.2.*', 'v1.2.3'],
    ['~1.2', 'v1.2.3'],
    ['^1.0.0', 'v1.10.0'],
    ['>=1.0.0 <2.0.0', 'v1.10.0'],
    ['>= 1.0, < 2', 'v1.10.0'],
    ['1.0.0 - 1.5.0', 'v1.2.3'],
    ['1.2.x || 2.x', '2.0.0'],
    ['*', 'v3'],
    ['<3', '2.0.0'],
    ['<3-0', 'v2.1.0-rc.1'],
  ])('%s is the highest tag in it: %s', (range, tag) => {
    expect(findRevision(releases, range)).toBe(`refs/tags/${tag}`);
  });

  it('finds nothing where no tag lies in it', () => {
    expect(findRevision(releases, '>=4')).toBeUndefined();
  });

  it('comes before a branch that is spelt like it, which counts where no tag lies in it', () => {
    const both = remote('refs/heads/1.x', 'refs/tags/1.4.0');
    expect(findRevision(both, '1.x')).toBe('refs/tags/1.4.0');
    expect(findRevision(remote('refs/heads/1.x'), '1.x')).toBe('refs/heads/1.x');
  });

  it('is not meant by a single version, which names a branch or a tag', () => {
    expect(findRevision(releases, '1.2.3')).toBeUndefined();
    expect(findRevision(releases, 'v1.2.3')).toBe('refs/tags/v1.2.3');
    expect(findRevision(releases, 'v1.2')).toBeUndefined();
    expect(findRevision(remote('refs/heads/v1', 'refs/tags/v1'), 'v1')).toBe('refs/heads/v1');
  });

  it('looks only at tags with the prefix, which is no part of the version', () => {
    const mixed = tags('web-1.0.0', 'web-1.4.0', 'api/v1.9.0', '1.9.9', 'web-2.0.0');
    expect(findRevision(mixed, '1.*', 'web-')).toBe('refs/tags/web-1.4.0');
    expect(findRevision(mixed, '1.*', 'api/')).toBe('refs/tags/api/v1.9.0');
    expect(findRevision(mixed, '1.*')).toBe('refs/tags/1.9.9');
    expect(findRevision(mixed, '2.0.0', 'web-')).toBe('refs/tags/web-2.0.0');
  });
});
