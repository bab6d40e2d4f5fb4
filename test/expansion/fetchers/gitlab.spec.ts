import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parametersOf, refusalOf } from '../../support/expansion.js';
import { ProviderServer } from '../../support/provider-server.js';
import { readerWith, remoteReader, SECRETS, TOKEN } from '../../support/remote-inputs.js';

const SHA = 'f688bcd2f5f0dc9b4f4d8c7a1f3a4a8f6d1f5a3e';
let server: ProviderServer;
beforeAll(async () => {
  server = await ProviderServer.start();
});
afterAll(() => server.close());

const reader = () =>
  readerWith(
    remoteReader({ secrets: SECRETS, publicApis: { gitlab: server.url }, policy: { allowedProviders: [server.url] } }),
  );
const project = (id: number, path: string, more: object = {}) => ({
  id,
  name: 'Diaspora Client',
  path,
  path_with_namespace: `group/sub/${path}`,
  default_branch: 'main',
  topics: ['ruby'],
  tag_list: ['ruby'],
  ssh_url_to_repo: `git@gitlab.example.com:group/sub/${path}.git`,
  http_url_to_repo: `https://gitlab.example.com/group/sub/${path}.git`,
  namespace: { id: 3, name: 'sub', path: 'sub', kind: 'group', full_path: 'group/sub' },
  ...more,
});
const branch = (name: string) => ({ name, merged: false, default: true, commit: { id: SHA, short_id: 'f688bcd2' } });
const scm = (gitlab: object = {}, more: object = {}) => ({
  scmProvider: { gitlab: { group: 'group/sub', ...gitlab }, ...more },
});
const LIST = '/api/v4/groups/group%2Fsub/projects';

describe('projects of a GitLab group (1.6)', () => {
  it('come with their parameters, shared ones included and archived ones not', async () => {
    server.serve({
      [LIST]: { body: [project(4, 'client')] },
      '/api/v4/projects/4/repository/branches/main': { body: branch('main') },
    });
    expect(await parametersOf(scm({ tokenRef: TOKEN, topic: 'ruby' }), reader())).toMatchObject([
      {
        organization: 'group/sub',
        repository: 'client',
        repository_id: 4n,
        url: 'git@gitlab.example.com:group/sub/client.git',
        branch: 'main',
        sha: SHA,
        labels: 'ruby',
      },
    ]);
    const query = new URL(server.asked[0]?.url ?? '', server.url).searchParams;
    expect(Object.fromEntries(query)).toEqual({
      per_page: '100',
      include_subgroups: 'false',
      with_shared: 'true',
      topic: 'ruby',
      archived: 'false',
    });
    expect(server.asked[0]?.headers['private-token']).toBe('letmein');
  });

  it('come page by page, by x-next-page', async () => {
    server.serve({
      [LIST]: ({ url }) =>
        url.includes('page=2')
          ? { body: [project(2, 'two', { topics: [], tag_list: ['old'] })], headers: { 'x-next-page': '' } }
          : { body: [project(1, 'one')], headers: { 'x-next-page': '2' } },
      '/api/v4/projects/1/repository/branches': { body: [branch('main'), branch('dev')] },
      '/api/v4/projects/2/repository/branches': { body: [branch('main')] },
    });
    const sets = await parametersOf(scm({ allBranches: true, includeSharedProjects: false }), reader());
    expect(sets.map(({ repository, branch, labels }) => [repository, branch, labels])).toEqual([
      ['one', 'main', 'ruby'],
      ['one', 'dev', 'ruby'],
      ['two', 'main', 'old'],
    ]);
    expect(server.asked[0]?.url).toContain('with_shared=false');
  });

  it('are asked for files and folders in the folder above them', async () => {
    const tree = '/api/v4/projects/4/repository/tree';
    server.serve({
      [LIST]: { body: [project(4, 'client')] },
      '/api/v4/projects/4/repository/branches/main': { body: branch('main') },
      [tree]: ({ url }) =>
        url.includes('path=deploy')
          ? { body: [{ id: 'a', name: 'base', type: 'tree', path: 'deploy/base' }] }
          : { body: [] },
    });
    expect(await parametersOf(scm({}, { filters: [{ pathsExist: ['deploy/base'] }] }), reader())).toHaveLength(1);
    expect(await parametersOf(scm({}, { filters: [{ pathsExist: ['Chart.yaml'] }] }), reader())).toEqual([]);
    server.serve({
      [LIST]: { body: [project(4, 'client')] },
      '/api/v4/projects/4/repository/branches/main': { body: branch('main') },
      [tree]: { status: 404, body: { message: '404 Tree Not Found' } },
    });
    expect(await parametersOf(scm({}, { filters: [{ pathsDoNotExist: ['deploy/base'] }] }), reader())).toHaveLength(1);
  });

  it('fail by name on 401, 403, 404, 429 and 5xx', async () => {
    const codes: string[] = [];
    for (const status of [401, 403, 404, 429, 500]) {
      server.serve({ [LIST]: { status, body: { message: `${status}` } } });
      codes.push((await refusalOf(scm(), reader())).code);
    }
    expect(codes).toEqual(['SCM_AUTH', 'SCM_AUTH', 'SCM_NOT_FOUND', 'SCM_RATE_LIMITED', 'SCM_UNREACHABLE']);
  });
});

describe('merge requests of GitLab (1.7)', () => {
  it('come by labels and state, which GitLab judges', async () => {
    server.serve({
      '/api/v4/projects/278964/merge_requests': {
        body: [
          {
            id: 1,
            iid: 15442,
            title: 'Draft: prepare',
            state: 'opened',
            source_branch: 'use-structured-logging',
            target_branch: 'master',
            sha: SHA,
            labels: ['backend'],
            author: { id: 1, username: 'hfyngvason', name: 'H' },
          },
        ],
      },
    });
    const gitlab = { project: '278964', labels: ['backend', 'a b'], pullRequestState: 'opened' };
    expect(await parametersOf({ pullRequest: { gitlab } }, reader())).toMatchObject([
      {
        number: '15442',
        branch: 'use-structured-logging',
        target_branch: 'master',
        head_sha: SHA,
        author: 'hfyngvason',
      },
    ]);
    const query = new URL(server.asked[0]?.url ?? '', server.url).searchParams;
    expect(Object.fromEntries(query)).toEqual({ per_page: '100', labels: 'backend,a b', state: 'opened' });
  });

  it('come in every state where none is named', async () => {
    server.serve({ '/api/v4/projects/a%2Fb/merge_requests': { body: [] } });
    expect(await parametersOf({ pullRequest: { gitlab: { project: 'a/b' } } }, reader())).toEqual([]);
    expect(server.paths()).toEqual(['/api/v4/projects/a%2Fb/merge_requests?per_page=100']);
  });
});
