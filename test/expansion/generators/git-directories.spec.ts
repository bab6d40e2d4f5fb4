import { describe, expect, it } from 'vitest';
import { compilePathMatch } from '../../../src/expansion/generators/path-match.js';
import { expandGenerators, parametersOf, refusalOf } from '../../support/expansion.js';
import { MemoryExpansionReader } from '../../support/memory-expansion-reader.js';

const URL = 'https://git.example.com/gitops.git';
const reader = new MemoryExpansionReader([], {
  [URL]: {
    'apps/web/x.yaml': '',
    'apps/API_v2/x.yaml': '',
    'apps/web/deep/x.yaml': '',
    'apps/.hidden/x.yaml': '',
    'README.md': '',
  },
});
const git = (more: object): { git: object } => ({ git: { repoURL: URL, revision: 'HEAD', ...more } });
const paths = async (directories: object[]): Promise<unknown[]> =>
  (await parametersOf(git({ directories }), reader)).map(({ path }) => path);

describe('the git directory generator (1.3)', () => {
  it('gives path, names and segments', async () => {
    const [set] = await parametersOf(git({ directories: [{ path: 'apps/API*' }] }), reader);
    expect(set).toEqual({
      path: 'apps/API_v2',
      'path.basename': 'API_v2',
      'path.basenameNormalized': 'api-v2',
      'path[0]': 'apps',
      'path[1]': 'API_v2',
    });
  });

  it('keeps walk order and the segment border', async () => {
    expect(await paths([{ path: 'apps/*' }])).toEqual(['apps/API_v2', 'apps/web']);
    expect(await paths([{ path: '**' }])).toEqual(['apps']);
    expect(await paths([{ path: '*/*/*' }, { path: '*' }])).toEqual(['apps', 'apps/web/deep']);
    expect(await paths([{ path: '/apps/*' }])).toEqual([]);
  });

  it('lets an exclude beat an include in any order', async () => {
    expect(await paths([{ path: 'apps/web', exclude: true }, { path: 'apps/*' }])).toEqual(['apps/API_v2']);
    expect(await paths([{ path: 'apps/web', exclude: true }])).toEqual([]);
  });

  it('puts the prefix before the path parameters', async () => {
    const [set] = await parametersOf(git({ directories: [{ path: 'apps/web' }], pathParamPrefix: 'own' }), reader);
    expect(Object.keys(set ?? {})).toEqual([
      'own.path',
      'own.path.basename',
      'own.path.basenameNormalized',
      'own.path[0]',
      'own.path[1]',
    ]);
  });

  it('renders values against the path', async () => {
    const values = { ns: 'ns-{{path.basename}}' };
    const [set] = await parametersOf(git({ directories: [{ path: 'apps/web' }], values }), reader);
    expect(set).toMatchObject({ 'values.ns': 'ns-web' });
  });

  it('skips a malformed pattern with a warning', async () => {
    const { documents, warnings } = await expandGenerators([git({ directories: [{ path: '[' }] })], reader);
    expect(documents).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining('spec.generators[0].git.directories[0]')]);
  });

  it('takes directories where files are given too, and refuses neither', async () => {
    const both = git({ directories: [{ path: 'apps/web' }], files: [{ path: '*' }] });
    expect(await parametersOf(both, reader)).toHaveLength(1);
    expect(await refusalOf(git({}), reader)).toEqual({ code: 'GENERATOR_EMPTY', path: 'spec.generators[0].git' });
  });

  it('fails its branch with the reason of the reader', async () => {
    const failing = new MemoryExpansionReader([], {}, { [URL]: { code: 'GIT_AUTH', message: 'bad credentials' } });
    const entry = git({ directories: [{ path: '*' }] });
    expect(await refusalOf(entry, failing)).toEqual({ code: 'GIT_AUTH', path: 'spec.generators[0].git' });
  });

  it('reports what the read gave, none included', async () => {
    const entries = [git({ directories: [{ path: 'apps/*' }] }), git({ directories: [{ path: 'gone/*' }] })];
    const { branches } = await expandGenerators(entries, reader);
    expect(branches.map(({ remoteReads }) => remoteReads)).toEqual([
      [
        {
          path: 'spec.generators[0].git',
          repoURL: URL,
          revision: 'HEAD',
          kind: 'directories',
          patterns: ['apps/*'],
          results: 2,
        },
      ],
      [
        {
          path: 'spec.generators[1].git',
          repoURL: URL,
          revision: 'HEAD',
          kind: 'directories',
          patterns: ['gone/*'],
          results: 0,
        },
      ],
    ]);
  });
});

/** Answers of Go's path.Match. */
describe('directory patterns', () => {
  it.each([
    ['a/*', 'a/b', true],
    ['a/*', 'a/b/c', false],
    ['**', 'a/b', false],
    ['[!x]', '!', true],
    ['[!x]', 'a', false],
    ['[^x]', 'a', true],
    ['[^x]', 'x', false],
    ['a?c', 'a/c', false],
    ['a[^x]c', 'a/c', true],
    ['a\\*', 'a*', true],
    ['[a-c]*', 'bxx', true],
    ['*x*y', 'axby', true],
    ['*x*y', 'ax/by', false],
    ['*', '', true],
    ['é?', 'éü', true],
    ['[\\]]', ']', true],
    ['a*/b', 'axx/b', true],
    ['', '', true],
  ])('%j on %j: %s', (pattern, path, expected) => {
    expect(compilePathMatch(pattern)?.(path)).toBe(expected);
  });

  it.each(['[', 'a\\', '[]a]', '[a-]', '[-a]', '[a'])('%j is malformed', (pattern) => {
    expect(compilePathMatch(pattern)).toBeUndefined();
  });

  it('is not slowed down by many stars', () => {
    expect(compilePathMatch(`${'*a'.repeat(200)}b`)?.('a'.repeat(5000))).toBe(false);
  });
});
