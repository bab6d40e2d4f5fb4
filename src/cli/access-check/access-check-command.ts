import { EXIT, type Command, type ExitCode, type Terminal } from '../command.js';
import { readInput } from '../read-input.js';
import { parseFlags, usage } from '../usage.js';
import { answerLine } from './answer-line.js';

const HELP = `Usage: fleetwright access check --file FILE [-o json]

Judges requests by Argo CD policies and AppProjects, offline. FILE holds JSON lines (- is standard input), each
  {"policy": CSV, "defaultRole", "matchMode", "projects": [AppProject],
   "requests": [{"subject", "groups", "resource", "verb", "object"}]}
or
  {"project": AppProject,
   "requests": [{"source": {…}} | {"destination": {…}} | {"kind": {…}} | {"syncWindow": {…}}]}

Prints a line for each: {"verdicts": [{"allowed", "reason"}]}, or {"error"} where Argo CD would refuse the policy or
the project. Exit code 0: every line was answered; 1: some could not be; 2: wrong usage.
`;

const FLAGS = { file: { type: 'string', short: 'f' }, output: { type: 'string', short: 'o' } } as const;

export const accessCheckCommand: Command = {
  name: 'access check',
  summary: 'judge requests by policies and projects, offline',
  help: HELP,
  run: check,
};

async function check(words: readonly string[], { stdin, stdout, stderr }: Terminal): Promise<ExitCode> {
  const { file, output = 'json' } = parseFlags(words, FLAGS);
  if (file === undefined) throw usage('no input is given', 'Name a file of JSON lines by --file FILE.');
  if (output !== 'json') throw usage(`-o ${output} is not a format`, 'Use json.');
  let code: ExitCode = EXIT.ok;
  for (const { name, text } of await readInput([file], stdin)) {
    for (const [index, line] of text.split('\n').entries()) {
      if (line.trim() === '') continue;
      const { isAnswered, answer } = answerLine(line);
      await stdout.write(`${JSON.stringify(answer)}\n`);
      if (isAnswered || !('error' in answer)) continue;
      code = EXIT.failed;
      await stderr.write(`error: ${name}, line ${index + 1}: ${answer.error.replace(/\p{Cc}/gu, ' ')}\n`);
    }
  }
  return code;
}
