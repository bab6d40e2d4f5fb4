import { describe, expect, it } from 'vitest';
import { applicationWatches } from '../../../src/applications/domain/application-watches.js';
import { refMoves } from '../../../src/repositories/domain/ref-moves.js';
import { isTouchedBy, type Movement, type Watches } from '../../../src/repositories/domain/repository-watch.js';
import { isArtifactOf, isListedBy, isPullRequestOf } from '../../../src/repositories/domain/webhooks/concerned.js';
import { isSameRepository, repositoryKeys } from '../../../src/repositories/domain/webhooks/repository-match.js';
import { touchesPaths, watchedPaths } from '../../../src/repositories/domain/webhooks/watched-paths.js';

const same = (web: string, other: string): boolean => isSameRepository(new Set(repositoryKeys(web)), other);

describe('two URLs name one repository', () => {
  it.each([
    'https://example.com/acme/web',
    'https://example.com/acme/web.git',
    'http://example.com/acme/web/',
    'https://user@example.com/acme/web.git',
    'https://user:pass@example.com:8443/Acme/Web.git',
    'git@example.com:acme/web.git',
    'ssh://git@example.com/acme/web.git',
    'ssh://git@example.com:2222/acme/web',
    'ssh://git@ssh.example.com:22/acme/web.git',
    'git@altssh.example.com:443/acme/web.git',
    'example.com/acme/web',
  ])('whatever leads there: %s', (url) => {
    expect(same('https://example.com:9000/acme/web', url)).toBe(true);
  });

  it.each([
    'https://example.com/acme/web2',
    'https://example.com/acme/web/sub',
    'https://example.org/acme/web',
    'https://example.com.evil.test/acme/web',
    'https://evil.test/example.com/acme/web',
    'https://examplexcom/acme/web',
    '',
    'not a url',
    `https://example.com/${'a/'.repeat(5_000)}`,
  ])('and not by chance: %s', (url) => {
    expect(same('https://example.com/acme/web', url)).toBe(false);
  });

  it('reads a number after the host as a port and as a name', () => {
    expect(same('https://example.com/123/web', 'git@example.com:123/web.git')).toBe(true);
    expect(same('https://example.com/web', 'git@example.com:22/web.git')).toBe(true);
  });

  it('knows both paths of Azure DevOps', () => {
    expect(same('https://dev.azure.com/acme/shop/_git/web', 'git@ssh.dev.azure.com:v3/acme/shop/web')).toBe(true);
  });
});

const moved = (revision: string, more: Partial<Movement> = {}): Movement => ({
  revision,
  touchesDefault: false,
  ...more,
});
const at = (revision: string, more: object = {}): Watches => [{ revision, ...more }];

describe('a revision is touched', () => {
  it.each<[string, Movement, boolean]>([
    ['HEAD', moved('main', { touchesDefault: true }), true],
    ['', moved('main', { touchesDefault: true }), true],
    ['HEAD', moved('dev'), false],
    ['dev', moved('dev'), true],
    ['refs/heads/dev', moved('dev'), true],
    ['refs/tags/v1', moved('v1'), true],
    ['refs/heads/a/b', moved('a/b'), true],
    ['main', moved('dev', { touchesDefault: true }), false],
    ['1.x', moved('v1.4.2'), true],
    ['>=1.0 <2.0', moved('1.9.0'), true],
    ['^2.0', moved('v1.4.2'), false],
    ['1.x', moved('web-1.4.2'), true],
    ['1.x', moved('main'), false],
    ['a'.repeat(40), moved('main', { touchesDefault: true }), false],
  ])('%j by %j: %s', (revision, movement, expected) => {
    expect(isTouchedBy(at(revision), movement)).toBe(expected);
  });

  it('by everything where it is not known what is read', () => {
    expect(isTouchedBy('everything', moved('any'))).toBe(true);
  });
});

describe('paths of manifest-generate-paths', () => {
  it.each<[string, string, string[] | undefined]>([
    ['.', 'apps/web', ['apps/web']],
    ['/apps/base', 'apps/web', ['apps/base']],
    ['.;../base', 'apps/web', ['apps/web', 'apps/base']],
    [' . ; /shared/ ; ', 'apps/web', ['apps/web', 'shared']],
    ['../../../..', 'apps/web', ['']],
    ['/', 'apps/web', ['']],
    ['', 'apps/web', undefined],
    [';;', 'apps/web', undefined],
  ])('%j of a source at %j are %j', (annotation, path, expected) => {
    expect(watchedPaths(annotation, path)).toEqual(expected);
  });

  it.each<[string, string, boolean]>([
    ['apps/web', 'apps/web/a.yaml', true],
    ['apps/web', 'apps/web', true],
    ['apps/web', 'apps/website/a.yaml', false],
    ['apps/*/values.yaml', 'apps/web/values.yaml', true],
    ['apps/*', 'apps/web/values.yaml', false],
    ['apps/w?b', 'apps/web', true],
    ['', 'anything', true],
    ['apps/[', 'apps/web', false],
    ['apps/web', '/apps/web/../web/a.yaml', true],
  ])('%j holds %j: %s', (path, file, expected) => {
    expect(touchesPaths([path], [file])).toBe(expected);
  });

  it('count for the sources of their repository, and without the annotation every file does', () => {
    const source = (repoURL: string, path: string) => ({ repoURL, path, targetRevision: 'main' });
    const spec = { sources: [source('https://a', 'x'), source('https://a', 'y'), source('https://b', 'z')] } as never;
    const annotation = { 'argocd.argoproj.io/manifest-generate-paths': '.' };
    expect([...applicationWatches(spec, annotation)]).toEqual([
      [
        'https://a',
        [
          { revision: 'main', paths: ['x'] },
          { revision: 'main', paths: ['y'] },
        ],
      ],
      ['https://b', [{ revision: 'main', paths: ['z'] }]],
    ]);
    expect(applicationWatches(spec, {}).get('https://b')).toEqual([{ revision: 'main' }]);
    const watch = at('main', { paths: ['x'] });
    expect(isTouchedBy(watch, moved('main', { files: ['x/a'] }))).toBe(true);
    expect(isTouchedBy(watch, moved('main', { files: ['y/a'] }))).toBe(false);
    expect(isTouchedBy(watch, moved('main', { files: [] }))).toBe(true);
    expect(isTouchedBy(watch, moved('main'))).toBe(true);
  });
});

describe('a Git generator', () => {
  const reads = (kind: 'directories' | 'files', ...patterns: string[]) => at('main', { patterns: { kind, patterns } });

  it.each<[string, Watches, string, boolean]>([
    ['its directories', reads('directories', 'apps/*'), 'apps/new/a.yaml', true],
    ['others', reads('directories', 'apps/*'), 'docs/a.md', false],
    ['its files', reads('files', 'envs/**/config.json'), 'envs/a/b/config.json', true],
    ['other files', reads('files', 'envs/**/config.json'), 'envs/a/b/other.json', false],
    ['what it excludes', reads('directories', 'apps/*', '!apps/old'), 'apps/old/a.yaml', true],
  ])('is touched by %s', (_what, watches, file, expected) => {
    expect(isTouchedBy(watches, moved('main', { files: [file] }))).toBe(expected);
  });
});

describe('questions to providers and artifacts', () => {
  const pull = (url: string) => ({ kind: 'pull-request' as const, urls: [url] });
  const push = (url: string) => ({
    kind: 'push' as const,
    urls: [url],
    revision: 'x',
    touchesDefault: false,
    comesOrGoes: true,
  });

  it.each<[string, string, boolean]>([
    ['https://github.com/Acme/Web', 'github acme web', true],
    ['https://github.com/acme/web', 'github acme api', false],
    ['https://git.corp/acme/web', 'gitea https://git.corp acme web', true],
    ['https://gitlab.com/acme/shop/web', 'gitlab acme/shop/web', true],
    ['https://gitlab.com/acme/shop/web', 'gitlab 42', true],
    ['https://bb.corp/scm/shop/web.git', 'bitbucketServer https://bb.corp shop web', true],
    ['https://dev.azure.com/acme/shop/_git/web', 'azuredevops acme shop web', true],
  ])('a pull request of %s concerns %s: %s', (url, question, expected) => {
    expect(isPullRequestOf(pull(url), question)).toBe(expected);
  });

  it('a branch that comes concerns who lists its owner', () => {
    expect(isListedBy(push('https://github.com/acme/web'), 'github acme')).toBe(true);
    expect(isListedBy(push('https://gitlab.com/acme/shop/web'), 'gitlab acme')).toBe(true);
    expect(isListedBy(push('https://github.com/other/web'), 'github acme')).toBe(false);
  });

  it.each<[string, string, boolean]>([
    ['oci://ghcr.io/acme/charts/web', '1.x', true],
    ['ghcr.io/acme/charts/web', '1.0.0', true],
    ['ghcr.io/acme/charts/web', '2.x', false],
    ['ghcr.io/acme/charts', '1.x', false],
    ['ghcr.io/acme/charts/api', '', false],
  ])('an artifact concerns the chart %s in range %j: %s', (url, range, expected) => {
    const artifact = { kind: 'artifact' as const, urls: ['ghcr.io/acme/charts/web'], revision: '1.0.0' };
    expect(isArtifactOf(artifact, { url, range })).toBe(expected);
  });
});

describe('what moved between two looks', () => {
  const refs = (names: Record<string, string>, headRef = 'refs/heads/main') => ({
    refs: new Map(Object.entries(names)),
    headRef,
  });

  it('is every ref that stands elsewhere, came or went', () => {
    const before = refs({ 'refs/heads/main': '1', 'refs/heads/old': '1', 'refs/tags/v1': '1' });
    const after = refs({ 'refs/heads/main': '2', 'refs/heads/new': '2', 'refs/tags/v1': '1' });
    expect(refMoves(before, after)).toEqual([
      { ref: 'refs/heads/main', isDefault: true, from: '1', to: '2' },
      { ref: 'refs/heads/old', isDefault: false, from: '1' },
      { ref: 'refs/heads/new', isDefault: false, to: '2' },
    ]);
  });

  it('is HEAD too where another branch became the default', () => {
    const names = { 'refs/heads/main': '1', 'refs/heads/next': '2' };
    expect(refMoves(refs(names), refs(names, 'refs/heads/next'))).toEqual([{ ref: 'HEAD', isDefault: true }]);
  });
});
