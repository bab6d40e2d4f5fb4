import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parametersOf, refusalOf } from '../../support/expansion.js';
import { ProviderServer } from '../../support/provider-server.js';
import { readerWith, remoteReader, SECRETS, TOKEN } from '../../support/remote-inputs.js';

const SHA = '8d51122def5632836d1cb1026e879069e10a1e13';
let server: ProviderServer;
beforeAll(async () => {
  server = await ProviderServer.start();
});
afterAll(() => server.close());

const reader = () =>
  readerWith(remoteReader({ secrets: SECRETS, policy: { allowedProviders: [server.url, `${server.url}/rest`] } }));
const repository = (name: string, slug: string) => ({
  id: 1,
  slug,
  name,
  scmId: 'git',
  project: { key: 'PRJ', id: 1, name: 'My Cool Project' },
  links: {
    clone: [
      { href: `https://bitbucket.example.com/scm/PRJ/${slug}.git`, name: 'http' },
      { href: `ssh://git@bitbucket.example.com/PRJ/${slug}.git`, name: 'ssh' },
    ],
  },
});
const branch = (displayId: string) => ({ id: `refs/heads/${displayId}`, displayId, type: 'BRANCH', latestCommit: SHA });
const page = (values: unknown[], nextPageStart?: number) => ({
  size: values.length,
  limit: 100,
  isLastPage: nextPageStart === undefined,
  values,
  start: 0,
  ...(nextPageStart === undefined ? {} : { nextPageStart }),
});
const scm = (more: object = {}, generator: object = {}) => ({
  scmProvider: { bitbucketServer: { project: 'PRJ', api: server.url, ...more }, ...generator },
});
const API = '/rest/api/1.0/projects/PRJ/repos';

describe('repositories of a Bitbucket Server project (1.6)', () => {
  it('come page by page, without those that have no branch', async () => {
    server.serve({
      [`${API}?limit=100`]: { body: page([repository('My Repo', 'my-repo')], 25) },
      [`${API}?limit=100&start=25`]: { body: page([repository('empty', 'empty')]) },
      [`${API}/my-repo/branches/default`]: { body: branch('main') },
      [`${API}/empty/branches/default`]: { status: 204, body: '' },
    });
    const basicAuth = { username: 'jane', passwordRef: TOKEN };
    expect(await parametersOf(scm({ basicAuth }, { cloneProtocol: 'https' }), reader())).toMatchObject([
      {
        organization: 'PRJ',
        repository: 'My Repo',
        url: 'https://bitbucket.example.com/scm/PRJ/my-repo.git',
        branch: 'main',
        sha: SHA,
        labels: '',
      },
    ]);
    const { headers } = server.asked[0] ?? {};
    expect(headers?.authorization).toBe(`Basic ${Buffer.from('jane:letmein').toString('base64')}`);
    expect(headers?.['x-atlassian-token']).toBe('no-check');
  });

  it('come with every branch, and by paths', async () => {
    server.serve({
      [API]: { body: page([repository('web', 'web')]) },
      [`${API}/web/branches/default`]: { body: branch('main') },
      [`${API}/web/branches`]: { body: page([branch('main'), branch('dev')]) },
      [`${API}/web/browse/deploy?at=dev&limit=1&type=true`]: { body: { type: 'DIRECTORY' } },
    });
    const entry = scm(
      { allBranches: true, bearerToken: { tokenRef: TOKEN } },
      { filters: [{ pathsExist: ['deploy'] }] },
    );
    expect((await parametersOf(entry, reader())).map(({ branch, url }) => [branch, url])).toEqual([
      ['dev', 'ssh://git@bitbucket.example.com/PRJ/web.git'],
    ]);
    expect(server.asked[0]?.headers.authorization).toBe('Bearer letmein');
  });

  it('fail by name on 401 and 5xx', async () => {
    server.serve({ [API]: { status: 401, body: { errors: [{ message: 'no' }] } } });
    expect((await refusalOf(scm(), reader())).code).toBe('SCM_AUTH');
    server.serve({ [API]: { status: 503 } });
    expect((await refusalOf(scm(), reader())).code).toBe('SCM_UNREACHABLE');
  });
});

describe('pull requests of Bitbucket Server (1.7)', () => {
  it('come page by page', async () => {
    const pull = (id: number) => ({
      id,
      title: 'Talking Nerdy',
      state: 'OPEN',
      fromRef: { id: 'refs/heads/feature-ABC-123', displayId: 'feature-ABC-123', latestCommit: SHA },
      toRef: { id: 'refs/heads/main', displayId: 'main', latestCommit: 'x' },
      author: { user: { name: 'tom', displayName: 'Tom' }, role: 'AUTHOR' },
    });
    server.serve({
      [`${API}/web/pull-requests?limit=100`]: { body: page([pull(101)], 1) },
      [`${API}/web/pull-requests?limit=100&start=1`]: { body: page([pull(102)]) },
    });
    const bitbucketServer = { project: 'PRJ', repo: 'web', api: `${server.url}/rest` };
    expect(await parametersOf({ pullRequest: { bitbucketServer } }, reader())).toMatchObject([
      {
        number: '101',
        branch: 'feature-ABC-123',
        branch_slug: 'feature-abc-123',
        target_branch: 'main',
        head_sha: SHA,
        author: 'tom',
      },
      { number: '102' },
    ]);
  });
});
