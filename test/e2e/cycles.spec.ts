import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applicationSet, configMap, project } from '../support/documents.js';
import { eventually, statusOf, World } from '../support/world.js';

describe('documents that bring each other', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start(['c1']);
    await world.repository.commit({ 'web/config.yaml': configMap('web') });
    await world.admin.apply(project('team-a'));
  });
  afterAll(() => world.stop());

  const application = (name: string, path: string, { cluster = 'in-cluster', wave = '1' } = {}): string => `
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: ${name}
  annotations: { example.com/version: '${wave}' }
  finalizers: [resources-finalizer.argocd.argoproj.io]
spec:
  project: team-a
  source: { repoURL: '${world.repository.url}', targetRevision: main, path: ${path} }
  destination: { name: ${cluster}, namespace: ${cluster === 'in-cluster' ? 'argocd' : name} }
  syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: [CreateNamespace=true] }
`;
  const leaf = (name: string) => application(name, 'web', { cluster: 'c1' });
  /** A set whose Applications each deliver a folder of hub documents. */
  const bootstrap = (name: string, elements: string, path: string) =>
    applicationSet({
      name,
      generators: `[{ list: { elements: [${elements}] } }]`,
      repoURL: world.repository.url,
      path,
      cluster: 'in-cluster',
      template: '{{name}}',
    }).replace('namespace: web', 'namespace: argocd');

  const count = async (table: 'commits' | 'tombstones'): Promise<number> => {
    const [row] = await world.database.transactions.query<{ count: string }>(`select count(*) from ${table}`);
    return Number(row?.count);
  };
  const idle = () =>
    eventually('no work to be due', async () => {
      const due = await world.database.transactions.query(`select queue, key from work_items where due_at <= now()`);
      return [due.length === 0, due];
    });
  /** Files that are pushed, and a document that reads them. */
  const bring = async (files: Parameters<World['push']>[0], document: string): Promise<void> => {
    await world.repository.commit(files);
    await world.admin.apply(document);
    await world.push({});
  };
  /** A pass over everything, and those that it led to, wrote nothing. */
  const settled = () =>
    eventually('a fleet at rest', async () => {
      const before = await count('commits');
      await world.push({});
      await idle();
      const after = await count('commits');
      return [before === after, { before, after }];
    });
  const messagesOf = async (kind: string, name: string): Promise<string> => {
    const found = (await world.list(kind)).find(({ metadata }) => metadata.name === name);
    return (found && statusOf(found).conditions)?.map(({ type, message }) => `${type} ${message}`).join('\n') ?? '';
  };
  const says = (kind: string, name: string, ...words: string[]) =>
    eventually(`${kind} ${name} to say ${words.join(', ')}`, async () => {
      const messages = await messagesOf(kind, name);
      return [words.every((word) => messages.includes(word)), messages];
    });
  const versionOf = async (kind: string, name: string) =>
    (await world.get(kind, name)).metadata.annotations?.['example.com/version'];
  const remove = (kind: string, name: string) =>
    world.admin.send({ method: 'DELETE', path: `/api/v1/namespaces/argocd/${kind}/${name}` });
  const approveAll = async (): Promise<void> => {
    const { items } = await world.admin.get<{ items: { id: string }[] }>('/api/v1/approvals');
    for (const { id } of items) await world.admin.post(`/api/v1/approvals/${id}/approve`).catch(() => undefined);
  };
  const left = (...names: string[]) =>
    eventually(`Applications ${names.join(', ')} to be left`, async () => {
      await approveAll();
      const seen = await world.names('applications');
      return [seen.join() === names.join(), seen];
    });

  describe('an Application whose repository holds itself', () => {
    it('is kept up to date by it, adopts what was there before, and comes to rest', async () => {
      await world.repository.commit({ 'root/root.yaml': application('root', 'root'), 'root/one.yaml': leaf('one') });
      await world.admin.apply([leaf('one'), application('root', 'root')].join('---'));
      await world.converged('root', 'one');
      await world.push({ 'root/root.yaml': application('root', 'root', { wave: '2' }) });
      await eventually('the new version', async () => [
        (await versionOf('applications', 'root')) === '2',
        await world.get('applications', 'root'),
      ]);
      await world.converged('root', 'one');
      await settled();
    });

    it('does not prune itself when its document leaves', async () => {
      const gone = await count('tombstones');
      await world.push({ 'root/root.yaml': null });
      await settled();
      await world.converged('root', 'one');
      expect(await count('tombstones')).toBe(gone);
      await world.push({ 'root/root.yaml': application('root', 'root', { wave: '2' }) });
      await settled();
    });

    it('goes, with what it brought, when it is deleted', async () => {
      await remove('applications', 'root');
      await left();
    });
  });

  it('leaves to nobody what it brought when it is deleted alone, so that its successor takes it on', async () => {
    await bring({ 'heirs/one.yaml': leaf('one') }, application('old', 'heirs').replace(/ {2}finalizers: .*\n/, ''));
    await world.converged('old', 'one');
    await remove('applications', 'old');
    await eventually('what it brought to be nobody’s', async () => {
      const stored = await world.database.store.find({ kind: 'Application', namespace: 'argocd', name: 'one' });
      return [stored?.scope.ownerUid === undefined, stored];
    });
    await world.admin.apply(application('new', 'heirs'));
    await world.converged('new', 'one');
    await remove('applications', 'new');
    await left();
  });

  it('refuses the second of two Applications that bring one document, and names both', async () => {
    await bring({ 'p1/shared.yaml': leaf('shared'), 'p2/shared.yaml': leaf('shared') }, application('p1', 'p1'));
    await world.converged('p1', 'shared');
    const gone = await count('tombstones');
    await world.admin.apply(application('p2', 'p2'));
    await says('applications', 'p2', 'SyncError', 'NAME_TAKEN', 'Application "p1"', 'Application "p2"', '"shared"');
    await settled();
    await remove('applications', 'p2');
    await left('p1', 'shared');
    expect(await count('tombstones')).toBe(gone + 1);
    await remove('applications', 'p1');
    await left();
  });

  describe('two Applications that bring each other', () => {
    it('come to rest', async () => {
      await bring({ 'a/b.yaml': application('b', 'b'), 'b/a.yaml': application('a', 'a') }, application('a', 'a'));
      await world.converged('a', 'b');
      await settled();
    });

    it('stay, and say so, when their documents leave', async () => {
      await world.push({ 'a/b.yaml': null, 'a/README.md': 'a\n' });
      await says('applications', 'a', 'Application "b" left the repository, but stays');
      await settled();
      expect(await world.names('applications')).toEqual(['a', 'b']);
    });

    it('go one by one', async () => {
      await world.push({ 'b/a.yaml': null, 'b/README.md': 'b\n' });
      await says('applications', 'b', 'Application "a" left the repository, but stays');
      await remove('applications', 'a');
      await left('b');
      await remove('applications', 'b');
      await left();
    });
  });

  describe('a set whose Application brings the set itself', () => {
    const set = (version: string, elements = '{ name: own }') =>
      bootstrap('boot', elements, 'boot').replace(
        'metadata: { name: boot }',
        `metadata: { name: boot, annotations: { example.com/version: '${version}' } }`,
      );

    it('is kept up to date by it, and comes to rest', async () => {
      await bring({ 'boot/set.yaml': set('1') }, set('1'));
      await world.converged('own');
      await world.push({ 'boot/set.yaml': set('2') });
      await eventually('the new version', async () => [
        (await versionOf('applicationsets', 'boot')) === '2',
        await world.get('applicationsets', 'boot'),
      ]);
      await settled();
    });

    it('stays when its document leaves, and when it gives that Application up', async () => {
      await world.push({ 'boot/set.yaml': null, 'boot/README.md': 'boot\n' });
      await says('applications', 'own', 'ApplicationSet "boot" left the repository, but stays');
      await world.admin.apply(set('3', ''));
      await left();
      expect(await world.names('applicationsets')).toEqual(['boot']);
      await remove('applicationsets', 'boot');
    });
  });

  it('never lets a set take over the Application that brings it', async () => {
    const set = bootstrap('sneaky', '{ name: parent }', 'web');
    await bring({ 'parent/set.yaml': set }, application('parent', 'parent'));
    await says('applicationsets', 'sneaky', 'Application "parent" brings ApplicationSet "sneaky" itself');
    await settled();
    await world.converged('parent');
    await remove('applications', 'parent');
    await left();
    expect(await world.names('applicationsets')).toEqual([]);
  });
});
