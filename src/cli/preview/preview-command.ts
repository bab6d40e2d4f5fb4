import { FleetError, messageOf } from '../../kernel/errors.js';
import { EXIT, type Command, type ExitCode, type Terminal } from '../command.js';
import { HUB_FLAGS, HUB_HELP, hubOf } from '../hub/hub-flags.js';
import { parseDocuments } from '../parse-documents.js';
import { readInput } from '../read-input.js';
import { parseFlags, usage, withEachFileFlagged } from '../usage.js';
import { askForPreview, type PreviewResult } from './hub-door.js';
import { planLines } from './plan-lines.js';
import { onOneLine } from '../columns.js';

const HELP = `Usage: fleetwright preview -f FILE... --hub URL --token-file FILE [--ca-file FILE] [-o text|json]

Asks the hub what applying documents would create, change and delete, and changes nothing.

  -f, --file FILE        documents of any kind the hub takes; a directory, or - for standard input
${HUB_HELP}
  -o, --output FORMAT    text (default) or json, the hub's own answer

Exit code 0: the plan is clean; 1: the hub refused a document, told an error or gave no answer; 2: wrong usage.
`;

const FLAGS = {
  file: { type: 'string', short: 'f', multiple: true },
  ...HUB_FLAGS,
  output: { type: 'string', short: 'o' },
} as const;

export const previewCommand: Command = {
  name: 'preview',
  summary: 'ask the hub what applying documents would do',
  help: HELP,
  run: preview,
};

async function preview(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { file: files = [], output = 'text', ...flags } = parseFlags(withEachFileFlagged(words), FLAGS);
  if (files.length === 0) throw usage('no input is given', 'Name files by -f FILE; -f - reads standard input.');
  if (output !== 'text' && output !== 'json') throw usage(`-o ${output} is not a format`, 'Use text or json.');
  const hub = await hubOf(flags, terminal.hub);
  const results = await askForPreview(hub, await readAll(files, terminal));
  const lines = output === 'json' ? [JSON.stringify({ results }, null, 2)] : planLines(results).map(onOneLine);
  await terminal.stdout.write(lines.map((line) => `${line}\n`).join(''));
  return results.every(isClean) ? EXIT.ok : EXIT.failed;
}

async function readAll(files: readonly string[], { stdin, stderr }: Terminal): Promise<unknown[]> {
  const documents: unknown[] = [];
  for (const { name, text } of await readInput(files, stdin)) {
    try {
      const parsed = parseDocuments(text);
      documents.push(...parsed.documents);
      await stderr.write(parsed.warnings.map((warning) => `warning: ${name}: ${warning}\n`).join(''));
    } catch (error) {
      throw new FleetError('malformed', 'INPUT', `${name}: ${messageOf(error)}`);
    }
  }
  return documents;
}

function isClean({ error, plan }: PreviewResult): boolean {
  return error === undefined && (plan?.errors.length ?? 0) + (plan?.problems?.length ?? 0) === 0;
}
