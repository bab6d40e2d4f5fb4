import { describe, expect, it } from 'vitest';
import type { PullRequest, RemoteReader, ScmRepository } from '../../../src/expansion/remote-reader.js';
import { ok } from '../../../src/kernel/result.js';
import { expandSet, parametersOf, refusalOf } from '../../support/expansion.js';
import { readerWith } from '../../support/remote-inputs.js';

const PATHS = new Set(['web main deploy', 'web dev deploy', 'api main deploy', 'api main skip']);
const repository = (name: string, labels: string[]): ScmRepository => ({
  organization: 'acme',
  name,
  id: 7n,
  url: `git@x:${name}`,
  branch: 'main',
  labels,
});
const pull = (number: string, branch: string, targetBranch: string, title = ''): PullRequest => ({
  number,
  title,
  branch,
  targetBranch,
  headSha: 'abc',
  labels: ['b', 'a'],
  author: 'jane',
});

const remote = {
  scm: {
    repositories: async () =>
      ok([repository('web', ['team-a']), repository('api', ['team-b']), repository('docs', [])]),
    branches: async () =>
      ok([
        { name: 'main', sha: 'abc' },
        { name: 'dev', sha: '' },
      ]),
    pathExists: async (_query, { repository: { name }, branch, path }) =>
      ok(PATHS.has(`${name} ${branch.name} ${path}`)),
  },
  pullRequests: {
    list: async () =>
      ok([pull('1', 'feat-a', 'main', 'Add a'), pull('2', 'fix-b', 'main', 'Fix b'), pull('3', 'feat-c', 'release')]),
  },
} as Pick<RemoteReader, 'scm' | 'pullRequests'> as RemoteReader;
const reader = () => readerWith(remote);

async function taken(filters: object[]): Promise<string[]> {
  const sets = await parametersOf({ scmProvider: { github: { organization: 'acme' }, filters } }, reader());
  return sets.map(({ repository, branch }) => `${String(repository)} ${String(branch)}`);
}

const ALL = ['web main', 'web dev', 'api main', 'api dev', 'docs main', 'docs dev'];

describe('filters of repositories (1.6)', () => {
  it.each<[string, object[], string[]]>([
    ['no filter takes all', [], ALL],
    ['an empty filter is dropped', [{}], ALL],
    ['names are matched anywhere in them', [{ repositoryMatch: 'e' }], ['web main', 'web dev']],
    ['any label may match', [{ labelMatch: '^team-' }], ALL.slice(0, 4)],
    ['conditions of one filter are ANDed', [{ repositoryMatch: 'i', labelMatch: 'b$' }], ['api main', 'api dev']],
    [
      'filters of one class are ORed',
      [{ repositoryMatch: '^web$' }, { repositoryMatch: '^docs$' }],
      [...ALL.slice(0, 2), ...ALL.slice(4)],
    ],
    ['branches are matched by name', [{ branchMatch: '^d' }], ['web dev', 'api dev', 'docs dev']],
    ['the two classes are ANDed', [{ repositoryMatch: 'web' }, { branchMatch: 'main' }], ['web main']],
    [
      'a filter that looks at a branch judges its repository there too',
      [
        { repositoryMatch: 'web', branchMatch: 'main' },
        { repositoryMatch: 'api', branchMatch: 'dev' },
      ],
      ['web main', 'api dev'],
    ],
    ['all paths must exist', [{ pathsExist: ['deploy', 'skip'] }], ['api main']],
    [
      'no path may exist that must not',
      [{ pathsExist: ['deploy/'], pathsDoNotExist: ['skip/'] }],
      ['web main', 'web dev'],
    ],
  ])('%s', async (_rule, filters, expected) => {
    expect(await taken(filters)).toEqual(expected);
  });

  it('are Go expressions, and refused where they are none', async () => {
    expect(await taken([{ repositoryMatch: '(?i)^WEB$' }])).toEqual(['web main', 'web dev']);
    const filters = [{ repositoryMatch: '(?=look)' }];
    expect(await refusalOf({ scmProvider: { github: { organization: 'acme' }, filters } }, reader())).toEqual({
      code: 'REGEX_INVALID',
      path: 'spec.generators[0].scmProvider.filters[0].repositoryMatch',
    });
  });

  it('see values over the parameters of the repository, and whole numbers in Go templates', async () => {
    const scmProvider = {
      github: { organization: 'acme' },
      filters: [{ repositoryMatch: 'web' }, { branchMatch: 'main' }],
    };
    expect(
      await parametersOf({ scmProvider: { ...scmProvider, values: { v: '{{repository}}-{{short_sha}}' } } }, reader()),
    ).toMatchObject([{ 'values.v': 'web-abc' }]);
    const template = {
      metadata: { name: 'app-{{.repository_id}}' },
      spec: { project: 'p', destination: { server: 's' }, source: { repoURL: '{{.url}}', path: 'p' } },
    };
    const { documents } = await expandSet({ goTemplate: true, generators: [{ scmProvider }], template }, reader());
    expect(documents[0]?.metadata.name).toBe('app-7');
  });
});

describe('filters of pull requests (1.7)', () => {
  it.each<[string, object[], string[]]>([
    ['no filter takes all', [], ['1', '2', '3']],
    ['an empty filter takes all', [{}], ['1', '2', '3']],
    ['branches', [{ branchMatch: '^feat' }], ['1', '3']],
    ['target branches', [{ targetBranchMatch: 'lease' }], ['3']],
    ['titles', [{ titleMatch: '^(Add|Fix) ' }], ['1', '2']],
    ['conditions of one filter are ANDed', [{ branchMatch: 'feat', targetBranchMatch: 'main' }], ['1']],
    ['filters are ORed', [{ titleMatch: 'Fix' }, { targetBranchMatch: 'release' }], ['2', '3']],
  ])('%s', async (_rule, filters, expected) => {
    const sets = await parametersOf({ pullRequest: { github: { owner: 'o', repo: 'r' }, filters } }, reader());
    expect(sets.map(({ number }) => number)).toEqual(expected);
  });

  it('give labels to Go templates', async () => {
    const template = {
      metadata: { name: 'app-{{.number}}-{{index .labels 0}}' },
      spec: { project: 'p', destination: { server: 's' }, source: { repoURL: 'r', path: 'p' } },
    };
    const pullRequest = { github: { owner: 'o', repo: 'r' } };
    const { documents } = await expandSet({ goTemplate: true, generators: [{ pullRequest }], template }, reader());
    expect(documents.map(({ metadata }) => metadata.name)).toEqual(['app-1-b', 'app-2-b', 'app-3-b']);
  });
});
