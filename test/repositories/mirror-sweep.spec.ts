import { readdir } from 'node:fs/promises';
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

describe('mirrors that nobody reads', () => {
  const limits = { budgetBytes: 1 << 30, idleMs: 86_400_000 };

  it('are removed after their time, and cloned again for whoever comes back', async () => {
    const sha = await repository.commit({ 'a.yaml': 'a: 1' });
    const mirrors = fixture.open();
    const read = () => mirrors.file(repository.url, sha, 'a.yaml');
    await mirrors.resolve(repository.url, 'main');
    await read();
    expect((await mirrors.sweep([], limits)).dropped).toEqual([]);
    fixture.clock.advance(90_000);
    expect((await mirrors.sweep([repository.url], limits)).dropped).toEqual([]);
    expect((await mirrors.sweep([], limits)).dropped).toHaveLength(1);
    expect((await readdir(fixture.directory)).filter((name) => name.includes('.git'))).toEqual([]);
    expect(await read()).toMatchObject({ ok: true });
  });

  it('stay while somebody uses them', async () => {
    await repository.commit({ 'a.yaml': 'a: 1' });
    const mirrors = fixture.open();
    await mirrors.resolve(repository.url, 'main');
    for (const _day of [1, 2, 3]) {
      fixture.clock.advance(50_000);
      await mirrors.resolve(repository.url, 'main');
      expect((await mirrors.sweep([], limits)).dropped).toEqual([]);
    }
  });
});
