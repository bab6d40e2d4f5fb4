import { rename } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GitServer } from '../support/git-server.js';
import { applicationSet, configMap, project } from '../support/documents.js';
import { eventually, World, type Status } from '../support/world.js';

const APPLICATIONS = ['dirs-a', 'dirs-b', 'dirs-c'];
const files = Object.fromEntries(['a', 'b', 'c'].map((name) => [`apps/${name}/config.yaml`, configMap(name)]));
const removed = Object.fromEntries(Object.keys(files).map((path) => [path, null]));

describe('an input that cannot be read, or comes back empty', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start(['c1']);
    await world.repository.commit(files);
    await world.admin.apply([project('team-a'), directorySet(world.repository.url)].join('---'));
    await world.converged(...APPLICATIONS);
  });
  afterAll(() => world.stop());

  /** The set says so, and every Application and object is where it was. */
  async function saysAndKeeps(code: string): Promise<void> {
    await eventually(`${code} on the set`, async () => {
      const { status } = await world.get('applicationsets', 'dirs');
      return [isFailing(status, code), status];
    });
    expect(await world.names('applications')).toEqual(APPLICATIONS);
    for (const name of ['a', 'b', 'c']) expect(configMapOf(name)).toBeDefined();
  }

  function configMapOf(name: string) {
    return world.fleet.cluster('c1').get({ group: '', kind: 'ConfigMap', namespace: 'web', name });
  }

  async function refresh(): Promise<void> {
    await world.admin.post('/api/v1/applicationsets/dirs/refresh');
  }

  async function recovers(): Promise<void> {
    await refresh();
    await eventually('the set to recover', async () => {
      const { status } = await world.get('applicationsets', 'dirs');
      return [status?.conditions?.find(({ type }) => type === 'ErrorOccurred')?.status === 'False', status];
    });
  }

  it('keeps everything when the branch is gone', async () => {
    await world.repository.git('--git-dir', world.repository.bare, 'update-ref', '-d', 'refs/heads/main');
    await refresh();
    await saysAndKeeps('GIT_REVISION_NOT_FOUND');
    await world.repository.git('push', '--quiet', 'origin', 'main');
    await recovers();
  });

  it('keeps everything when the repository is gone', async () => {
    await rename(world.repository.bare, `${world.repository.bare}.away`);
    await refresh();
    await saysAndKeeps('GIT_NOT_FOUND');
    await rename(`${world.repository.bare}.away`, world.repository.bare);
    await recovers();
  });

  it('waits for approval when a listing that gave results gives none, however few they were', async () => {
    await world.push({ ...removed, 'apps/README.md': 'empty\n' });
    await eventually('the removals to wait', async () => {
      const { status } = await world.get('applicationsets', 'dirs');
      return [status?.conditions?.find(({ type }) => type === 'AwaitingApproval')?.status === 'True', status];
    });
    expect(await world.names('applications')).toEqual(APPLICATIONS);
    for (const name of ['a', 'b', 'c']) expect(configMapOf(name)).toBeDefined();
  });

  it('lets go what was approved, and only that', async () => {
    const { items } = await world.admin.get<{ items: { id: string; target: string }[] }>('/api/v1/approvals');
    const waiting = items.filter(({ target }) => target.startsWith('Application argocd/dirs-'));
    expect(waiting).toHaveLength(3);
    await world.admin.post(`/api/v1/approvals/${waiting.find(({ target }) => target.endsWith('dirs-b'))?.id}/approve`);
    await world.converged('dirs-a', 'dirs-c');
    expect(configMapOf('b')).toBeUndefined();
    expect(configMapOf('a')).toBeDefined();
  });

  it('reports a repository that wants other credentials on the set that reads it', async () => {
    const guarded = await GitServer.start({ credentials: { username: 'robot', password: 'right' } });
    const repository = await guarded.repository('guarded');
    await repository.commit(files);
    await world.admin.apply(directorySet(repository.url, 'guarded'));
    await eventually('GIT_AUTH on the set', async () => {
      const { status } = await world.get('applicationsets', 'guarded');
      return [isFailing(status, 'GIT_AUTH'), status];
    });
    await guarded.close();
  });

  it('keeps everything when the Git server cannot be reached', async () => {
    await world.git.close();
    await refresh();
    await eventually('GIT_UNREACHABLE on the set', async () => {
      const { status } = await world.get('applicationsets', 'dirs');
      return [isFailing(status, 'GIT_UNREACHABLE'), status];
    });
    expect(await world.names('applications')).toEqual(['dirs-a', 'dirs-c']);
  });
});

function isFailing(status: Status | undefined, code: string): boolean {
  const condition = status?.conditions?.find(({ type }) => type === 'ErrorOccurred');
  return condition?.status === 'True' && status?.errors?.[0]?.code === code;
}

function directorySet(repoURL: string, name = 'dirs'): string {
  const generators = `[{ git: { repoURL: '${repoURL}', revision: main, directories: [{ path: 'apps/*' }] } }]`;
  const template = `${name}-{{path.basename}}`;
  return applicationSet({ name, generators, repoURL, path: '{{path}}', cluster: 'c1', template });
}
