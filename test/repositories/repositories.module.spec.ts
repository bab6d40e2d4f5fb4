import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GitMirrors } from '../../src/repositories/git/git-mirrors.js';
import { RepositoryPoller } from '../../src/repositories/repository-poller.js';
import { RepositoryReaders } from '../../src/repositories/repository-readers.js';
import { SourceRenderer } from '../../src/rendering/source-renderer.js';
import { GitServer, type GitRepository } from '../support/git-server.js';
import { openRooms, type Rooms } from '../support/rooms.js';
import { ANY_CLUSTER, WEB } from '../support/rendering.js';

let server: GitServer;
let repository: GitRepository;
let rooms: Rooms;

beforeEach(async () => {
  server = await GitServer.start();
  repository = await server.repository('apps');
  await repository.commit({ 'a.yaml': 'a: 1' });
});

afterEach(async () => {
  await rooms.close();
  await server.close();
});

const waiting = () => rooms.db.transactions.query(`select queue, key from work_items`);
const part = <T>(type: new (...args: never[]) => T): T => rooms.module.get<T>(type, { strict: false });

describe('a hub that controls', () => {
  it('looks at the repositories in use and wakes who reads one that moved', async () => {
    rooms = await openRooms(['controller']);
    await part(RepositoryReaders).record({ queue: 'sets', key: 'set-1' }, new Map([[repository.url, 'everything']]));
    await expect.poll(waiting, { timeout: 60_000 }).toEqual([{ queue: 'sets', key: 'set-1' }]);
    await rooms.db.transactions.query(`delete from work_items`);
    await repository.commit({ 'a.yaml': 'a: 2' });
    await expect.poll(waiting, { timeout: 60_000 }).toEqual([{ queue: 'sets', key: 'set-1' }]);
  });
});

describe('a poll', () => {
  it('wakes only those whose paths moved', async () => {
    rooms = await openRooms(['controller']);
    const reads = (key: string, paths: string[]) =>
      part(RepositoryReaders).record(
        { queue: 'apps', key },
        new Map([[repository.url, [{ revision: 'main', paths }]]]),
      );
    await Promise.all([reads('a', ['a.yaml']), reads('b', ['b'])]);
    const both = [
      { queue: 'apps', key: 'a' },
      { queue: 'apps', key: 'b' },
    ];
    await expect.poll(async () => (await waiting()).length, { timeout: 60_000 }).toBe(both.length);
    await rooms.db.transactions.query(`delete from work_items`);
    await repository.commit({ 'a.yaml': 'a: 2' });
    await expect.poll(waiting, { timeout: 60_000 }).toEqual([both[0]]);
  });
});

describe('a hub that only serves its API', () => {
  it('looks at a repository when someone asks, and wakes its readers', async () => {
    rooms = await openRooms(['api']);
    await part(RepositoryReaders).record({ queue: 'sets', key: 'set-1' }, new Map([[repository.url, 'everything']]));
    await part(RepositoryPoller).refresh(repository.url);
    expect(await waiting()).toEqual([{ queue: 'sets', key: 'set-1' }]);
  });
});

describe('a hub that stops', () => {
  it('starts neither git nor a render any more', async () => {
    rooms = await openRooms();
    const [git, renderer] = [part(GitMirrors), part(SourceRenderer)];
    await rooms.module.close();
    expect(await git.resolve(repository.url, 'main')).toMatchObject({ ok: false, error: { code: 'GIT_UNREACHABLE' } });
    const sources = [{ repoURL: repository.url, revision: 'main', path: '' }];
    const rendered = await renderer.render({ sources, application: WEB, cluster: ANY_CLUSTER });
    expect(rendered).toMatchObject({ ok: false, error: { message: expect.stringContaining('shutting down') } });
  });
});
