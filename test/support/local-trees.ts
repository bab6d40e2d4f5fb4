import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Contents, or where a symlink leads. */
type LocalFile = string | Buffer | { link: string };

export function writeTree(root: string, files: Readonly<Record<string, LocalFile>>): void {
  mkdirSync(root, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    if (typeof content === 'string' || Buffer.isBuffer(content)) writeFileSync(path.join(root, name), content);
    else symlinkSync(content.link, path.join(root, name));
  }
}

const ENVIRONMENT = {
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@example.com',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@example.com',
};

export function git(root: string, ...words: string[]): string {
  return execFileSync('git', words, {
    cwd: root,
    env: ENVIRONMENT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** A working tree whose one commit holds these files. */
export function writeWorkingTree(root: string, files: Readonly<Record<string, string>>): void {
  writeTree(root, files);
  git(root, 'init', '-q', '-b', 'main');
  git(root, 'add', '-A');
  git(root, 'commit', '-q', '-m', 'content');
}

/** A bare repository whose HEAD holds these files. */
export function writeBareRepository(root: string, files: Readonly<Record<string, string>>): void {
  writeWorkingTree(`${root}.work`, files);
  git(`${root}.work`, 'clone', '-q', '--bare', '.', path.resolve(root));
}
