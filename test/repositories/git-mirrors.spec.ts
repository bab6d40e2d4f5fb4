import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GitServer, type GitRepository } from '../support/git-server.js';
import { MirrorsFixture } from '../support/mirrors.js';

let server: GitServer;
let repository: GitRepository;
let fixture: MirrorsFixture;

beforeEach(async () => {
  server = await GitServer.start();
  repository = await server.repository('platform');
  fixture = await MirrorsFixture.create();
});

afterEach(async () => {
  await fixture.close();
  await server.close();
});

describe('resolving a revision', () => {
  it('takes branches, tags, full and short commit ids, HEAD and nothing as the default branch', async () => {
    const first = await repository.commit({ 'a.yaml': 'a: 1' });
    await repository.git('tag', '-a', 'v1', '-m', 'one', first);
    await repository.git('push', '--quiet', 'origin', 'v1');
    const next = await repository.commit({ 'a.yaml': 'a: 2' }, 'feature/x');
    const mirrors = fixture.open();
    const shaOf = async (revision: string): Promise<unknown> => mirrors.resolve(repository.url, revision);
    for (const revision of ['', 'HEAD', 'main', 'refs/heads/main', 'v1', first, first.slice(0, 8)]) {
      expect(await shaOf(revision), revision).toEqual({ ok: true, value: { sha: first } });
    }
    expect(await shaOf('feature/x')).toEqual({ ok: true, value: { sha: next } });
  });

  it('follows a range of versions to a tag that is pushed later, and back where it is taken away', async () => {
    const first = await repository.commit({ 'a.yaml': 'a: 1' });
    await repository.git('tag', 'v1.2.0', first);
    await repository.git('push', '--quiet', 'origin', 'v1.2.0');
    const mirrors = fixture.open();
    const resolved = () => mirrors.resolve(repository.url, '^1.0');
    expect(await resolved()).toEqual({ ok: true, value: { sha: first } });
    const next = await repository.commit({ 'a.yaml': 'a: 2' });
    await repository.git('tag', '-a', 'v1.10.0', '-m', 'ten', next);
    await repository.git('push', '--quiet', 'origin', 'v1.10.0');
    expect(await mirrors.refresh(repository.url)).toEqual({ ok: true, value: { changed: true } });
    expect(await resolved()).toEqual({ ok: true, value: { sha: next } });
    await repository.git('push', '--quiet', '--delete', 'origin', 'v1.10.0');
    await mirrors.refresh(repository.url);
    expect(await resolved()).toEqual({ ok: true, value: { sha: first } });
  });

  it('asks the remote once, however many callers want however many revisions', async () => {
    const sha = await repository.commit({ 'a.yaml': 'a: 1' });
    const mirrors = fixture.open();
    await mirrors.resolve(repository.url, 'main');
    const looks = server.looksAt('platform');
    expect(looks).toBeLessThanOrEqual(2);
    const many = Array.from({ length: 200 }, (_, index) => (index % 2 === 0 ? 'main' : 'HEAD'));
    const results = await Promise.all(many.map((revision) => mirrors.resolve(repository.url, revision)));
    expect(results.every((result) => result.ok && result.value.sha === sha)).toBe(true);
    expect(server.looksAt('platform')).toBe(looks);
  });

  it('shares one first look among concurrent callers', async () => {
    await repository.commit({ 'a.yaml': 'a: 1' });
    const mirrors = fixture.open();
    await Promise.all(Array.from({ length: 50 }, () => mirrors.resolve(repository.url, 'main')));
    expect(server.looksAt('platform')).toBeLessThanOrEqual(2);
  });

  it('sees a push although the clock was set back since the last look', async () => {
    await repository.commit({ 'a.yaml': 'a: 1' });
    const mirrors = fixture.open({ pollIntervalSeconds: 60 });
    await mirrors.resolve(repository.url, 'main');
    const second = await repository.commit({ 'a.yaml': 'a: 2' });
    fixture.clock.advance(-3_600);
    expect(await mirrors.resolve(repository.url, 'main')).toEqual({ ok: true, value: { sha: second } });
  });

  it('sees a push after the poll interval and at once when it is told to refresh', async () => {
    await repository.commit({ 'a.yaml': 'a: 1' });
    const mirrors = fixture.open({ pollIntervalSeconds: 60 });
    const before = await mirrors.resolve(repository.url, 'main');
    const second = await repository.commit({ 'a.yaml': 'a: 2' });
    expect(await mirrors.resolve(repository.url, 'main')).toEqual(before);
    fixture.clock.advance(61);
    expect(await mirrors.resolve(repository.url, 'main')).toEqual({ ok: true, value: { sha: second } });
    const third = await repository.commit({ 'a.yaml': 'a: 3' });
    expect(await mirrors.refresh(repository.url)).toEqual({ ok: true, value: { changed: true } });
    expect(await mirrors.resolve(repository.url, 'main')).toEqual({ ok: true, value: { sha: third } });
  });

  it('follows a force push and still reads a commit that was pushed away', async () => {
    const first = await repository.commit({ 'a.yaml': 'a: 1' });
    const second = await repository.commit({ 'a.yaml': 'a: 2' });
    const mirrors = fixture.open();
    await mirrors.resolve(repository.url, 'main');
    await repository.git('reset', '--quiet', '--hard', first);
    const forced = await repository.commit({ 'b.yaml': 'b: 1' });
    await mirrors.refresh(repository.url);
    expect(await mirrors.resolve(repository.url, 'main')).toEqual({ ok: true, value: { sha: forced } });
    expect(await mirrors.files(repository.url, second)).toEqual({ ok: true, value: ['a.yaml'] });
  });

  it('needs no remote for a pinned commit it holds', async () => {
    const sha = await repository.commit({ 'a.yaml': 'a: 1' });
    const mirrors = fixture.open({ pollIntervalSeconds: 1 });
    await mirrors.resolve(repository.url, 'main');
    fixture.clock.advance(100);
    const looks = server.looksAt('platform');
    expect(await mirrors.resolve(repository.url, sha)).toEqual({ ok: true, value: { sha } });
    expect(server.looksAt('platform')).toBe(looks);
  });

  it('fetches a pinned commit that no branch leads to', async () => {
    await repository.commit({ 'a.yaml': 'a: 1' });
    const lost = await repository.commit({ 'a.yaml': 'a: 2' });
    await repository.git('reset', '--quiet', '--hard', 'HEAD~1');
    await repository.commit({ 'b.yaml': 'b: 1' });
    expect(await fixture.open().resolve(repository.url, lost)).toEqual({ ok: true, value: { sha: lost } });
  });
});

describe('a repository that cannot be read', () => {
  it('says that a branch is gone, and never answers with its last commit', async () => {
    await repository.commit({ 'a.yaml': 'a: 1' });
    await repository.commit({ 'a.yaml': 'a: 2' }, 'release');
    const mirrors = fixture.open();
    expect((await mirrors.resolve(repository.url, 'release')).ok).toBe(true);
    await repository.git('push', '--quiet', 'origin', '--delete', 'release');
    await mirrors.refresh(repository.url);
    expect(await mirrors.resolve(repository.url, 'release')).toMatchObject({
      ok: false,
      error: { code: 'GIT_REVISION_NOT_FOUND' },
    });
  });

  it('fails while the server is away, naming the last known commit, also after a restart', async () => {
    const sha = await repository.commit({ 'a.yaml': 'a: 1' });
    const mirrors = fixture.open({ pollIntervalSeconds: 60 });
    await mirrors.resolve(repository.url, 'main');
    await server.close();
    fixture.clock.advance(61);
    const expected = { ok: false, error: { code: 'GIT_UNREACHABLE', lastKnown: sha } };
    expect(await mirrors.resolve(repository.url, 'main')).toMatchObject(expected);
    expect(await fixture.open().resolve(repository.url, 'HEAD')).toMatchObject(expected);
    expect((await mirrors.file(repository.url, sha, 'a.yaml')).ok).toBe(true);
  });

  it('answers with the last known commit for as long as the grace that was allowed', async () => {
    const sha = await repository.commit({ 'a.yaml': 'a: 1' });
    const mirrors = fixture.open({ pollIntervalSeconds: 60, graceSeconds: 600 });
    await mirrors.resolve(repository.url, 'main');
    await server.close();
    fixture.clock.advance(500);
    expect(await mirrors.resolve(repository.url, 'main')).toEqual({ ok: true, value: { sha } });
    fixture.clock.advance(200);
    expect(await mirrors.resolve(repository.url, 'main')).toMatchObject({
      ok: false,
      error: { code: 'GIT_UNREACHABLE' },
    });
  });

  it('does not ask a failing remote again for each caller', async () => {
    const url = `${server.url}/absent.git`;
    const mirrors = fixture.open();
    expect(await mirrors.resolve(url, 'main')).toMatchObject({ ok: false, error: { code: 'GIT_NOT_FOUND' } });
    const looks = server.looksAt('absent');
    await Promise.all([mirrors.resolve(url, 'main'), mirrors.resolve(url, 'other')]);
    expect(server.looksAt('absent')).toBe(looks);
    fixture.clock.advance(16);
    await mirrors.resolve(url, 'main');
    expect(server.looksAt('absent')).toBeGreaterThan(looks);
  });

  it('finds no default branch in an empty repository', async () => {
    const mirrors = fixture.open();
    expect(await mirrors.resolve(repository.url, '')).toMatchObject({ error: { code: 'GIT_REVISION_NOT_FOUND' } });
  });

  it.each(['file:///etc', 'ext::sh -c id', '/etc', '-u'])('refuses the URL %s before git sees it', async (url) => {
    expect(await fixture.open().resolve(url, 'main')).toMatchObject({ error: { code: 'GIT_URL_REFUSED' } });
  });

  it('stops a git that hangs, within its time', async () => {
    await repository.commit({ 'a.yaml': 'a: 1' });
    const script = join(fixture.directory, 'slow-git');
    await writeFile(script, '#!/bin/sh\nsleep 600 & wait\n', { mode: 0o755 });
    const mirrors = fixture.open({ git: { binary: script, networkTimeoutMs: 200 } });
    expect(await mirrors.resolve(repository.url, 'main')).toMatchObject({ error: { code: 'GIT_TIMEOUT' } });
  });
});

describe('polling', () => {
  it('names the repositories whose branches moved since the last look', async () => {
    await repository.commit({ 'a.yaml': 'a: 1' });
    const quiet = await server.repository('quiet');
    await quiet.commit({ 'a.yaml': 'a: 1' });
    const mirrors = fixture.open({ pollIntervalSeconds: 60 });
    await Promise.all([mirrors.resolve(repository.url, ''), mirrors.resolve(quiet.url, '')]);
    await repository.commit({ 'a.yaml': 'a: 2' });
    fixture.clock.advance(61);
    const polled = await mirrors.poll();
    expect(polled).toContainEqual({ url: repository.url, changed: true });
    expect(polled).toContainEqual({ url: quiet.url, changed: false });
  });

  it('counts becoming unreadable, and readable again, as a change', async () => {
    await repository.commit({ 'a.yaml': 'a: 1' });
    const mirrors = fixture.open({ pollIntervalSeconds: 60 });
    await mirrors.resolve(repository.url, '');
    await server.close();
    fixture.clock.advance(61);
    expect(await mirrors.poll()).toMatchObject([{ changed: true, failure: { code: 'GIT_UNREACHABLE' } }]);
    fixture.clock.advance(61);
    expect(await mirrors.poll()).toMatchObject([{ changed: false, failure: { code: 'GIT_UNREACHABLE' } }]);
  });
});

describe('the mirror on disk', () => {
  it('is used again by the next process', async () => {
    const sha = await repository.commit({ 'a.yaml': 'a: 1' });
    await fixture.open().resolve(repository.url, 'main');
    const next = fixture.open();
    await next.resolve(repository.url, 'main');
    expect(await next.files(repository.url, sha)).toEqual({ ok: true, value: ['a.yaml'] });
    expect((await readdir(fixture.directory)).filter((name) => name.endsWith('.git'))).toHaveLength(1);
  });

  it('is cloned once when two processes start on it together', async () => {
    const sha = await repository.commit({ 'a.yaml': 'a: 1' });
    const [left, right] = [fixture.open(), fixture.open()];
    const results = await Promise.all([left.resolve(repository.url, ''), right.resolve(repository.url, '')]);
    expect(results).toEqual([
      { ok: true, value: { sha } },
      { ok: true, value: { sha } },
    ]);
    const names = await readdir(fixture.directory);
    expect(names.filter((name) => name.includes('.git'))).toHaveLength(1);
  });

  it('is cloned again by itself when its objects are damaged or gone', async () => {
    const sha = await repository.commit({ 'a.yaml': 'a: 1' });
    await fixture.open().resolve(repository.url, 'main');
    const [name = ''] = (await readdir(fixture.directory)).filter((entry) => entry.endsWith('.git'));
    await rm(join(fixture.directory, name, 'objects'), { recursive: true });
    const mirrors = fixture.open();
    expect(await mirrors.resolve(repository.url, 'main')).toEqual({ ok: true, value: { sha } });
    expect(await mirrors.file(repository.url, sha, 'a.yaml')).toMatchObject({ ok: true });
    await rm(join(fixture.directory, name), { recursive: true });
    expect(await mirrors.contents(repository.url, sha, ['a.yaml'])).toMatchObject({ ok: true });
    expect(await fixture.open().files(repository.url, sha)).toEqual({ ok: true, value: ['a.yaml'] });
  });

  it('takes over the lock of a process that was killed', async () => {
    await repository.commit({ 'a.yaml': 'a: 1' });
    await fixture.open().resolve(repository.url, 'main');
    const [name = ''] = (await readdir(fixture.directory)).filter((entry) => entry.endsWith('.git'));
    const lock = join(fixture.directory, `${name}.lock`);
    await writeFile(lock, JSON.stringify({ host: (await import('node:os')).hostname(), pid: 2 ** 22 + 1 }));
    expect((await fixture.open().resolve(repository.url, 'main')).ok).toBe(true);
  });
});

describe('a disk that takes nothing', () => {
  it('is a failure with a code of its own, not a lost mirror', async () => {
    await repository.commit({ 'a.yaml': 'a: 1' });
    const mirrors = fixture.open();
    await rm(fixture.directory, { recursive: true });
    expect(await mirrors.resolve(repository.url, 'main')).toMatchObject({ ok: false, error: { code: 'GIT_STORAGE' } });
  });
});
