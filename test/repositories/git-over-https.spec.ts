import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { GitAccess } from '../../src/repositories/domain/git-credentials.js';
import { RepositoryCredentials } from '../../src/repositories/repository-credentials.js';
import { GitServer, type GitRepository } from '../support/git-server.js';
import { MirrorsFixture } from '../support/mirrors.js';
import { SecureFront, startProxy } from '../support/secure-front.js';
import { TestAuthority } from '../support/tls.js';

class OneAccess extends RepositoryCredentials {
  constructor(private readonly access: GitAccess) {
    super();
  }

  find(): Promise<GitAccess> {
    return Promise.resolve(this.access);
  }
}

let authority: TestAuthority;
let authorities: string;
let git: GitServer;
let repository: GitRepository;
let front: SecureFront;
let fixture: MirrorsFixture;
let sha: string;

beforeAll(async () => {
  authority = await TestAuthority.make();
  authorities = await authority.certificate();
});
afterAll(() => authority.remove());

beforeEach(async () => {
  git = await GitServer.start();
  repository = await git.repository('private');
  sha = await repository.commit({ 'a.yaml': 'a: 1' });
  const { chain, key } = await authority.issue();
  front = await SecureFront.start(git.url, {
    cert: chain,
    key,
    ca: authorities,
    requestCert: true,
    rejectUnauthorized: false,
  });
  fixture = await MirrorsFixture.create();
});

afterEach(async () => {
  await fixture.close();
  await front.close();
  await git.close();
});

const resolved = (access: GitAccess, git: { searchPath?: string } = {}) =>
  fixture.open({ credentials: new OneAccess(access), git }).resolve(`${front.url}/private.git`, 'main');

describe('a repository over HTTPS', () => {
  it('is refused where nobody vouches for its server', async () => {
    const refused = await resolved({});
    expect(refused).toMatchObject({ ok: false, error: { code: 'GIT_UNREACHABLE' } });
    expect(!refused.ok && refused.error.message).toMatch(/certificate/i);
    expect(front.clients).toEqual([]);
  });

  it('is read where the authority of its server is known, or its Secret says insecure', async () => {
    expect(await resolved({ authorities })).toEqual({ ok: true, value: { sha } });
    expect(await resolved({ insecure: true })).toEqual({ ok: true, value: { sha } });
  });

  it('is shown the client certificate of its Secret', async () => {
    const { chain, key } = await authority.issue(['hub.example']);
    expect(await resolved({ authorities })).toMatchObject({ ok: true });
    expect(new Set(front.clients)).toEqual(new Set(['']));
    front.clients.length = 0;
    const access = { authorities, certificate: chain.toString(), key: key.toString() };
    expect(await resolved(access)).toEqual({ ok: true, value: { sha } });
    expect(front.clients.length).toBeGreaterThan(0);
    expect(front.clients).not.toContain('');
  });

  it('is asked by the proxy of its Secret, unless noProxy names its host', async () => {
    const proxy = await startProxy();
    expect(await resolved({ authorities, proxy: proxy.url })).toEqual({ ok: true, value: { sha } });
    expect(new Set(proxy.asked)).toEqual(new Set([front.url.replace('https://', '')]));
    proxy.asked.length = 0;
    expect(await resolved({ authorities, proxy: proxy.url, noProxy: 'git.corp,127.0.0.1' })).toMatchObject({
      ok: true,
    });
    expect(proxy.asked).toEqual([]);
    await proxy.close();
  });
});
