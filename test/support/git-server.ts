import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { GitHttpServer, type GitHttpServerOptions } from '../../src/repositories/git-http-server.js';

const run = promisify(execFile);

/** A file's text; null removes it; `{ link }` is a symlink. */
export type Change = string | null | { link: string };

/** A real Git server on loopback that counts how often a client looked at a repository. */
export class GitServer {
  private constructor(
    private readonly folder: string,
    private readonly backend: GitHttpServer,
    private readonly front: Server,
    readonly url: string,
    private readonly looks: Map<string, number>,
  ) {}

  static async start(options: Partial<GitHttpServerOptions> = {}): Promise<GitServer> {
    const folder = await mkdtemp(join(tmpdir(), 'git-server-'));
    const backend = new GitHttpServer({ root: folder, ...options });
    const target = await backend.listen();
    const looks = new Map<string, number>();
    const front = countingProxy(target, looks);
    await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
    return new GitServer(folder, backend, front, url, looks);
  }

  async repository(name: string): Promise<GitRepository> {
    const bare = join(this.folder, `${name}.git`);
    const work = join(this.folder, `${name}.work`);
    await git(['init', '--quiet', '--bare', '--initial-branch=main', bare]);
    await git(['-C', bare, 'config', 'http.receivepack', 'true']);
    await git(['-C', bare, 'config', 'uploadpack.allowAnySHA1InWant', 'true']);
    await git(['init', '--quiet', '--initial-branch=main', work]);
    await git(['-C', work, 'remote', 'add', 'origin', bare]);
    return new GitRepository(`${this.url}/${name}.git`, bare, work);
  }

  /** How often clients asked for the references of a repository. */
  looksAt(name: string): number {
    return this.looks.get(`/${name}.git`) ?? 0;
  }

  async close(): Promise<void> {
    this.front.closeAllConnections();
    await new Promise<void>((resolve) => this.front.close(() => resolve()));
    await this.backend.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** One repository with a checkout to commit from. */
export class GitRepository {
  constructor(
    readonly url: string,
    readonly bare: string,
    readonly work: string,
  ) {}

  /** Commits and pushes; answers with the commit id. */
  async commit(changes: Readonly<Record<string, Change>>, branch = 'main'): Promise<string> {
    await git(['-C', this.work, 'checkout', '--quiet', '-B', branch]);
    for (const [path, change] of Object.entries(changes)) await this.write(path, change);
    await git(['-C', this.work, 'add', '--all']);
    await git(['-C', this.work, 'commit', '--quiet', '--allow-empty', '-m', 'change']);
    await git(['-C', this.work, 'push', '--quiet', '--force', 'origin', branch]);
    return this.git('rev-parse', 'HEAD');
  }

  async git(...args: string[]): Promise<string> {
    return git(['-C', this.work, ...args]);
  }

  private async write(path: string, change: Change): Promise<void> {
    const file = join(this.work, path);
    await rm(file, { recursive: true, force: true });
    if (change === null) return;
    await mkdir(dirname(file), { recursive: true });
    await (typeof change === 'string' ? writeFile(file, change) : symlink(change.link, file));
  }
}

async function git(args: string[]): Promise<string> {
  const env = {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: '/nonexistent',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'Tester',
    GIT_AUTHOR_EMAIL: 'tester@example.com',
    GIT_COMMITTER_NAME: 'Tester',
    GIT_COMMITTER_EMAIL: 'tester@example.com',
  };
  return (await run('git', args, { env })).stdout.trim();
}

function countingProxy(target: string, looks: Map<string, number>): Server {
  return createServer((request, response) => {
    const path = (request.url ?? '').split('/info/refs')[0] ?? '';
    if (request.url?.includes('/info/refs')) looks.set(path, (looks.get(path) ?? 0) + 1);
    const options = { method: request.method, headers: request.headers };
    const onward = forward(`${target}${request.url}`, options, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
}
