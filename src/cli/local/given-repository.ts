import { statSync } from 'node:fs';
import { usage } from '../usage.js';

/** One `--git URL=PATH`. */
export interface GivenRepository {
  url: string;
  path: string;
}

/**
 * URLs and paths may hold `=` too: the first place after which a directory is named is the one that counts.
 * Throws USAGE.
 */
export function givenRepository(word: string): GivenRepository {
  let at = word.indexOf('=');
  if (at < 1) throw usage(`--git ${word} is not URL=PATH`, 'Write --git https://git.example.com/team/repo.git=./repo.');
  const first = word.slice(at + 1);
  for (; at > 0; at = word.indexOf('=', at + 1)) {
    const [url, path] = [word.slice(0, at), word.slice(at + 1)];
    if (isDirectory(path)) return { url, path };
  }
  throw usage(`--git ${word}: "${first}" is not a directory`, 'Name a working tree, a bare repository or a directory.');
}

function isDirectory(path: string): boolean {
  return path !== '' && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
