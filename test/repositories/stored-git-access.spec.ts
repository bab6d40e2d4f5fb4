import { generateKeyPairSync } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../src/access/actor.js';
import { ApplyDoor } from '../../src/documents/apply-door.js';
import { Clock } from '../../src/kernel/clock.js';
import { DeclaredRepositoriesService } from '../../src/repositories/declared-repositories.service.js';
import { GitMirrors } from '../../src/repositories/git/git-mirrors.js';
import { GithubAppTokens } from '../../src/repositories/github-app-tokens.js';
import { RepositoryTrust } from '../../src/repositories/repository-trust.js';
import { StoredGitAccess } from '../../src/repositories/stored-git-access.js';
import { GitServer } from '../support/git-server.js';
import { HeldClock } from '../support/held-clock.js';
import { ProviderServer } from '../support/provider-server.js';
import { openRooms, type Rooms } from '../support/rooms.js';
import { sshKey } from '../support/ssh-server.js';

const ADMIN: Actor = { type: 'token', id: '1', name: 'admin', admin: true };
const STRANGER: Actor = { type: 'token', id: '2', name: 'dev', admin: false, project: 'team-a', role: 'dev' };
const OPTIONS = { dryRun: false, strict: false, fieldManager: 'test' };
const APP_KEY = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs1', format: 'pem' })
  .toString();

let rooms: Rooms;
let github: ProviderServer;
beforeAll(async () => {
  rooms = await openRooms();
  github = await ProviderServer.start();
});
afterAll(async () => {
  await rooms.close();
  await github.close();
});

async function apply(document: unknown, options: Partial<typeof OPTIONS> = {}) {
  const [applied] = await rooms.module.get(ApplyDoor).applyAll(ADMIN, [document], { ...OPTIONS, ...options });
  if (!applied?.outcome.ok) throw new Error(JSON.stringify(applied?.outcome));
  return applied.outcome.value;
}

function secret(name: string, data: Record<string, string>, type = 'repository') {
  const labels = { 'argocd.argoproj.io/secret-type': type };
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, labels }, stringData: data };
}

const configMap = (name: string, data: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'argocd' },
  data,
});

const accessTo = (url: string) => rooms.module.get(StoredGitAccess, { strict: false }).find(url);

describe('what git is given for a repository', () => {
  it('is its own settings with the credentials of the repo-creds', async () => {
    await apply(
      secret('corp', { url: 'https://git.corp', username: 'hub', password: 'pw', proxy: 'http://p' }, 'repo-creds'),
    );
    await apply(secret('own', { url: 'https://git.corp/own', insecure: 'true' }));
    expect(await accessTo('https://git.corp/own.git')).toEqual({
      username: 'hub',
      password: 'pw',
      proxy: 'http://p',
      insecure: true,
    });
    await apply(secret('own', { url: 'https://git.corp/own', password: 'mine' }));
    expect(await accessTo('https://git.corp/own.git')).toEqual({ username: '', password: 'mine' });
  });

  it('is the key of its SSH URL in every spelling, and the known hosts that were applied', async () => {
    const key = sshKey().private;
    await apply(secret('ssh', { url: 'git@git.corp:team/app.git', sshPrivateKey: key }));
    await apply(configMap('argocd-ssh-known-hosts-cm', { ssh_known_hosts: 'git.corp ssh-ed25519 AAAA\r\n' }));
    for (const url of ['git@git.corp:team/app.git', 'ssh://git@git.corp/team/app']) {
      const access = await accessTo(url);
      expect(access?.sshPrivateKey?.trim()).toBe(key.trim());
      expect(access?.knownHosts).toBe('git.corp ssh-ed25519 AAAA\n');
    }
    expect(await accessTo('ssh://git@git.other/team/app')).toEqual({ knownHosts: 'git.corp ssh-ed25519 AAAA\n' });
  });

  it('is the authority of its host, whatever the port', async () => {
    await apply(configMap('argocd-tls-certs-cm', { 'tls.corp': 'PEM' }));
    expect(await accessTo('https://tls.corp:8443/app')).toEqual({ authorities: 'PEM' });
    expect(await accessTo('https://other.corp/app')).toBeUndefined();
  });

  it('is a token of its GitHub App, asked for once until it is about to run out', async () => {
    const clock = new HeldClock();
    const trust = rooms.module.get(RepositoryTrust, { strict: false });
    const apps = new GithubAppTokens(clock as Clock, trust);
    const expires_at = new Date(clock.now().getTime() + 3_600_000).toISOString();
    const path = '/api/v3/app/installations/9/access_tokens';
    github.serve({ [path]: { status: 201, body: { token: 'ghs_1', expires_at } } });
    const app = { id: '7', installation: '9', privateKey: APP_KEY, enterpriseBaseUrl: `${github.url}/api/v3` };
    const where = { owner: 'acme', insecure: false };
    expect(await Promise.all([apps.token(app, where), apps.token(app, where)])).toEqual(['ghs_1', 'ghs_1']);
    clock.advance(3_000);
    expect(await apps.token(app, where)).toBe('ghs_1');
    expect(github.paths()).toEqual([path]);
    clock.advance(400);
    await apps.token(app, where);
    expect(github.paths()).toEqual([path, path]);
    await apps.onApplicationShutdown();
  });

  it('of a GitHub App goes as a password, and the private key stays here', async () => {
    github.serve({
      '/users/acme/installation': { body: { id: 9 } },
      '/app/installations/9/access_tokens': { status: 201, body: { token: 'ghs_2' } },
    });
    const data = { githubAppID: '7', githubAppPrivateKey: APP_KEY, githubAppEnterpriseBaseUrl: github.url };
    await apply(secret('app', { url: 'https://ghe.corp/acme', ...data }, 'repo-creds'));
    const access = await accessTo('https://ghe.corp/acme/web.git');
    expect(access).toEqual({ username: 'x-access-token', password: 'ghs_2' });
  });
});

describe('the connection of a repository', () => {
  let server: GitServer;
  beforeEach(async () => {
    server = await GitServer.start({ credentials: { username: 'hub', password: 'right' } });
  });
  afterEach(() => server.close());

  const check = (name: string, actor = ADMIN) =>
    rooms.module.get(DeclaredRepositoriesService, { strict: false }).check(actor, name);

  it('is tried when its Secret is applied, on a dry run too, and told as a warning where it fails', async () => {
    const { url } = await server.repository('tried');
    const wrong = secret('tried', { url, username: 'hub', password: 'wrong-horse' });
    for (const options of [{ dryRun: true }, {}]) {
      const { warnings } = await apply(wrong, options);
      expect(warnings.join()).toContain('GIT_AUTH');
      expect(warnings.join()).not.toContain('wrong-horse');
    }
    expect((await apply(secret('tried', { url, username: 'hub', password: 'right' }))).warnings).toEqual([]);
  });

  it('is told on request, and takes effect at once where the Secret was applied anew', async () => {
    const repository = await server.repository('rotated');
    const sha = await repository.commit({ 'a.yaml': 'a: 1' });
    const mirrors = rooms.module.get(GitMirrors, { strict: false });
    await apply(secret('rotated', { url: repository.url, username: 'hub', password: 'old' }));
    expect(await check('rotated')).toMatchObject({ status: 'Failed', code: 'GIT_AUTH' });
    expect(await mirrors.resolve(repository.url, 'main')).toMatchObject({ error: { code: 'GIT_AUTH' } });
    await apply(secret('rotated', { url: repository.url, username: 'hub', password: 'right' }));
    expect(await mirrors.resolve(repository.url, 'main')).toEqual({ ok: true, value: { sha } });
    const verdict = await check('rotated');
    expect(verdict).toMatchObject({ status: 'Successful' });
    expect(verdict.message).toContain('main');
    expect(JSON.stringify(verdict)).not.toContain('right');
  });

  it('is told to nobody who may not see the Secret, and there is none of repo-creds', async () => {
    await expect(check('tried', STRANGER)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(check('absent')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(check('corp')).rejects.toMatchObject({ code: 'REPOSITORY_NOT_CHECKED' });
  });

  it('is listed without what opens it', async () => {
    const service = rooms.module.get(DeclaredRepositoriesService, { strict: false });
    const listed = await service.list(ADMIN);
    expect(listed).toContainEqual({
      name: 'corp',
      kind: 'repo-creds',
      type: 'git',
      url: 'https://git.corp/',
      labels: { 'argocd.argoproj.io/secret-type': 'repo-creds' },
      hasCredentials: true,
    });
    expect(JSON.stringify(listed)).not.toMatch(/PRIVATE KEY|"pw"/);
    expect(await service.list(STRANGER)).toEqual([]);
  });
});
