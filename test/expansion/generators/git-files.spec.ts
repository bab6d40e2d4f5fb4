import { describe, expect, it } from 'vitest';
import { compilePathspec } from '../../../src/expansion/generators/pathspec.js';
import { parametersOf, refusalOf } from '../../support/expansion.js';
import { MemoryExpansionReader } from '../../support/memory-expansion-reader.js';

const URL = 'https://git.example.com/config.git';
const withFile = (path: string, content: string): MemoryExpansionReader =>
  new MemoryExpansionReader([], { [URL]: { [path]: content } });
const git = (...files: object[]): { git: object } => ({ git: { repoURL: URL, revision: 'main', files } });
const read = (path: string, content: string): Promise<Record<string, unknown>[]> =>
  parametersOf(git({ path: '*' }), withFile(path, content));

describe('the git file generator (1.3)', () => {
  it('gives a file flattened to text, with its path', async () => {
    const content = '{"name":"a","n":1000000,"z":null,"t":["x",{"u":true}],"e":{},"l":[]}';
    expect(await read('config/Prod/App_1.json', content)).toEqual([
      {
        name: 'a',
        n: '1e+06',
        z: '<nil>',
        't.0': 'x',
        't.1.u': 'true',
        path: 'config/Prod',
        'path.basename': 'Prod',
        'path.basenameNormalized': 'prod',
        'path.filename': 'App_1.json',
        'path.filenameNormalized': 'app-1.json',
        'path[0]': 'config',
        'path[1]': 'Prod',
      },
    ]);
  });

  it('gives "." for a file at the root', async () => {
    expect(await read('top.yaml', 'a: b')).toEqual([
      expect.objectContaining({ path: '.', 'path.basename': '.', 'path[0]': '.' }),
    ]);
  });

  it('gives one set for each object of a list, and one for an empty file', async () => {
    expect(await read('l.yaml', '- a: 1\n- a: 2\n-\n')).toMatchObject([{ a: '1' }, { a: '2' }, { path: '.' }]);
    expect(await read('empty.yaml', '')).toMatchObject([{ path: '.', 'path.filename': 'empty.yaml' }]);
  });

  it('reads the first document of a file, by the rules of YAML 1.1', async () => {
    expect(await read('many.yaml', 'a: yes\nb: 0o10\nc: 010\n---\na: second\n')).toMatchObject([{ a: 'true', c: '8' }]);
  });

  it('lets the path win over keys of the file', async () => {
    expect(await read('d/f.yaml', 'path: mine')).toMatchObject([{ path: 'd' }]);
  });

  it.each(['just text', '- 1\n- 2', 'a: [', 'a: &a [*a]'])('refuses a file that holds %j', async (content) => {
    const error = await refusalOf(git({ path: '*' }), withFile('f.yaml', content));
    expect(error).toEqual({ code: 'GIT_FILE_INVALID', path: 'spec.generators[0].git' });
  });

  it('sorts by path whatever the order of patterns, and removes what an exclude takes', async () => {
    const reader = new MemoryExpansionReader([], {
      [URL]: { 'b.json': '{}', 'a.json': '{}', 'x/c.json': '{}', 'x/d.txt': '' },
    });
    const files = async (...patterns: object[]): Promise<unknown[]> =>
      (await parametersOf(git(...patterns), reader)).map((set) => `${set['path']}/${set['path.filename']}`);
    expect(await files({ path: 'x' }, { path: '*.json' })).toEqual(['./a.json', './b.json', 'x/c.json', 'x/d.txt']);
    expect(await files({ path: '*.json' }, { path: 'x/*', exclude: true })).toEqual(['./a.json', './b.json']);
    expect(await files({ path: 'x', exclude: true })).toEqual([]);
  });
});

const tree = [
  'config/dev/A B.json',
  'config/dev/deep/a/c.json',
  'config/prod/app-1.json',
  'config/prod/app-2.yaml',
  'config/root.json',
  'other/[x].json',
  'other/a-1.txt',
  'other/n.txt',
  'other/é.json',
  'top.json',
];
const config = tree.filter((file) => file.startsWith('config/'));
const taken = (pattern: string): string[] => tree.filter(compilePathspec(pattern, 'here'));

/** Answers of `git ls-files --full-name -- <pattern>`. */
describe('file patterns', () => {
  it.each([
    ['*.json', tree.filter((file) => file.endsWith('.json'))],
    ['**/*.json', tree.filter((file) => file.endsWith('.json') && file !== 'top.json')],
    ['config/*.json', config.filter((file) => file.endsWith('.json'))],
    ['config', config],
    ['config/', config],
    ['config/.', config],
    ['.', tree],
    ['./', tree],
    ['*', tree],
    ['conf', []],
    ['config/prod/app-?.*', ['config/prod/app-1.json', 'config/prod/app-2.yaml']],
    ['config/[pd]*/app-[!2].json', ['config/prod/app-1.json']],
    ['config/[^d]*', ['config/prod/app-1.json', 'config/prod/app-2.yaml', 'config/root.json']],
    ['other/?.json', []],
    ['other/??.json', ['other/é.json']],
    ['./top.json', ['top.json']],
    ['config//root.json', ['config/root.json']],
    ['config/../top.json', ['top.json']],
    ['other/\\[x\\].json', ['other/[x].json']],
    ['other/[x].json', ['other/[x].json']],
    ['other/[[]x].json', ['other/[x].json']],
    ['config?root.json', ['config/root.json']],
    ['other/[[:alpha:]]-[[:digit:]].txt', ['other/a-1.txt']],
    ['other/[a', []],
    ['*/[]n].txt', ['other/n.txt']],
    ['other/n.txt/', []],
    ['config/**/c.json', ['config/dev/deep/a/c.json']],
    ['TOP.json', []],
    ['other/[a-c]-*', ['other/a-1.txt']],
    ['other/[[:foo:]]*', []],
    ['other/a[--]1.txt', ['other/a-1.txt']],
    ['config*root.json', ['config/root.json']],
    ['other/[z-a].txt', []],
    ['other/[\\n].txt', ['other/n.txt']],
    ['a*\\', []],
  ])('%j', (pattern, expected) => {
    expect(taken(pattern)).toEqual(expected);
  });

  it.each(['', '/top.json', '../x', 'a/../../x', ':(glob)*.json'])('refuses %j', async (path) => {
    const error = await refusalOf(git({ path }), withFile('top.json', '{}'));
    expect(error).toEqual({ code: 'PATHSPEC_INVALID', path: 'spec.generators[0].git.files[0]' });
  });

  it('is not slowed down by many stars', () => {
    expect(compilePathspec(`${'*a'.repeat(200)}b`, 'here')('a'.repeat(5000))).toBe(false);
  });
});
