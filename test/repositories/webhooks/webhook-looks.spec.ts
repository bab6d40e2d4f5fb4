import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chartRead } from '../../../src/repositories/charts/domain/chart-read.js';
import type { Watches } from '../../../src/repositories/domain/repository-watch.js';
import type { PushEvent } from '../../../src/repositories/domain/webhooks/webhook-event.js';
import { RepositoryPoller } from '../../../src/repositories/repository-poller.js';
import { RepositoryReaders } from '../../../src/repositories/repository-readers.js';
import { WebhookLooks } from '../../../src/repositories/webhooks/webhook-looks.js';
import { GitMirrors } from '../../../src/repositories/git/git-mirrors.js';
import { GitServer, type GitRepository } from '../../support/git-server.js';
import { openRooms, type Rooms } from '../../support/rooms.js';

/** A look that finds something asks for the references a second time, to fetch it. */
const LOOK_AND_FETCH = 2;

const SET_UID = '11111111-1111-4111-8111-111111111111';

let server: GitServer;
let repository: GitRepository;
let rooms: Rooms;
let number = 0;

beforeAll(async () => {
  [server, rooms] = await Promise.all([GitServer.start(), openRooms(['api'])]);
});
afterAll(() => Promise.all([rooms.close(), server.close()]));
beforeEach(async () => {
  repository = await server.repository(`apps-${(number += 1)}`);
  await repository.commit({ 'a/x.yaml': 'a: 1', 'b/x.yaml': 'b: 1' });
});
afterEach(() => rooms.db.transactions.query(`delete from repository_readers`));

const part = <T>(type: new (...args: never[]) => T): T => rooms.module.get<T>(type, { strict: false });
const reads = (key: string, watches: Watches, url = repository.url) =>
  part(RepositoryReaders).record({ queue: 'apps', key }, new Map([[url, watches]]));
const push = (more: Partial<PushEvent> = {}): PushEvent => ({
  kind: 'push',
  urls: [repository.url],
  revision: 'main',
  touchesDefault: true,
  comesOrGoes: false,
  ...more,
});
const after = (...events: PushEvent[]) => part(WebhookLooks).after(events);
const looks = () => server.looksAt(`apps-${number}`);

/** Whose work waits, and then no more. */
async function woken(): Promise<string[]> {
  const rows = await rooms.db.transactions.query<{ key: string }>(`delete from work_items returning key`);
  return rows.map(({ key }) => key).sort();
}

/** As after a while of running: the repository was seen, and whoever reads it was told. */
async function settle(): Promise<void> {
  await part(GitMirrors).resolve(repository.url, 'main');
  await part(RepositoryPoller).refresh(repository.url);
  await woken();
}

describe('other events', () => {
  const pull = { kind: 'pull-request' as const, urls: ['https://github.com/acme/web'] };

  it('wake sets that list the pull requests of that repository', async () => {
    const [mine, other] = [SET_UID, SET_UID.replace('1', '2')];
    await reads(mine, 'everything', 'pullRequests:github acme web');
    await reads(other, 'everything', 'pullRequests:github acme api');
    await part(WebhookLooks).after([pull]);
    expect(await woken()).toEqual([mine]);
  });

  it('wake sets that list the repositories of an owner only when a branch or tag comes or goes', async () => {
    await reads(SET_UID, 'everything', 'repositories:github acme');
    const urls = ['https://github.com/acme/web'];
    await after(push({ urls }));
    expect(await woken()).toEqual([]);
    await after(push({ urls, comesOrGoes: true }));
    expect(await woken()).toEqual([SET_UID]);
  });

  it('wake Applications whose chart came', async () => {
    const repoURL = 'oci://127.0.0.1:1/charts';
    await reads('range', 'everything', chartRead({ repoURL, chart: 'web', version: '1.x' }));
    await reads('other', 'everything', chartRead({ repoURL, chart: 'web', version: '2.x' }));
    await part(WebhookLooks).after([{ kind: 'artifact', urls: ['127.0.0.1:1/charts/web'], revision: '1.2.0' }]);
    expect(await woken()).toEqual(['range']);
  });

  it('are no repositories that polls would look at', async () => {
    await reads('set', 'everything', 'pullRequests:github acme web');
    await reads('app', 'everything');
    expect(await part(RepositoryReaders).urls()).toEqual([repository.url]);
  });
});

describe('a push that a webhook tells of', () => {
  it('wakes those whose paths moved, with one look, and nobody else', async () => {
    await reads('a', [{ revision: 'main', paths: ['a'] }]);
    await reads('b', [{ revision: 'main', paths: ['b'] }]);
    await reads('dev', [{ revision: 'dev' }]);
    await reads('all', [{ revision: 'HEAD' }]);
    await settle();
    await repository.commit({ 'a/x.yaml': 'a: 2' });
    const before = looks();
    await after(push({ files: ['a/x.yaml'] }));
    expect(await woken()).toEqual(['a', 'all']);
    expect(looks()).toBe(before + LOOK_AND_FETCH);
  });

  it('needs no list of files for that', async () => {
    await reads('a', [{ revision: '', paths: ['a'] }]);
    await reads('b', [{ revision: '', paths: ['b'] }]);
    await settle();
    await repository.commit({ 'b/new.yaml': 'b: 2' });
    await after(push());
    expect(await woken()).toEqual(['b']);
  });

  it('wakes generators whose directories it touches', async () => {
    await reads('apps', [{ revision: 'main', patterns: { kind: 'directories', patterns: ['a', 'b'] } }]);
    await reads('envs', [{ revision: 'main', patterns: { kind: 'files', patterns: ['envs/*.json'] } }]);
    await settle();
    await repository.commit({ 'envs/prod.json': '{}' });
    await after(push());
    expect(await woken()).toEqual(['envs']);
  });

  it('causes no look where nobody reads what it touches', async () => {
    await reads('a', [{ revision: 'main', paths: ['a'] }]);
    await settle();
    await repository.commit({ 'b/x.yaml': 'b: 2' });
    const before = looks();
    await after(push({ files: ['b/x.yaml'] }), push({ revision: 'dev', touchesDefault: false }));
    await after(push({ urls: ['https://elsewhere.example.com/apps'] }));
    expect([await woken(), looks()]).toEqual([[], before]);
  });

  it('is believed in nothing but where to look', async () => {
    await reads('a', [{ revision: 'main', paths: ['a'] }]);
    await reads('b', [{ revision: 'main', paths: ['b'] }]);
    await settle();
    await after(push({ files: ['a/x.yaml'] }));
    expect(await woken()).toEqual([]);
    await repository.commit({ 'b/x.yaml': 'b: 3' });
    await after(push({ files: ['a/x.yaml'] }));
    expect(await woken()).toEqual(['b']);
  });

  it('wakes everybody where it is not known what was there before', async () => {
    await reads('a', [{ revision: 'main', paths: ['a'] }]);
    await reads('b', [{ revision: 'main', paths: ['b'] }]);
    await after(push({ files: ['a/x.yaml'] }));
    expect(await woken()).toEqual(['a', 'b']);
  });

  it('wakes readers of every spelling by one look', async () => {
    const other = repository.url.replace('http://', 'http://user@');
    await reads('a', [{ revision: 'main' }]);
    await reads('b', [{ revision: 'main' }], other);
    await settle();
    await woken();
    await repository.commit({ 'a/x.yaml': 'a: 4' });
    const before = looks();
    await after(push());
    expect([await woken(), looks()]).toEqual([['a', 'b'], before + LOOK_AND_FETCH]);
  });

  it('leaves nothing to wake for the poll that follows', async () => {
    await reads('a', [{ revision: 'main', paths: ['a'] }]);
    await settle();
    await repository.commit({ 'a/x.yaml': 'a: 5' });
    await after(push());
    expect(await woken()).toEqual(['a']);
    expect(part(GitMirrors).takeMoves(repository.url)).toEqual([]);
    await after(push());
    expect(await woken()).toEqual([]);
  });
});
