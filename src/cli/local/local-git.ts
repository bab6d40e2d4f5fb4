import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { fail, ok, type Result } from '../../kernel/result.js';
import type { ReadFailure } from '../../repositories/domain/read-failure.js';
import { GIT_SEARCH_PATH } from '../../repositories/git/git-search-path.js';
import { runProcess } from '../../repositories/process.js';

const TIMEOUT_MS = 60_000;
const MAX_OUTPUT_BYTES = 512 << 20;

/** Nothing the repository configures may run, and somebody else's checkout, as in a CI container, is read all the same. */
const CONFIGURATION = [
  ['safe.directory', '*'],
  ['safe.bareRepository', 'all'],
  ['core.fsmonitor', 'false'],
  ['core.hooksPath', '/dev/null'],
] as const;

/** Standard output of a git command that reads `root`, never a repository above it. */
export async function runLocalGit(
  args: readonly string[],
  root: string,
  input?: string,
): Promise<Result<Buffer, ReadFailure>> {
  const outcome = await runProcess({
    command: 'git',
    args,
    cwd: root,
    env: environment(root),
    timeoutMs: TIMEOUT_MS,
    maxOutputBytes: MAX_OUTPUT_BYTES,
    ...(input === undefined ? {} : { input }),
  });
  switch (outcome.kind) {
    case 'exited': {
      if (outcome.code === 0) return ok(outcome.stdout);
      const said = outcome.stderr.trim().split('\n')[0] ?? '';
      return fail({ code: 'GIT_CORRUPT', message: `git ${args[0]} cannot read ${root}: ${said}` });
    }
    case 'not-started':
      return fail({ code: 'GIT_UNREACHABLE', message: `git cannot be started (${outcome.message}): install git` });
    case 'timeout':
    case 'too-much-output':
    case 'aborted':
      return fail({
        code: 'GIT_TOO_LARGE',
        message: `git ${args[0]} of ${root} gave too much output or took too long`,
      });
  }
}

/** The user's own ignore file counts, as in `git status`; GIT_DIR and its like, set by hooks, do not. */
function environment(root: string): Record<string, string> {
  const entries = CONFIGURATION.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return {
    PATH: GIT_SEARCH_PATH,
    HOME: homedir(),
    LC_ALL: 'C',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_CEILING_DIRECTORIES: dirname(resolve(root)),
    GIT_CONFIG_COUNT: String(CONFIGURATION.length),
    ...Object.fromEntries(entries),
  };
}
