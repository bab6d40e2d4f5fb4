import { describe, expect, it } from 'vitest';
import { NEW, OLD, ZERO, readWebhook, refusalOf } from '../../support/webhook-payloads.js';

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
    expect(readWebhook(push, githubPush())).toEqual({
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
    const [event] = readWebhook(push, githubPush(more)).events ?? [];
    expect(event).toMatchObject(
      Object.fromEntries(Object.entries(expected).filter(([, value]) => value !== undefined)),
    );
    for (const [key, value] of Object.entries(expected)) if (value === undefined) expect(event).not.toHaveProperty(key);
  });

  it('moves nothing by a ping, and a pull request by the actions that count', () => {
    const pulls = { 'x-github-event': 'pull_request' };
    expect(readWebhook({ 'x-github-event': 'ping' }, { zen: 'x' }).events).toEqual([]);
    expect(readWebhook(pulls, { action: 'opened', repository: githubRepository }).events).toEqual([
      { kind: 'pull-request', urls: githubUrls },
    ]);
    expect(readWebhook(pulls, { action: 'assigned', repository: githubRepository }).events).toEqual([]);
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
    expect(readWebhook(headers, body('CONTAINER')).events).toEqual(told);
    expect(readWebhook(headers, body('npm')).events).toEqual([]);
    expect(readWebhook(headers, body('container', 'updated')).events).toEqual([]);
  });

  it('refuses events nobody handles, and pushes without what they are about', () => {
    expect(refusalOf({ 'x-github-event': 'star' }, {})).toBe('WEBHOOK_UNKNOWN');
    expect(refusalOf(push, {})).toBe('WEBHOOK_UNREADABLE');
    expect(refusalOf(push, { ref: 'refs/heads/main', repository: { __proto__: githubRepository } })).toBe(
      'WEBHOOK_UNREADABLE',
    );
    expect(refusalOf(push, [1, 'x'])).toBe('WEBHOOK_UNREADABLE');
    expect(refusalOf(push, undefined)).toBe('WEBHOOK_UNREADABLE');
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
    expect(readWebhook({ 'x-gitlab-event': header }, push()).events).toMatchObject([
      { urls, revision: 'trunk', touchesDefault: true, files: ['a.yaml'], commit: NEW },
    ]);
  });

  it('does not take the first commits of many for all of them', () => {
    const [event] = readWebhook({ 'x-gitlab-event': 'Push Hook' }, push({ total_commits_count: 21 })).events ?? [];
    expect(event).not.toHaveProperty('files');
  });

  it('tells tags, every ref of a repository update, and merge requests that count', () => {
    const tag = push({ object_kind: 'tag_push', ref: 'refs/tags/v2', before: ZERO });
    expect(readWebhook({ 'x-gitlab-event': 'Tag Push Hook' }, tag).events).toMatchObject([
      { revision: 'v2', comesOrGoes: true },
    ]);
    const changes = [
      { ref: 'refs/heads/trunk', before: OLD, after: NEW },
      { ref: 'refs/tags/v3', before: ZERO, after: NEW },
    ];
    expect(
      readWebhook({ 'x-gitlab-event': 'System Hook' }, { event_name: 'repository_update', changes, project }).events,
    ).toMatchObject([{ revision: 'trunk' }, { revision: 'v3' }]);
    const merge = (action: string) => ({ object_kind: 'merge_request', object_attributes: { action }, project });
    expect(readWebhook({ 'x-gitlab-event': 'Merge Request Hook' }, merge('open')).events).toEqual([
      { kind: 'pull-request', urls },
    ]);
    expect(readWebhook({ 'x-gitlab-event': 'Merge Request Hook' }, merge('approved')).events).toEqual([]);
    expect(readWebhook({ 'x-gitlab-event': 'System Hook' }, { event_name: 'user_create' }).events).toEqual([]);
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
    expect(readWebhook(headers, body)).toMatchObject({
      name: 'Gogs',
      events: [{ revision: 'main', touchesDefault: true, files: ['a'] }],
    });
  });

  it('tell branches that are made, and pull requests', () => {
    expect(readWebhook({ 'x-gitea-event': 'create' }, { ref: 'v1', ref_type: 'tag', repository }).events).toMatchObject(
      [{ revision: 'v1', comesOrGoes: true }],
    );
    expect(readWebhook({ 'x-gitea-event': 'pull_request_sync' }, { repository }).events).toMatchObject([
      { kind: 'pull-request' },
    ]);
    const { files } = (readWebhook({ 'x-gitea-event': 'push' }, { ...body, total_commits: 9 }).events?.[0] ?? {}) as {
      files?: string[];
    };
    expect(files).toBeUndefined();
  });
});
