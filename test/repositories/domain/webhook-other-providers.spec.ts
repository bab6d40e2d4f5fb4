import { describe, expect, it } from 'vitest';
import { providerOf } from '../../../src/repositories/domain/webhooks/providers.js';
import { NEW, OLD, ZERO, readWebhook, refusalOf } from '../../support/webhook-payloads.js';

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
    expect(readWebhook(headers, { repository, push: { changes } })).toMatchObject({
      name: 'Bitbucket Cloud',
      events: [
        { revision: 'main', touchesDefault: true, comesOrGoes: false, commit: NEW },
        { revision: 'gone', touchesDefault: false, comesOrGoes: true },
      ],
    });
    expect(readWebhook({ ...headers, 'x-event-key': 'pullrequest:created' }, { repository }).events).toMatchObject([
      { kind: 'pull-request' },
    ]);
    expect(refusalOf({ ...headers, 'x-event-key': 'repo:fork' }, { repository })).toBe('WEBHOOK_UNKNOWN');
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
    expect(readWebhook(headers, { repository, changes })).toMatchObject({
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
    expect(readWebhook({ 'x-event-key': 'diagnostics:ping' }, { test: true }).events).toEqual([]);
    const merged = { pullRequest: { toRef: { repository } } };
    expect(readWebhook({ 'x-event-key': 'pr:merged' }, merged).events).toMatchObject([{ kind: 'pull-request' }]);
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
    expect(readWebhook(headers, { eventType: 'git.push', resource: { refUpdates, repository } })).toMatchObject({
      name: 'Azure DevOps',
      events: [
        { revision: 'main', touchesDefault: true, comesOrGoes: false, commit: NEW },
        { revision: 'v1', touchesDefault: false, comesOrGoes: true },
      ],
    });
  });

  it('tells pull requests, and refuses other events', () => {
    expect(readWebhook(headers, { eventType: 'git.pullrequest.created', resource: { repository } }).events).toEqual([
      { kind: 'pull-request', urls: [repository.remoteUrl] },
    ]);
    expect(refusalOf(headers, { eventType: 'build.complete' })).toBe('WEBHOOK_UNKNOWN');
  });
});

describe('Harbor and the generic form', () => {
  it('Harbor tells each pushed artifact with its tag', () => {
    const resources = [
      { digest: 'sha256:1', tag: '1.0.0', resource_url: 'harbor.corp/charts/web:1.0.0' },
      { digest: 'sha256:2', tag: '', resource_url: 'harbor.corp/charts/web@sha256:2' },
    ];
    const told = readWebhook({ authorization: 'secret' }, { type: 'PUSH_ARTIFACT', event_data: { resources } });
    expect(told).toEqual({
      name: 'Harbor',
      events: [{ kind: 'artifact', urls: ['harbor.corp/charts/web'], revision: '1.0.0' }],
    });
    expect(refusalOf({ authorization: 'secret' }, { type: 'DELETE_ARTIFACT' })).toBe('WEBHOOK_UNKNOWN');
  });

  it('the generic form needs a repository only', () => {
    const headers = { 'x-fleetwright-event': 'push' };
    expect(readWebhook(headers, { repository: 'https://git.corp/a' }).events).toEqual([
      { kind: 'push', urls: ['https://git.corp/a'], revision: '', touchesDefault: true, comesOrGoes: false },
    ]);
    const told = {
      repository: 'https://git.corp/a',
      ref: 'refs/heads/x',
      default: false,
      files: ['a', 7],
      commit: NEW,
    };
    expect(readWebhook(headers, told).events).toMatchObject([
      { revision: 'x', touchesDefault: false, files: ['a'], commit: NEW },
    ]);
    expect(refusalOf(headers, {})).toBe('WEBHOOK_UNREADABLE');
  });

  it('nobody else is known', () => {
    expect(providerOf(new Map([['content-type', 'application/json']]))).toBeUndefined();
  });
});
