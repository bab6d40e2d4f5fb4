import { givenRepository, type GivenRepository } from '../local/given-repository.js';
import { parseFlags, usage, withEachFileFlagged } from '../usage.js';

const OUTPUTS = ['yaml', 'json', 'table'] as const;
export type OutputFormat = (typeof OUTPUTS)[number];

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
