import { readFailure, type ReadFailure, type ReadFailureCode } from '../domain/read-failure.js';
import { withoutCredentials } from '../domain/repository-url.js';

const RULES: readonly [RegExp, ReadFailureCode][] = [
  [/Authentication failed|could not read (Username|Password)|terminal prompts disabled|error: 40[13]\b/i, 'GIT_AUTH'],
  [/couldn't find remote ref|not our ref|upload-pack: not our ref|unadvertised object/i, 'GIT_REVISION_NOT_FOUND'],
  [/not a git repository|is corrupt|bad object|bad tree|invalid object|missing (blob|tree|commit)/i, 'GIT_CORRUPT'],
  [/unable to read|object file .* is empty|inflate|packfile|index-pack|unresolved delta|garbage/i, 'GIT_CORRUPT'],
  [/repository .* not found|error: 404\b|does not appear to be a git repository/i, 'GIT_NOT_FOUND'],
  [/unable to access|Could not resolve|Connection|Failed to connect|unexpected disconnect/i, 'GIT_UNREACHABLE'],
  [/early EOF|hung up|RPC failed|error: 5\d\d\b|Operation too slow|SSL|certificate/i, 'GIT_UNREACHABLE'],
];

/** git's complaint as a typed failure. What no rule knows is `otherwise`: the network's fault, or the mirror's. */
export function classifyFailure(stderr: string, url: string, otherwise: ReadFailureCode): ReadFailure {
  const code = RULES.find(([pattern]) => pattern.test(stderr))?.[1] ?? otherwise;
  return readFailure(code, `${WORDS[code] ?? 'cannot read'} ${withoutCredentials(url)}: ${cleanComplaint(stderr)}`);
}

const WORDS: Partial<Record<ReadFailureCode, string>> = {
  GIT_AUTH: 'no access to',
  GIT_CORRUPT: 'the local mirror is damaged of',
  GIT_NOT_FOUND: 'there is no repository at',
  GIT_REVISION_NOT_FOUND: 'the revision is not in',
  GIT_UNREACHABLE: 'cannot reach',
};

/** The telling line of git's output, one line, without prefixes and user information. */
function cleanComplaint(stderr: string): string {
  const lines = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const telling = lines.find((line) => line.startsWith('fatal:')) ?? lines.find((line) => line.startsWith('error:'));
  const text = (telling ?? lines.at(-1) ?? 'git gave no reason').replace(/^(fatal|error):\s*/, '');
  return withoutCredentials(text).slice(0, 300);
}
