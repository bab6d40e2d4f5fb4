import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CommitListener } from '../../src/database/commit-listener.js';
import { RandomIds } from '../../src/kernel/ids.js';
import type { GitMirrors } from '../../src/repositories/git/git-mirrors.js';
import { RepositoryNews } from '../../src/repositories/repository-news.js';
import { listenToCommits } from '../support/commit-listener.js';
import { eventually } from '../support/eventually.js';
import { GitServer, type GitRepository } from '../support/git-server.js';
import { MirrorsFixture } from '../support/mirrors.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

interface Replica {
  git: GitMirrors;
  news: RepositoryNews;
  refreshed: string[];
}

let database: TestDatabase;
let server: GitServer;
let repository: GitRepository;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  [database, server] = await Promise.all([createTestDatabase(), GitServer.start()]);
  repository = await server.repository('shared');
  await repository.commit({ 'a.yaml': 'a: 1' });
});
afterAll(async () => {
  for (const close of closing) await close();
  await server.close();
  await database.close();
});

/** With mirrors of its own, which count a look as now for an hour. */
async function replica(): Promise<Replica> {
  const [mirrors, commits] = [await MirrorsFixture.create(), await listenToCommits(database.url)];
  closing.push(
    () => mirrors.close(),
    () => commits.stop(),
  );
  const git = mirrors.open({ pollIntervalSeconds: 3_600 });
  const refreshed: string[] = [];
  const remote = { refresh: ({ name }: { name: string }) => refreshed.push(name) } as never;
  const news = new RepositoryNews(database.transactions, commits as CommitListener, git, remote, new RandomIds());
  news.onApplicationBootstrap();
  await git.resolve(repository.url, 'main');
  return { git, news, refreshed };
}

const nothing = async (): Promise<void> => undefined;

it('a replica reads what another one saw', async () => {
  const [teller, hearer] = [await replica(), await replica()];
  const commit = await repository.commit({ 'a.yaml': 'a: 2' });
  await teller.git.refresh(repository.url);
  expect(await hearer.git.resolve(repository.url, 'main')).not.toMatchObject({ value: { sha: commit } });
  await eventually('the other replica to look', async () => {
    await teller.news.tell([repository.url], nothing);
    const found = await hearer.git.resolve(repository.url, 'main');
    return [found.ok && found.value.sha === commit, found];
  });
});

it('a replica asks anew for the sets that another one was told of', async () => {
  const [teller, hearer] = [await replica(), await replica()];
  await eventually('the other replica to hear', async () => {
    await teller.news.tellSets([{ namespace: 'argocd', name: 'pulls' }], nothing);
    return [hearer.refreshed.includes('pulls'), hearer.refreshed];
  });
});

it('a replica does not hear itself', async () => {
  const teller = await replica();
  const before = server.looksAt('shared');
  await teller.news.tell([repository.url], nothing);
  await teller.git.resolve(repository.url, 'main');
  expect(server.looksAt('shared')).toBe(before);
});
