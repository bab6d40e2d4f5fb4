import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parametersOf, refusalOf } from '../../support/expansion.js';
import { ProviderServer } from '../../support/provider-server.js';
import { readerWith, remoteReader, SECRETS, TOKEN } from '../../support/remote-inputs.js';

const SHA = '7f71b5450b2a3c3b5f0a2a3c3b5f0a2a3c3b5f0a';
let server: ProviderServer;
beforeAll(async () => {
  server = await ProviderServer.start();
});
afterAll(() => server.close());

const reader = () => readerWith(remoteReader({ secrets: SECRETS, publicApis: { bitbucket: `${server.url}/2.0` } }));
const repository = (slug: string, mainbranch: object | null = { name: 'main', type: 'branch' }) => ({
  type: 'repository',
  uuid: '{b73ac4bf-06a6-4f5c-9d5b-7f8a5d9b2f0e}',
  slug,
  name: 'The Web',
  full_name: `acme/${slug}`,
  mainbranch,
  links: {
    clone: [
      { href: `https://jane@bitbucket.org/acme/${slug}.git`, name: 'https' },
      { href: `git@bitbucket.org:acme/${slug}.git`, name: 'ssh' },
    ],
  },
});
const branch = (name: string) => ({ name, type: 'branch', target: { type: 'commit', hash: SHA } });
const scm = (more: object = {}, generator: object = {}) => ({
  scmProvider: { bitbucket: { owner: 'acme', user: 'jane', appPasswordRef: TOKEN, ...more }, ...generator },
});

describe('repositories of a Bitbucket workspace (1.6)', () => {
  it('come page by page by `next`, by their slug', async () => {
    server.serve({
      '/2.0/repositories/acme?pagelen=100&role=member': {
        body: { values: [repository('web')], next: `${server.url}/2.0/repositories/acme?page=2` },
      },
      '/2.0/repositories/acme?page=2': { body: { values: [repository('empty', null)] } },
      '/2.0/repositories/acme/web/refs/branches/main': { body: branch('main') },
    });
    expect(await parametersOf(scm(), reader())).toMatchObject([
      {
        organization: 'acme',
        repository: 'web',
        repository_id: '{b73ac4bf-06a6-4f5c-9d5b-7f8a5d9b2f0e}',
        url: 'git@bitbucket.org:acme/web.git',
        branch: 'main',
        sha: SHA,
      },
    ]);
    expect(server.asked[0]?.headers.authorization).toBe(`Basic ${Buffer.from('jane:letmein').toString('base64')}`);
  });

  it('come with every branch, and by paths of its commit', async () => {
    server.serve({
      '/2.0/repositories/acme': { body: { values: [repository('web')] } },
      '/2.0/repositories/acme/web/refs/branches': { body: { values: [branch('main'), branch('dev')] } },
      [`/2.0/repositories/acme/web/src/${SHA}/a/b?format=meta`]: { body: { type: 'commit_file' } },
    });
    expect(
      await parametersOf(scm({ allBranches: true }, { filters: [{ pathsExist: ['a/b'] }] }), reader()),
    ).toHaveLength(2);
  });

  it('take no page of another server', async () => {
    server.serve({ '/2.0/repositories/acme': { body: { values: [], next: 'https://elsewhere.example.com/2.0/x' } } });
    expect((await refusalOf(scm(), reader())).code).toBe('SCM_REDIRECT_REFUSED');
  });

  it('fail by name on 401 and 404', async () => {
    server.serve({ '/2.0/repositories/acme': { status: 401 } });
    expect((await refusalOf(scm(), reader())).code).toBe('SCM_AUTH');
    server.serve({});
    expect((await refusalOf(scm(), reader())).code).toBe('SCM_NOT_FOUND');
  });
});

describe('pull requests of Bitbucket (1.7)', () => {
  it('come with their parameters', async () => {
    const pull = {
      type: 'pullrequest',
      id: 101,
      title: 'feat(101)',
      state: 'OPEN',
      author: { display_name: 'Jane', nickname: 'jane', type: 'user' },
      source: { branch: { name: 'feature/foo' }, commit: { hash: SHA.slice(0, 12), type: 'commit' } },
      destination: { branch: { name: 'main' }, commit: { hash: 'x' } },
    };
    server.serve({
      '/2.0/repositories/acme/web/pullrequests': { body: { size: 1, page: 1, pagelen: 50, values: [pull] } },
    });
    const bitbucket = { owner: 'acme', repo: 'web', bearerToken: { tokenRef: TOKEN } };
    expect(await parametersOf({ pullRequest: { bitbucket } }, reader())).toMatchObject([
      { number: '101', branch: 'feature/foo', target_branch: 'main', head_sha: SHA.slice(0, 12), author: 'jane' },
    ]);
    expect(server.asked[0]?.headers.authorization).toBe('Bearer letmein');
  });
});
