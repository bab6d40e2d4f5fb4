import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { unavailable } from '../kernel/errors.js';
import { GitHttpServer } from '../repositories/git-http-server.js';
import { runProcess } from '../repositories/process.js';
import type { Files } from './seed.js';

const NAME = 'fleet';
const BRANCH = 'main';
const GIT_ENVIRONMENT = {
  PATH: '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Fleetwright demo',
  GIT_AUTHOR_EMAIL: 'demo@fleetwright.invalid',
  GIT_COMMITTER_NAME: 'Fleetwright demo',
  GIT_COMMITTER_EMAIL: 'demo@fleetwright.invalid',
};

/** A real Git repository over smart HTTP, and a checkout to push from. */
export class DemoRepository {
  private constructor(
    readonly url: string,
    private readonly server: GitHttpServer,
    private readonly work: string,
  ) {}

  /** Serves an empty repository out of the folder; anybody on this machine may clone it and push. */
  static async serve(folder: string): Promise<DemoRepository> {
    const bare = join(folder, `${NAME}.git`);
    const work = join(folder, 'checkout');
    await mkdir(folder, { recursive: true });
    const server = new GitHttpServer({ root: folder });
    const url = `${await server.listen()}/${NAME}.git`;
    await git(folder, 'init', '--quiet', '--bare', `--initial-branch=${BRANCH}`, bare);
    await git(bare, 'config', 'http.receivepack', 'true');
    await git(folder, 'init', '--quiet', `--initial-branch=${BRANCH}`, work);
    await git(work, 'remote', 'add', 'origin', url);
    return new DemoRepository(url, server, work);
  }

  /** Commits the files and pushes; answers the commit id. */
  async push(message: string, files: Files): Promise<string> {
    for (const [path, text] of Object.entries(files)) {
      const file = join(this.work, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    await git(this.work, 'add', '--all');
    await git(this.work, 'commit', '--quiet', '--message', message);
    await git(this.work, 'push', '--quiet', 'origin', BRANCH);
    return git(this.work, 'rev-parse', 'HEAD');
  }

  /** The text of a file as of the last push. */
  read(path: string): Promise<string> {
    return readFile(join(this.work, path), 'utf8');
  }

  close(): Promise<void> {
    return this.server.close();
  }
}

async function git(folder: string, ...args: string[]): Promise<string> {
  const outcome = await runProcess({
    command: 'git',
    args: ['-C', folder, ...args],
    env: GIT_ENVIRONMENT,
    timeoutMs: 30_000,
    maxOutputBytes: 1 << 20,
  });
  if (outcome.kind === 'exited' && outcome.code === 0) return outcome.stdout.toString('utf8').trim();
  const why = outcome.kind === 'exited' ? outcome.stderr.trim() : outcome.kind;
  throw unavailable('GIT_FAILED', `git ${args[0] ?? ''} failed: ${why}`);
}
