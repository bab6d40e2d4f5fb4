import { FleetError, messageOf } from '../kernel/errors.js';
import { EXIT, type Command, type ExitCode, type Terminal } from './command.js';
import { accessCheckCommand } from './access-check/access-check-command.js';
import { expandCommand } from './expand/expand-command.js';
import { whyCommand, whyNotCommand } from './explain/explain-commands.js';
import { impactCommand } from './impact/impact-command.js';
import { previewCommand } from './preview/preview-command.js';
import { renderCommand } from './render/render-command.js';
import { isUsage, nearest, usage } from './usage.js';

const COMMANDS: readonly Command[] = [
  expandCommand,
  renderCommand,
  previewCommand,
  impactCommand,
  whyCommand,
  whyNotCommand,
  accessCheckCommand,
];

/** Runs what the words ask for and answers the exit code; says on stderr what went wrong and never throws. */
export async function runCommand(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  try {
    const code = await dispatch(words, terminal);
    if (terminal.stdout.failure === undefined) return code;
    throw new FleetError('unavailable', 'OUTPUT', `cannot write the result: ${terminal.stdout.failure.message}`);
  } catch (error) {
    await terminal.stderr.write(complaint(error));
    return isUsage(error) ? EXIT.usage : EXIT.failed;
  }
}

async function dispatch(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [first] = words;
  if (first === undefined) throw usage('no command is given', overview());
  if (first === '--help' || first === '-h' || first === 'help') return say(overview(), terminal);
  const command = COMMANDS.find(({ name }) => startsWithAll(words, name.split(' ')));
  if (command === undefined) throw unknownCommand(words);
  const rest = words.slice(command.name.split(' ').length);
  if (rest.includes('--help') || rest.includes('-h')) return say(command.help, terminal);
  return command.run(rest, terminal);
}

function startsWithAll(words: readonly string[], parts: readonly string[]): boolean {
  return parts.every((part, index) => words[index] === part);
}

function unknownCommand(words: readonly string[]): FleetError {
  const names = COMMANDS.map(({ name }) => name);
  const [first = ''] = words;
  const near =
    names.find((name) => name.startsWith(`${first} `)) ??
    nearest(words.slice(0, 2).join(' '), names) ??
    nearest(first, names);
  const suggestion = near === undefined ? '' : `did you mean "fleetwright ${near}"? `;
  return usage(`"${first}" is not a command`, `${suggestion}See fleetwright --help.`);
}

async function say(text: string, { stdout }: Terminal): Promise<ExitCode> {
  await stdout.write(text);
  return EXIT.ok;
}

function overview(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  const lines = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return `Usage: fleetwright COMMAND [flags]\n\n${lines.join('\n')}\n\nfleetwright COMMAND --help tells more.\n`;
}

function complaint(error: unknown): string {
  const hint = error instanceof FleetError ? error.details.hint : undefined;
  const known = error instanceof FleetError ? messageOf(error) : `unexpected: ${messageOf(error)}`;
  return `fleetwright: ${known}\n${hint === undefined ? '' : `${hint.trimEnd()}\n`}`;
}
