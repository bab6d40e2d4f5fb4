import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RepositoryCredentials } from '../../src/repositories/repository-credentials.js';
import type { GitAccess } from '../../src/repositories/domain/git-credentials.js';
import { GitServer, type GitRepository } from '../support/git-server.js';
import { MirrorsFixture } from '../support/mirrors.js';

const PASSWORD = 'correct-horse';

class OneSecret extends RepositoryCredentials {
  constructor(private readonly credentials: GitAccess) {
    super();
  }

  find(): Promise<GitAccess> {
    return Promise.resolve(this.credentials);
  }
}

let server: GitServer;
let repository: GitRepository;
let fixture: MirrorsFixture;

beforeEach(async () => {
  server = await GitServer.start({ credentials: { username: 'hub', password: PASSWORD } });
  repository = await server.repository('private');
  fixture = await MirrorsFixture.create();
});

afterEach(async () => {
  await fixture.close();
  await server.close();
});

describe('a repository that asks for credentials', () => {
  it('is read with those of its Secret', async () => {
    const sha = await repository.commit({ 'a.yaml': 'a: 1' });
    const mirrors = fixture.open({ credentials: new OneSecret({ username: 'hub', password: PASSWORD }) });
    expect(await mirrors.resolve(repository.url, 'main')).toEqual({ ok: true, value: { sha } });
  });

  it('is read with those written into its URL, which reach no message', async () => {
    const sha = await repository.commit({ 'a.yaml': 'a: 1' });
    const withPassword = repository.url.replace('://', `://hub:${PASSWORD}@`);
    const mirrors = fixture.open();
    expect(await mirrors.resolve(withPassword, 'main')).toEqual({ ok: true, value: { sha } });
    const absent = await mirrors.resolve(withPassword, 'absent');
    expect(JSON.stringify(absent)).not.toContain(PASSWORD);
  });

  it('fails with GIT_AUTH without, or with wrong ones, and does not repeat them', async () => {
    await repository.commit({ 'a.yaml': 'a: 1' });
    expect(await fixture.open().resolve(repository.url, 'main')).toMatchObject({ error: { code: 'GIT_AUTH' } });
    const mirrors = fixture.open({ credentials: new OneSecret({ username: 'hub', password: 'wrong-horse' }) });
    const refused = await mirrors.resolve(repository.url, 'main');
    expect(refused).toMatchObject({ ok: false, error: { code: 'GIT_AUTH' } });
    expect(JSON.stringify(refused)).not.toContain('wrong-horse');
  });

  it('leaves no credential in the mirror', async () => {
    await repository.commit({ 'a.yaml': 'a: 1' });
    const mirrors = fixture.open();
    await mirrors.resolve(repository.url.replace('://', `://hub:${PASSWORD}@`), 'main');
    const files = await readdir(fixture.directory, { recursive: true, withFileTypes: true });
    const texts = files
      .filter((file) => file.isFile())
      .map((file) => readFile(join(file.parentPath, file.name), 'latin1'));
    for (const text of await Promise.all(texts)) expect(text).not.toContain(PASSWORD);
  });

  it('sees neither our environment nor credentials in its arguments', async () => {
    process.env.FLEET_TEST_SECRET = 'inherited';
    const script = join(fixture.directory, 'spy-git');
    const seen = join(fixture.directory, 'seen');
    await writeFile(script, `#!/bin/sh\nprintf '%s\\n' "$@" > ${seen}.args\nenv > ${seen}.env\nexit 1\n`, {
      mode: 0o755,
    });
    const credentials = new OneSecret({ username: 'hub', password: PASSWORD });
    await fixture.open({ credentials, git: { binary: script } }).resolve(repository.url, 'main');
    delete process.env.FLEET_TEST_SECRET;
    const encoded = Buffer.from(`hub:${PASSWORD}`).toString('base64');
    expect(await readFile(`${seen}.args`, 'utf8')).not.toContain(encoded);
    const environment = await readFile(`${seen}.env`, 'utf8');
    expect(environment).toContain(encoded);
    expect(environment).not.toContain('inherited');
  });
});
