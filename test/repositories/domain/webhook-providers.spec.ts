import { describe, expect, it } from 'vitest';
import { FleetError } from '../../../src/kernel/errors.js';
import { providerOf } from '../../../src/repositories/domain/webhooks/providers.js';

const ZERO = '0'.repeat(40);
const OLD = 'a'.repeat(40);
const NEW = 'b'.repeat(40);

function read(headers: Record<string, string>, body: unknown) {
  const given = new Map(Object.entries(headers));
  const provider = providerOf(given);
  return { name: provider?.name, events: provider?.read(given, body) };
}

function codeOf(headers: Record<string, string>, body: unknown): string {
  try {
    read(headers, body);
  } catch (error) {
    return error instanceof FleetError ? error.code : String(error);
  }
  return 'none';
}

const commit = (files: Partial<Record<'added' | 'modified' | 'removed', string[]>>) => ({
  id: NEW,
  message: 'change',
  added: [],
  modified: [],
  removed: [],
  ...files,
});

const githubRepository = {
  full_name: 'acme/web',
  html_url: 'https://github.com/acme/web',
  clone_url: 'https://github.com/acme/web.git',
  ssh_url: 'git@github.com:acme/web.git',
  default_branch: 'main',
};
const githubUrls = [githubRepository.html_url, githubRepository.clone_url, githubRepository.ssh_url];
const githubPush = (more: object = {}) => ({
  ref: 'refs/heads/main',
  before: OLD,
  after: NEW,
  forced: false,
  commits: [commit({ added: ['apps/a.yaml'] }), commit({ modified: ['apps/b.yaml'], removed: ['old.yaml'] })],
  repository: githubRepository,
  ...more,
});

describe('GitHub', () => {
  const push = { 'x-github-event': 'push' };

  it('tells the repository, the branch and every file of every commit', () => {
    expect(read(push, githubPush())).toEqual({
      name: 'GitHub',
      events: [
        {
          kind: 'push',
          urls: githubUrls,
          revision: 'main',
          touchesDefault: true,
          comesOrGoes: false,
          files: ['apps/a.yaml', 'apps/b.yaml', 'old.yaml'],
          commit: NEW,
        },
      ],
    });
  });

  it.each([
    [
      'a branch with slashes keeps them',
      { ref: 'refs/heads/team/x/y' },
      { revision: 'team/x/y', touchesDefault: false },
    ],
    ['a tag is named without its prefix', { ref: 'refs/tags/v1.2.0' }, { revision: 'v1.2.0', touchesDefault: false }],
    ['a new branch tells not all files', { before: ZERO }, { comesOrGoes: true, files: undefined }],
    ['a forced push neither', { forced: true }, { comesOrGoes: false, files: undefined }],
    ['a deleted branch has no commit', { after: ZERO, commits: [] }, { comesOrGoes: true, commit: undefined }],
  ])('%s', (_rule, more, expected) => {
    const [event] = read(push, githubPush(more)).events ?? [];
    expect(event).toMatchObject(
      Object.fromEntries(Object.entries(expected).filter(([, value]) => value !== undefined)),
    );
    for (const [key, value] of Object.entries(expected)) if (value === undefined) expect(event).not.toHaveProperty(key);
  });

  it('moves nothing by a ping, and a pull request by the actions that count', () => {
    const pulls = { 'x-github-event': 'pull_request' };
    expect(read({ 'x-github-event': 'ping' }, { zen: 'x' }).events).toEqual([]);
    expect(read(pulls, { action: 'opened', repository: githubRepository }).events).toEqual([
      { kind: 'pull-request', urls: githubUrls },
    ]);
    expect(read(pulls, { action: 'assigned', repository: githubRepository }).events).toEqual([]);
  });

  it('tells a published container with its tag, and nothing of other packages', () => {
    const headers = { 'x-github-event': 'package' };
    const body = (type: string, action = 'published') => ({
      action,
      package: {
        name: 'charts/web',
        package_type: type,
        owner: { login: 'Acme' },
        package_version: { container_metadata: { tag: { name: '1.4.0' } } },
      },
    });
    const told = [{ kind: 'artifact', urls: ['ghcr.io/Acme/charts/web'], revision: '1.4.0' }];
    expect(read(headers, body('CONTAINER')).events).toEqual(told);
    expect(read(headers, body('npm')).events).toEqual([]);
    expect(read(headers, body('container', 'updated')).events).toEqual([]);
  });

  it('refuses events nobody handles, and pushes without what they are about', () => {
    expect(codeOf({ 'x-github-event': 'star' }, {})).toBe('WEBHOOK_UNKNOWN');
    expect(codeOf(push, {})).toBe('WEBHOOK_UNREADABLE');
    expect(codeOf(push, { ref: 'refs/heads/main', repository: { __proto__: githubRepository } })).toBe(
      'WEBHOOK_UNREADABLE',
    );
    expect(codeOf(push, [1, 'x'])).toBe('WEBHOOK_UNREADABLE');
    expect(codeOf(push, undefined)).toBe('WEBHOOK_UNREADABLE');
  });
});

describe('GitLab', () => {
  const project = {
    web_url: 'https://gitlab.com/acme/shop/web',
    git_http_url: 'https://gitlab.com/acme/shop/web.git',
    git_ssh_url: 'git@gitlab.com:acme/shop/web.git',
    default_branch: 'trunk',
  };
  const urls = [project.web_url, project.git_http_url, project.git_ssh_url];
  const push = (more: object = {}) => ({
    object_kind: 'push',
    ref: 'refs/heads/trunk',
    before: OLD,
    after: NEW,
    total_commits_count: 1,
    commits: [commit({ modified: ['a.yaml'] })],
    project,
    ...more,
  });

  it.each(['Push Hook', 'System Hook'])('tells a push by its %s', (header) => {
    expect(read({ 'x-gitlab-event': header }, push()).events).toMatchObject([
      { urls, revision: 'trunk', touchesDefault: true, files: ['a.yaml'], commit: NEW },
    ]);
  });

  it('does not take the first commits of many for all of them', () => {
    const [event] = read({ 'x-gitlab-event': 'Push Hook' }, push({ total_commits_count: 21 })).events ?? [];
    expect(event).not.toHaveProperty('files');
  });

  it('tells tags, every ref of a repository update, and merge requests that count', () => {
    const tag = push({ object_kind: 'tag_push', ref: 'refs/tags/v2', before: ZERO });
    expect(read({ 'x-gitlab-event': 'Tag Push Hook' }, tag).events).toMatchObject([
      { revision: 'v2', comesOrGoes: true },
    ]);
    const changes = [
      { ref: 'refs/heads/trunk', before: OLD, after: NEW },
      { ref: 'refs/tags/v3', before: ZERO, after: NEW },
    ];
    expect(
      read({ 'x-gitlab-event': 'System Hook' }, { event_name: 'repository_update', changes, project }).events,
    ).toMatchObject([{ revision: 'trunk' }, { revision: 'v3' }]);
    const merge = (action: string) => ({ object_kind: 'merge_request', object_attributes: { action }, project });
    expect(read({ 'x-gitlab-event': 'Merge Request Hook' }, merge('open')).events).toEqual([
      { kind: 'pull-request', urls },
    ]);
    expect(read({ 'x-gitlab-event': 'Merge Request Hook' }, merge('approved')).events).toEqual([]);
    expect(read({ 'x-gitlab-event': 'System Hook' }, { event_name: 'user_create' }).events).toEqual([]);
  });
});

describe('Gogs, Gitea and Forgejo', () => {
  const repository = {
    html_url: 'https://gitea.corp:3000/acme/web',
    clone_url: 'https://gitea.corp:3000/acme/web.git',
    ssh_url: 'ssh://git@gitea.corp:2222/acme/web.git',
    default_branch: 'main',
  };
  const body = {
    ref: 'refs/heads/main',
    before: OLD,
    after: NEW,
    total_commits: 1,
    commits: [commit({ added: ['a'] })],
    repository,
  };

  it.each([
    [{ 'x-gogs-event': 'push' }],
    [{ 'x-gitea-event': 'push', 'x-gogs-event': 'push', 'x-github-event': 'push' }],
    [{ 'x-forgejo-event': 'push', 'x-gitea-event': 'push', 'x-gogs-event': 'push', 'x-github-event': 'push' }],
  ])('are known by their header before the one of GitHub: %j', (headers) => {
    expect(read(headers, body)).toMatchObject({
      name: 'Gogs',
      events: [{ revision: 'main', touchesDefault: true, files: ['a'] }],
    });
  });

  it('tell branches that are made, and pull requests', () => {
    expect(read({ 'x-gitea-event': 'create' }, { ref: 'v1', ref_type: 'tag', repository }).events).toMatchObject([
      { revision: 'v1', comesOrGoes: true },
    ]);
    expect(read({ 'x-gitea-event': 'pull_request_sync' }, { repository }).events).toMatchObject([
      { kind: 'pull-request' },
    ]);
    const { files } = (read({ 'x-gitea-event': 'push' }, { ...body, total_commits: 9 }).events?.[0] ?? {}) as {
      files?: string[];
    };
    expect(files).toBeUndefined();
  });
});

describe('Bitbucket', () => {
  it('Cloud tells every change of a push', () => {
    const change = (name: string, more: object = {}) => ({
      new: { type: 'branch', name, target: { hash: NEW } },
      old: { name, target: { hash: OLD } },
      created: false,
      closed: false,
      ...more,
    });
    const repository = {
      links: { html: { href: 'https://bitbucket.org/acme/web' } },
      mainbranch: { name: 'main' },
    };
    const changes = [change('main'), change('gone', { new: null, closed: true })];
    const headers = { 'x-hook-uuid': '1', 'x-event-key': 'repo:push' };
    expect(read(headers, { repository, push: { changes } })).toMatchObject({
      name: 'Bitbucket Cloud',
      events: [
        { revision: 'main', touchesDefault: true, comesOrGoes: false, commit: NEW },
        { revision: 'gone', touchesDefault: false, comesOrGoes: true },
      ],
    });
    expect(read({ ...headers, 'x-event-key': 'pullrequest:created' }, { repository }).events).toMatchObject([
      { kind: 'pull-request' },
    ]);
    expect(codeOf({ ...headers, 'x-event-key': 'repo:fork' }, { repository })).toBe('WEBHOOK_UNKNOWN');
  });

  it('Server tells no default branch, so HEAD may have moved', () => {
    const repository = {
      links: {
        clone: [
          { name: 'http', href: 'https://bb.corp/scm/shop/web.git' },
          { name: 'ssh', href: 'ssh://git@bb.corp:7999/shop/web.git' },
        ],
        self: [{ href: 'https://bb.corp/projects/SHOP/repos/web/browse' }],
      },
    };
    const changes = [{ ref: { id: 'refs/heads/dev' }, type: 'UPDATE', fromHash: OLD, toHash: NEW }];
    const headers = { 'x-event-key': 'repo:refs_changed' };
    expect(read(headers, { repository, changes })).toMatchObject({
      name: 'Bitbucket Server',
      events: [
        {
          urls: [
            'https://bb.corp/scm/shop/web.git',
            'ssh://git@bb.corp:7999/shop/web.git',
            'https://bb.corp/scm/SHOP/web',
          ],
          revision: 'dev',
          touchesDefault: true,
          commit: NEW,
        },
      ],
    });
    expect(read({ 'x-event-key': 'diagnostics:ping' }, { test: true }).events).toEqual([]);
    const merged = { pullRequest: { toRef: { repository } } };
    expect(read({ 'x-event-key': 'pr:merged' }, merged).events).toMatchObject([{ kind: 'pull-request' }]);
  });
});

describe('Azure DevOps', () => {
  const headers = { 'x-vss-activityid': '1', authorization: 'Basic x' };
  const repository = { remoteUrl: 'https://dev.azure.com/acme/shop/_git/web', defaultBranch: 'refs/heads/main' };

  it('tells every ref update, without files', () => {
    const refUpdates = [
      { name: 'refs/heads/main', oldObjectId: OLD, newObjectId: NEW },
      { name: 'refs/tags/v1', oldObjectId: ZERO, newObjectId: NEW },
    ];
    expect(read(headers, { eventType: 'git.push', resource: { refUpdates, repository } })).toMatchObject({
      name: 'Azure DevOps',
      events: [
        { revision: 'main', touchesDefault: true, comesOrGoes: false, commit: NEW },
        { revision: 'v1', touchesDefault: false, comesOrGoes: true },
      ],
    });
  });

  it('tells pull requests, and refuses other events', () => {
    expect(read(headers, { eventType: 'git.pullrequest.created', resource: { repository } }).events).toEqual([
      { kind: 'pull-request', urls: [repository.remoteUrl] },
    ]);
    expect(codeOf(headers, { eventType: 'build.complete' })).toBe('WEBHOOK_UNKNOWN');
  });
});

describe('Harbor and the generic form', () => {
  it('Harbor tells each pushed artifact with its tag', () => {
    const resources = [
      { digest: 'sha256:1', tag: '1.0.0', resource_url: 'harbor.corp/charts/web:1.0.0' },
      { digest: 'sha256:2', tag: '', resource_url: 'harbor.corp/charts/web@sha256:2' },
    ];
    const told = read({ authorization: 'secret' }, { type: 'PUSH_ARTIFACT', event_data: { resources } });
    expect(told).toEqual({
      name: 'Harbor',
      events: [{ kind: 'artifact', urls: ['harbor.corp/charts/web'], revision: '1.0.0' }],
    });
    expect(codeOf({ authorization: 'secret' }, { type: 'DELETE_ARTIFACT' })).toBe('WEBHOOK_UNKNOWN');
  });

  it('the generic form needs a repository only', () => {
    const headers = { 'x-fleetwright-event': 'push' };
    expect(read(headers, { repository: 'https://git.corp/a' }).events).toEqual([
      { kind: 'push', urls: ['https://git.corp/a'], revision: '', touchesDefault: true, comesOrGoes: false },
    ]);
    const told = {
      repository: 'https://git.corp/a',
      ref: 'refs/heads/x',
      default: false,
      files: ['a', 7],
      commit: NEW,
    };
    expect(read(headers, told).events).toMatchObject([
      { revision: 'x', touchesDefault: false, files: ['a'], commit: NEW },
    ]);
    expect(codeOf(headers, {})).toBe('WEBHOOK_UNREADABLE');
  });

  it('nobody else is known', () => {
    expect(providerOf(new Map([['content-type', 'application/json']]))).toBeUndefined();
  });
});
