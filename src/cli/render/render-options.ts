import { givenRepository, type GivenRepository } from '../local/given-repository.js';
import { parseFlags, usage, withEachFileFlagged } from '../usage.js';

export const RENDER_OUTPUTS = ['yaml', 'json'] as const;
export type RenderOutput = (typeof RENDER_OUTPUTS)[number];

export interface RenderOptions {
  /** Files, directories, or `-` for standard input. */
  files: readonly string[];
  repositories: readonly GivenRepository[];
  kubeVersion: string;
  apiVersions: readonly string[];
  output: RenderOutput;
  /** As the tool prints them: no namespace, no tracking, no order of ours. */
  raw: boolean;
}

/** What charts are told of the cluster where nobody says which it is. */
export const DEFAULT_KUBE_VERSION = '1.36.0';

const FLAGS = {
  file: { type: 'string', short: 'f', multiple: true },
  git: { type: 'string', multiple: true },
  'kube-version': { type: 'string' },
  'api-versions': { type: 'string', multiple: true },
  output: { type: 'string', short: 'o' },
  raw: { type: 'boolean' },
} as const;

/** Throws USAGE. */
export function readRenderOptions(words: readonly string[]): RenderOptions {
  const flags = parseFlags(withEachFileFlagged(words), FLAGS);
  const { file: files = [], git = [], output = 'yaml', raw = false } = flags;
  const kubeVersion = flags['kube-version'] ?? DEFAULT_KUBE_VERSION;
  if (files.length === 0) throw usage('no input is given', 'Name files by -f FILE; -f - reads standard input.');
  if (!isOutput(output)) throw usage(`-o ${output} is not a format`, `Use one of ${RENDER_OUTPUTS.join(', ')}.`);
  if (!/^v?\d+\.\d+(?:\.\d+)?(?:[-+].*)?$/.test(kubeVersion)) {
    throw usage(`--kube-version ${kubeVersion} is not a version`, `Write it as ${DEFAULT_KUBE_VERSION}.`);
  }
  const apiVersions = (flags['api-versions'] ?? []).flatMap((list) => list.split(',')).filter((each) => each !== '');
  return { files, repositories: git.map(givenRepository), kubeVersion, apiVersions, output, raw };
}

function isOutput(word: string): word is RenderOutput {
  return (RENDER_OUTPUTS as readonly string[]).includes(word);
}
