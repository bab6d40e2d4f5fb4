import { createVerify, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expandGenerators, parametersOf, refusalOf } from '../../support/expansion.js';
import { ProviderServer, type Reply } from '../../support/provider-server.js';
import { readerWith, remoteReader, SECRETS, TOKEN } from '../../support/remote-inputs.js';

const SHA = '6dcb09b5b57875f334f61aebed695e2e4193db5e';
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const APP = {
  'argocd/app/githubAppID': '42',
  'argocd/app/githubAppPrivateKey': privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
};
let server: ProviderServer;
beforeAll(async () => {
  server = await ProviderServer.start();
});
afterAll(() => server.close());

const repository = (name: string, more: object = {}) => ({
  id: 1_296_269,
  node_id: 'MDEwOlJlcG9zaXRvcnkxMjk2MjY5',
  name,
  full_name: `acme/${name}`,
  owner: { login: 'acme', id: 1, type: 'Organization' },
  private: false,
  archived: false,
  ssh_url: `git@github.com:acme/${name}.git`,
  clone_url: `https://github.com/acme/${name}.git`,
  default_branch: 'main',
  topics: ['argo', 'web'],
  ...more,
});
const branch = (name: string) => ({ name, commit: { sha: SHA, url: `https://api.github.com/x` }, protected: true });

const reader = () =>
  readerWith(
    remoteReader({ secrets: SECRETS, publicApis: { github: server.url }, policy: { allowedProviders: [server.url] } }),
  );
const scm = (github: object = {}, more: object = {}) => ({
  scmProvider: { github: { organization: 'acme', ...github }, ...more },
});

describe('repositories of a GitHub organisation (1.6)', () => {
  it('come with the parameters of their default branch', async () => {
    server.serve({
      '/orgs/acme/repos': { body: [repository('web')] },
      '/repos/acme/web/branches/main': { body: branch('main') },
    });
    expect(await parametersOf(scm({ tokenRef: TOKEN }), reader())).toEqual([
      {
        organization: 'acme',
        repository: 'web',
        repository_id: 1_296_269n,
        url: 'git@github.com:acme/web.git',
        branch: 'main',
        sha: SHA,
        short_sha: '6dcb09b5',
        short_sha_7: '6dcb09b',
        labels: 'argo,web',
        branchNormalized: 'main',
      },
    ]);
    const [first] = server.asked;
    expect(first?.url).toBe('/orgs/acme/repos?per_page=100');
    expect(first?.headers).toMatchObject({ authorization: 'Bearer letmein', accept: 'application/vnd.github+json' });
  });

  it('come page by page, by the Link header', async () => {
    const link = `<${server.url}/orgs/acme/repos?per_page=100&page=2>; rel="next", <${server.url}/x?page=2>; rel="last"`;
    server.serve({
      '/orgs/acme/repos?per_page=100': { body: [repository('one')], headers: { link } },
      '/orgs/acme/repos?page=2&per_page=100': { body: [repository('two')] },
      '/repos/acme/one/branches/main': { body: branch('main') },
      '/repos/acme/two/branches/main': { body: branch('main') },
    });
    const sets = await parametersOf(scm(), reader());
    expect(sets.map(({ repository }) => repository)).toEqual(['one', 'two']);
  });

  it('come with every branch where all are wanted, and by https where that is wanted', async () => {
    server.serve({
      '/orgs/acme/repos': { body: [repository('web')] },
      '/repos/acme/web/branches': { body: [branch('main'), branch('feat/X_1')] },
    });
    const sets = await parametersOf(scm({ allBranches: true }, { cloneProtocol: 'https' }), reader());
    expect(sets.map(({ branch, branchNormalized, url }) => [branch, branchNormalized, url])).toEqual([
      ['main', 'main', 'https://github.com/acme/web.git'],
      ['feat/X_1', 'feat-x-1', 'https://github.com/acme/web.git'],
    ]);
  });

  it('leave out empty repositories, and archived ones where told to', async () => {
    server.serve({ '/orgs/acme/repos': { body: [repository('old', { archived: true }), repository('empty')] } });
    expect(await parametersOf(scm({ excludeArchivedRepos: true }), reader())).toEqual([]);
    expect(server.paths().slice(1)).toEqual(['/repos/acme/empty/branches/main']);
  });

  it('are asked for paths at the branch', async () => {
    server.serve({
      '/orgs/acme/repos': { body: [repository('web'), repository('api')] },
      '/repos/acme/web/branches/main': { body: branch('main') },
      '/repos/acme/api/branches/main': { body: branch('main') },
      '/repos/acme/web/contents/deploy/base?ref=main': { body: [{ type: 'file', path: 'deploy/base/x' }] },
    });
    const sets = await parametersOf(scm({}, { filters: [{ pathsExist: ['/deploy//base/'] }] }), reader());
    expect(sets.map(({ repository }) => repository)).toEqual(['web']);
  });

  it('are counted for the guard, none of them too', async () => {
    server.serve({ '/orgs/acme/repos': { body: [] } });
    const { branches } = await expandGenerators([scm()], reader());
    expect(branches[0]?.remoteReads).toEqual([
      {
        path: 'spec.generators[0].scmProvider',
        repoURL: 'github acme',
        revision: '',
        kind: 'repositories',
        patterns: [],
        results: 0,
      },
    ]);
  });

  it('are asked for under /api/v3 of an enterprise server', async () => {
    server.serve({ '/api/v3/orgs/acme/repos': { body: [] } });
    expect(await parametersOf(scm({ api: server.url, tokenRef: TOKEN }), reader())).toEqual([]);
  });

  it('are asked for as an installed GitHub App, whose private key goes nowhere', async () => {
    server.serve({
      '/users/acme/installation': { body: { id: 7, app_id: 42 } },
      '/app/installations/7/access_tokens': { status: 201, body: { token: 'ghs_short', expires_at: 'x' } },
      '/orgs/acme/repos': { body: [] },
    });
    const remote = remoteReader({ secrets: APP, publicApis: { github: server.url } });
    expect(await parametersOf(scm({ appSecretName: 'app' }), readerWith(remote))).toEqual([]);
    const [first, second, third] = server.asked.map(({ headers }) => headers.authorization ?? '');
    const [head, claims, signature = ''] = (first ?? '').replace('Bearer ', '').split('.');
    expect(JSON.parse(Buffer.from(claims ?? '', 'base64url').toString())).toEqual({
      iat: 1_767_225_540,
      exp: 1_767_226_140,
      iss: '42',
    });
    const verifier = createVerify('RSA-SHA256').update(`${head}.${claims}`);
    expect(verifier.verify(publicKey, signature, 'base64url')).toBe(true);
    expect([second, third]).toEqual([first, 'Bearer ghs_short']);
  });

  it('are not asked for as a GitHub App that nobody described', async () => {
    const refusal = await refusalOf(scm({ appSecretName: 'app' }), reader());
    expect(refusal).toEqual({ code: 'SCM_TOKEN_MISSING', path: 'spec.generators[0].scmProvider.github' });
    const secrets = { 'argocd/app/githubAppID': '42', 'argocd/app/githubAppPrivateKey': 'no key' };
    const remote = remoteReader({ secrets, publicApis: { github: server.url } });
    expect((await refusalOf(scm({ appSecretName: 'app' }), readerWith(remote))).code).toBe('SCM_TOKEN_MISSING');
    server.serve({});
    const uninstalled = remoteReader({ secrets: APP, publicApis: { github: server.url } });
    expect((await refusalOf(scm({ appSecretName: 'app' }), readerWith(uninstalled))).code).toBe('SCM_AUTH');
    const elsewhere = scm({ appSecretName: 'app', api: 'https://github.example.com' });
    expect((await refusalOf(elsewhere, readerWith(remoteReader({ secrets: APP })))).code).toBe('SCM_NOT_ALLOWED');
  });

  it.each<[string, Reply, string]>([
    ['401', { status: 401, body: { message: 'Bad credentials' } }, 'SCM_AUTH'],
    ['403', { status: 403, body: { message: 'Forbidden' } }, 'SCM_AUTH'],
    [
      '403 for asking too often',
      { status: 403, headers: { 'x-ratelimit-remaining': '0' }, body: {} },
      'SCM_RATE_LIMITED',
    ],
    ['429', { status: 429, headers: { 'retry-after': '30' }, body: {} }, 'SCM_RATE_LIMITED'],
    ['404', { status: 404, body: { message: 'Not Found' } }, 'SCM_NOT_FOUND'],
    ['502 with a page', { status: 502, body: '<html>' }, 'SCM_UNREACHABLE'],
    ['no JSON', { body: '<html>' }, 'SCM_ANSWER_INVALID'],
    ['an object for a list', { body: {} }, 'SCM_ANSWER_INVALID'],
    ['a repository without a name', { body: [{ ...repository('x'), name: null }] }, 'SCM_ANSWER_INVALID'],
  ])('fail by name on %s', async (_what, reply, code) => {
    server.serve({ '/orgs/acme/repos': reply });
    expect(await refusalOf(scm(), reader())).toEqual({ code, path: 'spec.generators[0].scmProvider.github' });
  });
});

describe('pull requests of GitHub (1.7)', () => {
  const pull = (number: number, ref: string, labels: string[]) => ({
    number,
    state: 'open',
    title: `Amazing ${ref}`,
    head: { ref, sha: SHA, label: `octocat:${ref}`, repo: { full_name: 'octocat/web' } },
    base: { ref: 'release/1_0', sha: 'x' },
    labels: labels.map((name, id) => ({ id, name, color: 'f29513' })),
    user: { login: 'octocat', id: 1 },
  });
  const pulls = (github: object = {}, more: object = {}) => ({
    pullRequest: { github: { owner: 'acme', repo: 'web', ...github }, ...more },
  });

  it('come with their parameters, and with labels only in Go mode', async () => {
    server.serve({ '/repos/acme/web/pulls': { body: [pull(1347, 'feature/New_Topic', ['preview'])] } });
    const expected = {
      number: '1347',
      title: 'Amazing feature/New_Topic',
      branch: 'feature/New_Topic',
      branch_slug: 'feature-new-topic',
      target_branch: 'release/1_0',
      target_branch_slug: 'release-1-0',
      head_sha: SHA,
      head_short_sha: '6dcb09b5',
      head_short_sha_7: '6dcb09b',
      author: 'octocat',
    };
    expect(await parametersOf(pulls(), reader())).toEqual([expected]);
  });

  it('must bear every label', async () => {
    server.serve({ '/repos/acme/web/pulls': { body: [pull(1, 'a', ['x', 'y']), pull(2, 'b', ['x'])] } });
    const sets = await parametersOf(pulls({ labels: ['x', 'y'] }), reader());
    expect(sets.map(({ number }) => number)).toEqual(['1']);
  });

  it('of a repository that is not there are an error, or none where told to go on', async () => {
    server.serve({});
    expect((await refusalOf(pulls(), reader())).code).toBe('SCM_NOT_FOUND');
    expect(await parametersOf(pulls({}, { continueOnRepoNotFoundError: true }), reader())).toEqual([]);
    server.serve({ '/repos/acme/web/pulls': { status: 401 } });
    expect((await refusalOf(pulls({}, { continueOnRepoNotFoundError: true }), reader())).code).toBe('SCM_AUTH');
  });
});
