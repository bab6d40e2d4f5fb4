import type { ImpactedApplication } from '../../applications/revisions/repository-impact.js';
import { isObject, own } from '../../kernel/json.js';
import { EXIT, type Command, type ExitCode, type Terminal } from '../command.js';
import { askHub, refusal } from '../hub/ask-hub.js';
import { HUB_FLAGS, HUB_HELP, hubOf, type Hub } from '../hub/hub-flags.js';
import { parseFlags, usage } from '../usage.js';
import { impactMarkdown, type Impact } from './impact-markdown.js';

const HELP = `Usage: fleetwright impact --repo URL --base REV --head REV --hub URL --token-file FILE [-o markdown|json]

Asks the hub which Applications would change if --base became --head, object by object, and prints it for a comment on a
pull request. Nothing is delivered; values of Secrets are never shown.

      --repo URL         as Applications write it, or another spelling of the same
      --base REV         what Applications follow: a branch, tag or commit
      --head REV         what it would become
${HUB_HELP}
  -o, --output FORMAT    markdown (default; equal changes are told once, at most 60,000 characters) or json

Only Applications that the token may list are asked about, 5,000 at most. Exit code 0: answered; 1: the hub refused,
gave no answer, or an Application cannot be rendered; 2: wrong usage.
`;

const FLAGS = {
  ...HUB_FLAGS,
  repo: { type: 'string' },
  base: { type: 'string' },
  head: { type: 'string' },
  output: { type: 'string', short: 'o' },
} as const;

const PAGE = 100;
const MOST_PAGES = 50;

export const impactCommand: Command = {
  name: 'impact',
  summary: 'ask the hub which Applications a revision would change',
  help: HELP,
  run: impact,
};

async function impact(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { repo = '', base = '', head = '', output = 'markdown', ...flags } = parseFlags(words, FLAGS);
  if (repo === '' || base === '' || head === '') {
    throw usage('a repository and two revisions must be named', 'Use --repo URL --base REV --head REV.');
  }
  if (output !== 'markdown' && output !== 'json') throw usage(`-o ${output} is not a format`, 'Use markdown or json.');
  const hub = await hubOf(flags, terminal.hub);
  const answer = await askAll(hub, { repository: repo, base, head });
  await terminal.stdout.write(output === 'json' ? `${JSON.stringify(answer, null, 2)}\n` : impactMarkdown(answer));
  return answer.items.some(({ error }) => error !== undefined) ? EXIT.failed : EXIT.ok;
}

/** Page by page, as far as it goes. */
async function askAll(hub: Hub, question: Pick<Impact, 'repository' | 'base' | 'head'>): Promise<Impact> {
  const { repository, base, head } = question;
  const path = `api/v1/repositories/${encodeURIComponent(repository)}/impact`;
  const impact: Impact = { ...question, items: [], unchanged: 0, elsewhere: 0, remaining: 0 };
  let next: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const body = { base, head, limit: PAGE, ...(next === undefined ? {} : { continue: next }) };
    const answer = await askHub(hub, { path, body });
    if (answer.status !== 200) throw refusal(answer);
    const { items, unchanged, elsewhere } = answer.body;
    impact.items.push(...(Array.isArray(items) ? (items as ImpactedApplication[]) : []));
    impact.unchanged += Number(unchanged);
    impact.elsewhere += Number(elsewhere);
    const metadata = own(answer.body, 'metadata');
    const token = isObject(metadata) ? own(metadata, 'continue') : undefined;
    impact.remaining = isObject(metadata) ? Number(own(metadata, 'remainingItemCount') ?? 0) : 0;
    if (typeof token !== 'string') return impact;
    next = token;
  }
  return impact;
}
