import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parametersOf, refusalOf } from '../../support/expansion.js';
import { ProviderServer } from '../../support/provider-server.js';
import { readerWith, remoteReader, SECRETS, TOKEN } from '../../support/remote-inputs.js';

const SHA = '72687815ccba81ef014a96201cc2e846a68789d8';
let server: ProviderServer;
beforeAll(async () => {
  server = await ProviderServer.start();
});
afterAll(() => server.close());

const reader = () => readerWith(remoteReader({ secrets: SECRETS, policy: { allowedProviders: [server.url] } }));
const repository = (name: string) => ({
  id: 21_618,
  name,
  full_name: `acme/${name}`,
  html_url: `https://gitea.example.com/acme/${name}`,
  ssh_url: `git@gitea.example.com:acme/${name}.git`,
  clone_url: `https://gitea.example.com/acme/${name}.git`,
  default_branch: 'main',
  archived: false,
});
const branch = (name: string) => ({ name, commit: { id: SHA, message: 'x' }, protected: false });
const scm = (gitea: object = {}, more: object = {}) => ({
  scmProvider: { gitea: { owner: 'acme', api: server.url, tokenRef: TOKEN, ...gitea }, ...more },
});

describe('repositories of a Gitea organisation (1.6)', () => {
  it('come with their labels, by the page address for https', async () => {
    server.serve({
      '/api/v1/orgs/acme/repos': { body: [repository('web')] },
      '/api/v1/repos/acme/web/labels': { body: [{ id: 1, name: 'deploy', color: '00aabb' }] },
      '/api/v1/repos/acme/web/branches/main': { body: branch('main') },
    });
    expect(await parametersOf(scm({}, { cloneProtocol: 'https' }), reader())).toMatchObject([
      {
        organization: 'acme',
        repository: 'web',
        repository_id: 21_618n,
        url: 'https://gitea.example.com/acme/web',
        sha: SHA,
        labels: 'deploy',
      },
    ]);
    expect(server.asked[0]?.headers['authorization']).toBe('token letmein');
  });

  it('come page by page with every branch', async () => {
    const link = `<${server.url}/api/v1/orgs/acme/repos?limit=50&page=2>; rel="next"`;
    server.serve({
      '/api/v1/orgs/acme/repos?limit=50&page=1': { body: [repository('one')], headers: { link } },
      '/api/v1/orgs/acme/repos?limit=50&page=2': { body: [repository('two')] },
      '/api/v1/repos/acme/one/labels': { body: [] },
      '/api/v1/repos/acme/two/labels': { body: [] },
      '/api/v1/repos/acme/one/branches': { body: [branch('main'), branch('dev')] },
      '/api/v1/repos/acme/two/branches': { body: [] },
    });
    const sets = await parametersOf(scm({ allBranches: true }), reader());
    expect(sets.map(({ repository, branch }) => [repository, branch])).toEqual([
      ['one', 'main'],
      ['one', 'dev'],
    ]);
  });

  it('fail where the default branch is not there, as in Argo CD, and on 401', async () => {
    server.serve({
      '/api/v1/orgs/acme/repos': { body: [repository('web')] },
      '/api/v1/repos/acme/web/labels': { body: [] },
    });
    expect((await refusalOf(scm(), reader())).code).toBe('SCM_NOT_FOUND');
    server.serve({ '/api/v1/orgs/acme/repos': { status: 401, body: { message: 'token is required' } } });
    expect((await refusalOf(scm(), reader())).code).toBe('SCM_AUTH');
  });

  it('are asked for paths', async () => {
    server.serve({
      '/api/v1/orgs/acme/repos': { body: [repository('web')] },
      '/api/v1/repos/acme/web/labels': { body: [] },
      '/api/v1/repos/acme/web/branches/main': { body: branch('main') },
      '/api/v1/repos/acme/web/contents/a/b?ref=main': { body: { type: 'file', path: 'a/b' } },
    });
    expect(
      await parametersOf(scm({}, { filters: [{ pathsExist: ['a/b'], pathsDoNotExist: ['c'] }] }), reader()),
    ).toHaveLength(1);
  });
});

describe('pull requests of Gitea (1.7)', () => {
  it('come open and by label', async () => {
    const pull = (number: number, labels: object[]) => ({
      number,
      title: 'Update',
      user: { login: 'jane' },
      labels,
      state: 'open',
      head: { label: 'test', ref: 'test', sha: SHA },
      base: { label: 'main', ref: 'main', sha: 'x' },
    });
    server.serve({ '/api/v1/repos/acme/web/pulls': { body: [pull(1, [{ id: 1, name: 'ok' }]), pull(2, [])] } });
    const gitea = { owner: 'acme', repo: 'web', api: server.url, labels: ['ok'] };
    expect(await parametersOf({ pullRequest: { gitea } }, reader())).toMatchObject([
      { number: '1', branch: 'test', target_branch: 'main', head_sha: SHA, author: 'jane' },
    ]);
    expect(server.asked[0]?.url).toContain('state=open');
  });
});
