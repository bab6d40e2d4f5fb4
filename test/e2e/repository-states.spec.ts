import { rename } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configMap, project } from '../support/documents.js';
import type { GitRepository } from '../support/git-server.js';
import { eventually, World } from '../support/world.js';

const application = (name: string, source: object): string =>
  JSON.stringify({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name },
    spec: {
      project: 'team-a',
      destination: { name: 'c1', namespace: 'web' },
      source,
      syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: ['CreateNamespace=true'] },
    },
  });

describe('an Application whose repository changes under it', () => {
  let world: World;
  let repository: GitRepository;
  beforeAll(async () => {
    world = await World.start(['c1']);
    repository = await world.git.repository('states');
    await repository.commit({ 'apps/one.yaml': configMap('one'), 'apps/two.yaml': configMap('two') });
    await world.admin.apply(project('team-a'));
    await world.admin.apply(application('web', { repoURL: repository.url, targetRevision: 'main', path: 'apps' }));
    await world.converged('web');
  });
  afterAll(() => world.stop());

  const valueOf = (name: string): unknown => {
    const found = world.fleet.cluster('c1').get({ group: '', kind: 'ConfigMap', namespace: 'web', name });
    return (found?.['data'] as { value?: string } | undefined)?.value;
  };

  const refresh = (name = 'web') => world.admin.post(`/api/v1/applications/${name}/refresh`);

  /** The Application says why, and what it delivered last stays in force. */
  async function saysAndKeeps(code: string): Promise<void> {
    await refresh();
    await eventually(`${code} on the Application`, async () => {
      const { status } = await world.get('applications', 'web');
      return [JSON.stringify(status?.conditions ?? []).includes(code), status];
    });
    expect([valueOf('one'), valueOf('two')]).toEqual(['1', '1']);
  }

  async function recovers(): Promise<void> {
    await refresh();
    await eventually('the Application to recover', async () => {
      const { status } = await world.get('applications', 'web');
      return [!JSON.stringify(status?.conditions ?? []).includes('GIT_'), status];
    });
    await world.converged('web');
  }

  it('keeps everything when the repository is gone or renamed', async () => {
    await rename(repository.bare, `${repository.bare}.away`);
    await saysAndKeeps('GIT_NOT_FOUND');
    await rename(`${repository.bare}.away`, repository.bare);
    await recovers();
  });

  it('keeps everything when the repository was emptied', async () => {
    await repository.git('--git-dir', repository.bare, 'update-ref', '-d', 'refs/heads/main');
    await saysAndKeeps('GIT_REVISION_NOT_FOUND');
    await repository.git('push', '--quiet', 'origin', 'main');
    await recovers();
  });

  it('keeps everything when its directory is gone', async () => {
    await repository.commit({ 'apps/one.yaml': null, 'apps/two.yaml': null, 'README.md': 'moved\n' });
    await saysAndKeeps('PATH_NOT_FOUND');
    await repository.commit({ 'apps/one.yaml': configMap('one'), 'apps/two.yaml': configMap('two') });
    await refresh();
    await world.converged('web');
  });

  it('follows a history that was written anew', async () => {
    await repository.git('checkout', '--quiet', '--orphan', 'anew');
    await repository.git('commit', '--quiet', '-m', 'anew');
    await repository.git('branch', '--quiet', '-M', 'main');
    await repository.commit({ 'apps/one.yaml': configMap('one', '2') });
    await refresh();
    await eventually('the new history to be delivered', async () => [valueOf('one') === '2', valueOf('one')]);
    expect(valueOf('two')).toBe('1');
  });

  it('follows the highest tag of a range of versions', async () => {
    const tag = async (name: string): Promise<void> => {
      await repository.git('tag', name);
      await repository.git('push', '--quiet', 'origin', name);
    };
    await repository.commit({ 'tagged/three.yaml': configMap('three', 'first') });
    await tag('v1.2.0');
    await refresh('web');
    const source = { repoURL: repository.url, targetRevision: '1.*', path: 'tagged' };
    await world.admin.apply(application('tagged', source));
    await eventually('the first tag to be delivered', async () => [valueOf('three') === 'first', valueOf('three')]);
    await repository.commit({ 'tagged/three.yaml': configMap('three', 'second') });
    await tag('v2.0.0');
    await tag('v1.10.0');
    await refresh('tagged');
    await eventually('the higher tag to be delivered', async () => [valueOf('three') === 'second', valueOf('three')]);
  });

  it('has a connection that can be asked for over REST', async () => {
    const labels = { 'argocd.argoproj.io/secret-type': 'repository' };
    const stringData = { url: repository.url, username: 'hub', password: 'correct-horse' };
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'states', labels }, stringData };
    await world.admin.apply(JSON.stringify(secret));
    const listed = await world.admin.get('/api/v1/repositories');
    expect(listed).toMatchObject({ items: [{ name: 'states', url: repository.url, hasCredentials: true }] });
    const checked = await world.admin.post('/api/v1/repositories/states/check');
    expect(checked).toMatchObject({ status: 'Successful' });
    expect(JSON.stringify([listed, checked])).not.toContain('correct-horse');
  });
});
