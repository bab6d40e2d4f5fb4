import { mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GitServer, type GitRepository } from '../support/git-server.js';
import { MirrorsFixture } from '../support/mirrors.js';

let server: GitServer;
let repository: GitRepository;
let fixture: MirrorsFixture;
let into: string;

beforeEach(async () => {
  server = await GitServer.start();
  repository = await server.repository('platform');
  fixture = await MirrorsFixture.create();
  into = await mkdtemp(join(tmpdir(), 'export-'));
});

afterEach(async () => {
  await rm(into, { recursive: true, force: true });
  await fixture.close();
  await server.close();
});

describe('reading a commit', () => {
  it('lists directories and files in the order of a walk', async () => {
    const sha = await repository.commit({
      'apps/web/a.yaml': '',
      'apps-old/b.yaml': '',
      '.ci/c.yaml': '',
      'd.yaml': '',
    });
    const mirrors = fixture.open();
    const directories = await mirrors.directories(repository.url, sha);
    expect(directories).toEqual({ ok: true, value: ['.ci', 'apps', 'apps/web', 'apps-old'] });
    const files = await mirrors.files(repository.url, sha);
    expect(files).toEqual({ ok: true, value: ['.ci/c.yaml', 'apps/web/a.yaml', 'apps-old/b.yaml', 'd.yaml'] });
  });

  it('reads many files in the order asked, following symlinks inside the repository', async () => {
    const sha = await repository.commit({
      'a/x': 'one\n',
      'b/y': 'two\0',
      link: { link: 'a/../b/y' },
      dir: { link: 'a' },
    });
    const contents = await fixture.open().contents(repository.url, sha, ['link', './a//x', 'dir/x', 'a/x']);
    expect(contents).toMatchObject({ ok: true });
    const texts = contents.ok ? contents.value.map((blob) => blob.toString('utf8')) : [];
    expect(texts).toEqual(['two\0', 'one\n', 'one\n', 'one\n']);
  });

  it.each(['../../etc/passwd', '/etc/passwd', 'a/../../x', 'absolute', 'up/passwd', 'chain/x', 'loop'])(
    'refuses the path %s, which leaves the repository',
    async (path) => {
      const sha = await repository.commit({
        'a/x': 'one',
        'deep/down/root': { link: '../..' },
        absolute: { link: '/etc/passwd' },
        up: { link: '../../etc' },
        chain: { link: 'deep/down/root/../' },
        loop: { link: 'loop' },
      });
      const read = await fixture.open().file(repository.url, sha, path);
      expect(read).toMatchObject({ ok: false, error: { code: 'PATH_ESCAPE' } });
    },
  );

  it('says which file is missing, and does not read one that is too large', async () => {
    const sha = await repository.commit({ 'a/x': 'x'.repeat(2000) });
    const mirrors = fixture.open({ limits: { maxFileBytes: 1000 } });
    expect(await mirrors.file(repository.url, sha, 'a/y')).toMatchObject({ error: { code: 'PATH_NOT_FOUND' } });
    expect(await mirrors.file(repository.url, sha, 'a')).toMatchObject({ error: { code: 'PATH_NOT_FOUND' } });
    expect(await mirrors.file(repository.url, sha, 'a/x')).toMatchObject({ error: { code: 'GIT_TOO_LARGE' } });
  });

  it('refuses a commit with more paths than are read', async () => {
    const sha = await repository.commit({ a: '1', b: '2', c: '3' });
    const mirrors = fixture.open({ maxTreeEntries: 2 });
    expect(await mirrors.files(repository.url, sha)).toMatchObject({ error: { code: 'GIT_TOO_LARGE' } });
  });
});

describe('exporting directories', () => {
  it('writes them at their places, and nothing else', async () => {
    const sha = await repository.commit({ 'base/a.yaml': 'a', 'overlays/x/b.yaml': 'b', 'overlays/y/c.yaml': 'c' });
    const source = { url: repository.url, sha };
    expect(await fixture.open().export(source, ['base', 'overlays/x'], into)).toEqual({ ok: true, value: undefined });
    const names = (await readdir(into, { recursive: true })).sort();
    expect(names).toEqual(['base', 'base/a.yaml', 'overlays', 'overlays/x', 'overlays/x/b.yaml']);
    expect(await readFile(join(into, 'overlays/x/b.yaml'), 'utf8')).toBe('b');
  });

  it('keeps a symlink that stays inside', async () => {
    const sha = await repository.commit({ 'app/a.yaml': 'a', 'app/b.yaml': { link: 'a.yaml' } });
    await fixture.open().export({ url: repository.url, sha }, ['app'], into);
    expect(await realpath(join(into, 'app/b.yaml'))).toBe(await realpath(join(into, 'app/a.yaml')));
  });

  it('writes nothing when one symlink leads out', async () => {
    const sha = await repository.commit({ 'app/a.yaml': 'a', 'app/passwd': { link: '../../../../../etc/passwd' } });
    const exported = await fixture.open().export({ url: repository.url, sha }, ['app'], into);
    expect(exported).toMatchObject({ ok: false, error: { code: 'PATH_ESCAPE' } });
    expect(await readdir(into)).toEqual([]);
  });

  it('keeps to its limits of files and bytes', async () => {
    const sha = await repository.commit({ 'app/a.yaml': 'a', 'app/b.yaml': 'b' });
    const source = { url: repository.url, sha };
    const few = fixture.open({ limits: { export: { maxFiles: 1, maxBytes: 100 } } });
    expect(await few.export(source, ['app'], into)).toMatchObject({ error: { code: 'GIT_TOO_LARGE' } });
    const small = fixture.open({ limits: { export: { maxFiles: 10, maxBytes: 1 } } });
    expect(await small.export(source, ['app'], into)).toMatchObject({ error: { code: 'GIT_TOO_LARGE' } });
  });

  it('says which directory is missing', async () => {
    const sha = await repository.commit({ 'app/a.yaml': 'a' });
    const exported = await fixture.open().export({ url: repository.url, sha }, ['absent'], into);
    expect(exported).toMatchObject({ error: { code: 'PATH_NOT_FOUND' } });
  });
});

describe('many reads at once', () => {
  it('share git processes: a thousand files cost no thousand of them', async () => {
    const changes = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`f${index}`, `content ${index}`]));
    const sha = await repository.commit(changes);
    const calls = join(fixture.directory, 'calls');
    const binary = join(fixture.directory, 'counting-git');
    await writeFile(binary, `#!/bin/sh\necho "$2" >> ${calls}\nexec git "$@"\n`, { mode: 0o755 });
    const mirrors = fixture.open({ git: { binary } });
    await mirrors.files(repository.url, sha);
    const reads = await Promise.all(Object.keys(changes).map((path) => mirrors.file(repository.url, sha, path)));
    expect(reads.map((read) => (read.ok ? read.value.toString('utf8') : read.error))).toEqual(Object.values(changes));
    const batches = (await readFile(calls, 'utf8')).split('\n').filter((command) => command === 'cat-file');
    expect(batches.length).toBeLessThan(5);
  });
});

describe('a submodule', () => {
  it('is not followed, so that its URL is never asked, wherever it leads', async () => {
    const inner = await server.repository('inner');
    const pinned = await inner.commit({ 'secret.yaml': 'a: 1' });
    const modules = `[submodule "sub"]\n  path = apps/sub\n  url = ${inner.url}\n`;
    await repository.commit({ '.gitmodules': modules, 'apps/web.yaml': 'a: 1' });
    await repository.git('update-index', '--add', '--cacheinfo', `160000,${pinned},apps/sub`);
    await repository.git('commit', '--quiet', '-m', 'submodule');
    await repository.git('push', '--quiet', 'origin', 'main');
    const sha = await repository.git('rev-parse', 'HEAD');
    const mirrors = fixture.open();
    expect(await mirrors.export({ url: repository.url, sha }, ['apps'], into)).toMatchObject({ ok: true });
    expect(await readdir(join(into, 'apps'))).toEqual(['web.yaml']);
    expect(await mirrors.contents(repository.url, sha, ['apps/sub/secret.yaml'])).toMatchObject({ ok: false });
    expect(server.looksAt('inner')).toBe(0);
  });
});
