import { readFailure, type ReadFailure, type ReadFailureCode } from '../domain/read-failure.js';
import { withoutCredentials } from '../domain/repository-url.js';

const RULES: readonly [RegExp, ReadFailureCode][] = [
  [/\bssh: (?:command )?not found|cannot run ssh\b/i, 'GIT_SSH_MISSING'],
  [/Host key verification failed|host key is known for|REMOTE HOST IDENTIFICATION/i, 'GIT_HOST_KEY'],
  [/Permission denied \(|Load key .*: (?:error|invalid)|Too many authentication failures/i, 'GIT_AUTH'],
  [/Authentication failed|could not read (Username|Password)|terminal prompts disabled|error: 40[13]\b/i, 'GIT_AUTH'],
  [/couldn't find remote ref|not our ref|upload-pack: not our ref|unadvertised object/i, 'GIT_REVISION_NOT_FOUND'],
  [/not a git repository|is corrupt|bad object|bad tree|invalid object|missing (blob|tree|commit)/i, 'GIT_CORRUPT'],
  [/unable to read|object file .* is empty|inflate|packfile|index-pack|unresolved delta|garbage/i, 'GIT_CORRUPT'],
  [/repository (?:.* )?not found|error: 404\b|does not appear to be a git repository/i, 'GIT_NOT_FOUND'],
  [/unable to access|Could not resolve|Connection|Failed to connect|unexpected disconnect/i, 'GIT_UNREACHABLE'],
  [/early EOF|hung up|RPC failed|error: 5\d\d\b|Operation too slow|SSL|certificate/i, 'GIT_UNREACHABLE'],
];

/** git's complaint as a typed failure. What no rule knows is `otherwise`: the network's fault, or the mirror's. */
export function classifyFailure(stderr: string, url: string, otherwise: ReadFailureCode): ReadFailure {
  const [pattern, code] = RULES.find(([each]) => each.test(stderr)) ?? [undefined, otherwise];
  return readFailure(
    code,
    `${WORDS[code] ?? 'cannot read'} ${withoutCredentials(url)}: ${cleanComplaint(stderr, pattern)}`,
  );
}

const WORDS: Partial<Record<ReadFailureCode, string>> = {
  GIT_AUTH: 'no access to',
  GIT_HOST_KEY: 'no line of argocd-ssh-known-hosts-cm vouches for the server of',
  GIT_SSH_MISSING: 'install an ssh program (Debian and Alpine: openssh-client) to read',
  GIT_CORRUPT: 'the local mirror is damaged of',
  GIT_NOT_FOUND: 'there is no repository at',
  GIT_REVISION_NOT_FOUND: 'the revision is not in',
  GIT_UNREACHABLE: 'cannot reach',
};

/** The telling line of git's output, one line, without prefixes and user information. */
function cleanComplaint(stderr: string, pattern: RegExp | undefined): string {
  const lines = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const says = (start: string) => lines.find((line) => line.startsWith(start));
  const telling = lines.find((line) => pattern?.test(line)) ?? says('fatal:') ?? says('error:');
  const text = (telling ?? lines.at(-1) ?? 'git gave no reason').replace(/^(fatal|error):\s*/, '');
  return withoutCredentials(text).slice(0, 300);
}
