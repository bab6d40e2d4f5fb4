import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parametersOf, refusalOf } from '../../support/expansion.js';
import { ProviderServer } from '../../support/provider-server.js';
import { readerWith, remoteReader, SECRETS, TOKEN } from '../../support/remote-inputs.js';

const SHA = '67cae2b029dff7eb3dc062b49403aaedca5bad8d';
const ID = '5febef5a-833d-4e14-b9c0-14cb638f91e6';
let server: ProviderServer;
beforeAll(async () => {
  server = await ProviderServer.start();
});
afterAll(() => server.close());

const reader = () =>
  readerWith(remoteReader({ secrets: SECRETS, publicApis: { azureDevOps: server.url, azuredevops: server.url } }));
const repository = (name: string, more: object = {}) => ({
  id: ID,
  name,
  url: 'x',
  project: { id: '1', name: 'Fabrikam', state: 'wellFormed' },
  defaultBranch: 'refs/heads/main',
  remoteUrl: `https://acme@dev.azure.com/acme/Fabrikam/_git/${name}`,
  ...more,
});
const branch = (name: string) => ({
  name,
  commit: { commitId: SHA, comment: 'x' },
  aheadCount: 0,
  isBaseVersion: true,
});
const scm = (more: object = {}, generator: object = {}) => ({
  scmProvider: {
    azureDevOps: { organization: 'acme', teamProject: 'Fabrikam', accessTokenRef: TOKEN, ...more },
    ...generator,
  },
});
const GIT = '/acme/Fabrikam/_apis/git/repositories';

describe('repositories of an Azure DevOps project (1.6)', () => {
  it('come with their default branch, whatever the protocol, without empty ones', async () => {
    server.serve({
      [GIT]: { body: { value: [repository('web'), repository('empty', { defaultBranch: undefined })], count: 2 } },
      [`${GIT}/web/stats/branches`]: { body: branch('main') },
    });
    expect(await parametersOf(scm({}, { cloneProtocol: 'anything' }), reader())).toMatchObject([
      {
        organization: 'acme',
        repository: 'web',
        repository_id: ID,
        url: 'https://acme@dev.azure.com/acme/Fabrikam/_git/web',
        branch: 'main',
        sha: SHA,
        labels: '',
      },
    ]);
    expect(server.paths()[1]).toContain('name=main');
    expect(server.asked[0]?.headers.authorization).toBe(`Basic ${Buffer.from(':letmein').toString('base64')}`);
  });

  it('come with every branch, and by paths', async () => {
    server.serve({
      [GIT]: { body: { value: [repository('web')] } },
      [`${GIT}/web/stats/branches`]: { body: { value: [branch('main'), branch('dev')] } },
      [`${GIT}/${ID}/items`]: ({ url }) =>
        url.includes('versionDescriptor.version=dev') && url.includes('path=a%2Fb')
          ? { body: { path: '/a/b' } }
          : { status: 404, body: { typeKey: 'GitItemNotFoundException', message: 'TF401174' } },
    });
    const sets = await parametersOf(scm({ allBranches: true }, { filters: [{ pathsExist: ['a/b'] }] }), reader());
    expect(sets.map(({ branch }) => branch)).toEqual(['dev']);
  });

  it('give nothing for a repository that is gone meanwhile, and fail on any other 404', async () => {
    const gone = (typeKey: string) => ({ status: 404, body: { typeKey, message: 'TF401019' } });
    server.serve({
      [GIT]: { body: { value: [repository('web')] } },
      [`${GIT}/web/stats/branches`]: gone('GitRepositoryNotFoundException'),
    });
    expect(await parametersOf(scm(), reader())).toEqual([]);
    server.serve({ [GIT]: { body: { value: [repository('web')] } }, [`${GIT}/web/stats/branches`]: gone('Other') });
    expect((await refusalOf(scm(), reader())).code).toBe('SCM_NOT_FOUND');
  });

  it('fail by name where the token is not good, which Azure answers with a page', async () => {
    server.serve({ [GIT]: { status: 203, body: '<html>Sign In</html>' } });
    expect((await refusalOf(scm(), reader())).code).toBe('SCM_AUTH');
  });
});

describe('pull requests of Azure DevOps (1.7)', () => {
  const pull = (pullRequestId: number, labels: string[] = ['Label']) => ({
    pullRequestId,
    title: 'Update README',
    sourceRefName: 'refs/heads/feature/a',
    targetRefName: 'refs/heads/main',
    lastMergeSourceCommit: { commitId: SHA },
    labels: labels.map((name) => ({ id: 'x', name, active: true })),
    createdBy: { uniqueName: 'jane@example.com', displayName: 'Jane' },
    repository: { id: ID, name: 'web' },
  });

  it('come page by page, bear every label, and are told by their user name', async () => {
    const full = Array.from({ length: 100 }, (_, index) => pull(index + 1));
    server.serve({
      [`${GIT}/web/pullrequests`]: ({ url }) => ({
        body: { value: url.includes('skip=100') ? [pull(101), pull(102, [])] : full },
      }),
    });
    const azuredevops = { organization: 'acme', project: 'Fabrikam', repo: 'web', labels: ['Label'] };
    const sets = await parametersOf({ pullRequest: { azuredevops } }, reader());
    expect(sets).toHaveLength(101);
    expect(sets[0]).toMatchObject({
      number: '1',
      branch: 'feature/a',
      target_branch: 'main',
      head_sha: SHA,
      author: 'jane',
    });
  });
});
