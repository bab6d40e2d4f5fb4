import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RepositoryCredentials } from '../../src/repositories/repository-credentials.js';
import type { GitAccess } from '../../src/repositories/domain/git-credentials.js';
import { GitServer, type GitRepository } from '../support/git-server.js';
import { MirrorsFixture } from '../support/mirrors.js';
import { HAS_SSH, sshKey, SshServer, type SshKey } from '../support/ssh-server.js';

class OneAccess extends RepositoryCredentials {
  constructor(private readonly access: GitAccess) {
    super();
  }

  find(): Promise<GitAccess> {
    return Promise.resolve(this.access);
  }
}

let git: GitServer;
let repository: GitRepository;
let key: SshKey;
let server: SshServer;
let fixture: MirrorsFixture;
let url: string;

beforeEach(async () => {
  git = await GitServer.start();
  repository = await git.repository('private');
  key = sshKey();
  server = await SshServer.start(dirname(repository.bare), key);
  url = server.urlOf('private');
  fixture = await MirrorsFixture.create();
});

afterEach(async () => {
  await fixture.close();
  await server.close();
  await git.close();
});

const opened = (access: GitAccess) => fixture.open({ credentials: new OneAccess(access) });

describe.skipIf(!HAS_SSH)('a repository over SSH (needs ssh)', () => {
  it('is read with the key of its Secret from a server that a known host vouches for', async () => {
    const sha = await repository.commit({ 'apps/web/a.yaml': 'a: 1' });
    const mirrors = opened({ sshPrivateKey: key.private, knownHosts: server.knownHost });
    expect(await mirrors.resolve(url, 'main')).toEqual({ ok: true, value: { sha } });
    const file = await mirrors.file(url, sha, 'apps/web/a.yaml');
    expect(file.ok && file.value.toString()).toBe('a: 1');
    const next = await repository.commit({ 'apps/web/a.yaml': 'a: 2' });
    await mirrors.refresh(url);
    expect(await mirrors.resolve(url, 'main')).toEqual({ ok: true, value: { sha: next } });
  });

  it('is refused with GIT_HOST_KEY where no known host, or another key, stands for the server', async () => {
    await repository.commit({ 'a.yaml': 'a: 1' });
    const [type, other] = sshKey().public.split(' ');
    for (const knownHosts of ['', `[127.0.0.1]:${server.port} ${type} ${other}\n`]) {
      const refused = await opened({ sshPrivateKey: key.private, knownHosts }).resolve(url, 'main');
      expect(refused).toMatchObject({ ok: false, error: { code: 'GIT_HOST_KEY' } });
    }
    expect(server.commands).toEqual([]);
  });

  it('is read from any server where its Secret says insecureIgnoreHostKey', async () => {
    const sha = await repository.commit({ 'a.yaml': 'a: 1' });
    const mirrors = opened({ sshPrivateKey: key.private, insecureIgnoreHostKey: true });
    expect(await mirrors.resolve(url, 'main')).toEqual({ ok: true, value: { sha } });
  });

  it('fails with GIT_AUTH without a key, or with another one', async () => {
    await repository.commit({ 'a.yaml': 'a: 1' });
    for (const access of [{}, { sshPrivateKey: sshKey().private }]) {
      const refused = await opened({ ...access, knownHosts: server.knownHost }).resolve(url, 'main');
      expect(refused).toMatchObject({ ok: false, error: { code: 'GIT_AUTH' } });
    }
  });

  it('fails with GIT_NOT_FOUND where there is no such repository', async () => {
    const mirrors = opened({ sshPrivateKey: key.private, knownHosts: server.knownHost });
    expect(await mirrors.resolve(server.urlOf('absent'), 'main')).toMatchObject({ error: { code: 'GIT_NOT_FOUND' } });
  });

  it('leaves neither key nor folder behind', async () => {
    await repository.commit({ 'a.yaml': 'a: 1' });
    await opened({ sshPrivateKey: key.private, knownHosts: server.knownHost }).resolve(url, 'main');
    const left = await readdir(fixture.directory, { recursive: true, withFileTypes: true });
    expect(left.filter(({ name }) => name.startsWith('access-'))).toEqual([]);
    const files = left
      .filter((file) => file.isFile())
      .map((file) => readFile(join(file.parentPath, file.name), 'utf8'));
    for (const text of await Promise.all(files)) expect(text).not.toContain('PRIVATE KEY');
  });
});

describe('git over SSH', () => {
  /** A folder of programs: git as it is, and an ssh that tells what it was given. */
  async function withSsh(script: string): Promise<string> {
    const folder = join(fixture.directory, 'programs');
    await mkdir(folder);
    await writeFile(join(folder, 'ssh'), script);
    await chmod(join(folder, 'ssh'), 0o755);
    return folder;
  }

  it('gives the key to ssh in a file that nobody else may read, and neither in words nor in the environment', async () => {
    const seen = join(fixture.directory, 'seen');
    const script = `#!/bin/sh\nstat -c %a "$(dirname "$2")"/key "$(dirname "$2")" > ${seen}.modes\nprintf '%s\\n' "$@" > ${seen}.args\nenv > ${seen}.env\ncat "$2" > ${seen}.config\nexit 1\n`;
    const folder = await withSsh(script);
    const searchPath = `${folder}:/usr/local/bin:/usr/bin:/bin`;
    const credentials = new OneAccess({ sshPrivateKey: key.private, knownHosts: server.knownHost });
    await fixture.open({ credentials, git: { searchPath } }).resolve(url, 'main');
    const secret = key.private.split('\n')[1] ?? '';
    expect((await readFile(`${seen}.modes`, 'utf8')).trim().split('\n')).toEqual(['600', '700']);
    for (const part of ['args', 'env', 'config']) {
      expect(await readFile(`${seen}.${part}`, 'utf8')).not.toContain(secret);
    }
    expect(await readFile(`${seen}.config`, 'utf8')).toContain('StrictHostKeyChecking yes');
  });

  it('names what to install where the machine has no ssh', async () => {
    const folder = join(fixture.directory, 'programs');
    await mkdir(folder);
    await symlink(execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim(), join(folder, 'git'));
    const credentials = new OneAccess({ sshPrivateKey: key.private });
    const mirrors = fixture.open({ credentials, git: { searchPath: folder } });
    const refused = await mirrors.resolve(url, 'main');
    expect(refused).toMatchObject({ ok: false, error: { code: 'GIT_SSH_MISSING' } });
    expect(!refused.ok && refused.error.message).toContain('openssh-client');
  });

  it.each([
    'ssh://-oProxyCommand=touch${IFS}x/app.git',
    'ssh://-x@git.corp/app.git',
    'ssh://git@-oProxyCommand=x/app.git',
    '-oProxyCommand=x@git.corp:app.git',
    'git@-oProxyCommand=x:app.git',
    'ext::sh -c touch% x',
  ])('refuses %s, which an ssh program would take for an option', async (hostile) => {
    expect(await fixture.open().resolve(hostile, 'main')).toMatchObject({ error: { code: 'GIT_URL_REFUSED' } });
  });
});
