import { statSync } from 'node:fs';
import { parseFlags, usage, withEachFileFlagged } from '../usage.js';

const OUTPUTS = ['yaml', 'json', 'table'] as const;
export type OutputFormat = (typeof OUTPUTS)[number];

/** One `--git URL=PATH`. */
export interface GivenRepository {
  url: string;
  path: string;
}

export interface ExpandOptions {
  /** Files, directories, or `-` for standard input. */
  files: readonly string[];
  repositories: readonly GivenRepository[];
  output: OutputFormat;
}

const FLAGS = {
  file: { type: 'string', short: 'f', multiple: true },
  git: { type: 'string', multiple: true },
  output: { type: 'string', short: 'o' },
} as const;

/** Throws USAGE. */
export function readExpandOptions(words: readonly string[]): ExpandOptions {
  const { file: files = [], git = [], output = 'yaml' } = parseFlags(withEachFileFlagged(words), FLAGS);
  if (files.length === 0) throw usage('no input is given', 'Name files by -f FILE; -f - reads standard input.');
  if (!isOutput(output)) throw usage(`-o ${output} is not a format`, `Use one of ${OUTPUTS.join(', ')}.`);
  return { files, repositories: git.map(givenRepository), output };
}

function isOutput(word: string): word is OutputFormat {
  return (OUTPUTS as readonly string[]).includes(word);
}

/** URLs and paths may hold `=` too: the first place after which a directory is named is the one that counts. */
function givenRepository(word: string): GivenRepository {
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
