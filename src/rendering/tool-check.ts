import { FleetError, messageOf } from '../kernel/errors.js';
import { requireGitHttpBackend } from '../repositories/git-http-server.js';
import { GIT_SEARCH_PATH } from '../repositories/git/git-search-path.js';
import { runProcess } from '../repositories/process.js';
import type { Tools } from './tools.js';

export interface NeededTools {
  tools: Tools;
  /** The demo also serves a repository. */
  gitHttpBackend?: boolean;
  /** Where git is looked up. */
  searchPath?: string;
}

/** A line for each program that is missing or does not run, with what gives it; empty when a hub can start. */
export async function missingTools({ tools, gitHttpBackend = false, searchPath }: NeededTools): Promise<string[]> {
  const found = await Promise.all([
    gitProblem(searchPath ?? GIT_SEARCH_PATH),
    kubectlProblem(tools),
    helmProblem(tools),
  ]);
  const problems = found.filter((problem) => problem !== undefined);
  return gitHttpBackend && found[0] === undefined ? [...problems, ...backendProblem(searchPath)] : problems;
}

async function gitProblem(searchPath: string): Promise<string | undefined> {
  const isThere = await runs('git', ['--version'], searchPath);
  return isThere ? undefined : `git is not installed in ${searchPath}: install it, as in apt-get install git`;
}

async function kubectlProblem(tools: Tools): Promise<string | undefined> {
  const version = await tools.kustomizeVersion();
  return version.ok ? undefined : version.error.message;
}

async function helmProblem(tools: Tools): Promise<string | undefined> {
  const helm = await tools.helm();
  if (!helm.ok) return helm.error.message;
  const isThere = await runs(helm.value, ['version', '--short']);
  return isThere ? undefined : `helm does not run (${helm.value}): set HELM_BINARY to the path of one that does`;
}

function backendProblem(searchPath: string | undefined): string[] {
  try {
    requireGitHttpBackend(searchPath);
    return [];
  } catch (error) {
    const hint = error instanceof FleetError ? error.details.hint : undefined;
    return [hint === undefined ? messageOf(error) : `${messageOf(error)}: ${hint}`];
  }
}

async function runs(command: string, args: readonly string[], searchPath = ''): Promise<boolean> {
  const env = { HOME: '/nonexistent', PATH: searchPath };
  const outcome = await runProcess({ command, args, env, timeoutMs: 30_000, maxOutputBytes: 64 << 10 });
  return outcome.kind === 'exited' && outcome.code === 0;
}
