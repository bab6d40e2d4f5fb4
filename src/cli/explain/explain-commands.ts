import type { ApplicationWhyAnswer } from '../../applicationsets/explain/application-why.js';
import type { WhyNot } from '../../applicationsets/explain/why-not.js';
import { onOneLine } from '../columns.js';
import { EXIT, type Command, type ExitCode, type Terminal } from '../command.js';
import { askHub, refusal } from '../hub/ask-hub.js';
import { HUB_FLAGS, HUB_HELP, hubOf } from '../hub/hub-flags.js';
import { parseFlags, usage } from '../usage.js';
import { whyLines, whyNotLines } from './why-lines.js';

const FLAGS = {
  ...HUB_FLAGS,
  application: { type: 'string' },
  set: { type: 'string' },
  cluster: { type: 'string' },
  namespace: { type: 'string', short: 'n' },
  output: { type: 'string', short: 'o' },
} as const;

const COMMON = `  -n, --namespace NAME   of the document, argocd unless said
${HUB_HELP}
  -o, --output FORMAT    text (default) or json, the hub's own answer

Exit code 0: answered; 1: the hub refused or gave no answer; 2: wrong usage.
`;

export const whyCommand: Command = {
  name: 'why',
  summary: 'ask the hub why an Application is there and as it is',
  help: `Usage: fleetwright why --application NAME --hub URL --token-file FILE [--ca-file FILE] [-o text|json]

Tells the set, the generator, the parameters, the template lines, the project rules and who wrote last.

      --application NAME  as kubectl or the console shows it
${COMMON}`,
  run: (words, terminal) => {
    const { application = '', ...flags } = parseFlags(words, FLAGS);
    if (application === '') throw usage('no Application is named', 'Name it by --application NAME.');
    const path = `${documentPath('applications', application, flags)}/why`;
    return explain({ flags, path, terminal }, (body) => whyLines(body as unknown as ApplicationWhyAnswer));
  },
};

export const whyNotCommand: Command = {
  name: 'why-not',
  summary: 'ask the hub why a set makes nothing for a cluster',
  help: `Usage: fleetwright why-not --set NAME --cluster NAME --hub URL --token-file FILE [--ca-file FILE] [-o text|json]

Tells each term of the set's cluster selectors, and the smallest label change that would make one match.

      --set NAME         an ApplicationSet
      --cluster NAME     a cluster of the fleet
${COMMON}`,
  run: (words, terminal) => {
    const { set = '', cluster = '', ...flags } = parseFlags(words, FLAGS);
    if (set === '' || cluster === '')
      throw usage('a set and a cluster must be named', 'Use --set NAME --cluster NAME.');
    const path = `${documentPath('applicationsets', set, flags)}/why-not?cluster=${encodeURIComponent(cluster)}`;
    return explain({ flags, path, terminal }, (body) => whyNotLines(body as unknown as WhyNot));
  },
};

interface Asked {
  flags: { hub?: string; 'token-file'?: string; 'ca-file'?: string; output?: string };
  path: string;
  terminal: Terminal;
}

async function explain(
  { flags, path, terminal }: Asked,
  linesOf: (body: Record<string, unknown>) => string[],
): Promise<ExitCode> {
  const { output = 'text' } = flags;
  if (output !== 'text' && output !== 'json') throw usage(`-o ${output} is not a format`, 'Use text or json.');
  const answer = await askHub(await hubOf(flags, terminal.hub), { path });
  if (answer.status !== 200) throw refusal(answer);
  const lines = output === 'json' ? [JSON.stringify(answer.body, null, 2)] : linesOf(answer.body).map(onOneLine);
  await terminal.stdout.write(lines.map((line) => `${line}\n`).join(''));
  return EXIT.ok;
}

function documentPath(kind: string, name: string, { namespace = 'argocd' }: { namespace?: string }): string {
  return `api/v1/namespaces/${encodeURIComponent(namespace)}/${kind}/${encodeURIComponent(name)}`;
}
