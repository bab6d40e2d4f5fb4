import { EXIT, type Command, type ExitCode, type Terminal } from '../command.js';
import { readInput } from '../read-input.js';
import { readExpandOptions } from './expand-options.js';
import { expandSet, type ExpandedSet } from './expand-set.js';
import { readFleet, type FleetInput } from './fleet-input.js';
import { LocalRepositories } from '../local/local-repositories.js';
import { LocalReader } from './local-reader.js';
import { printResult } from './print-result.js';
import { ProjectRules } from './project-rules.js';

const HELP = `Usage: fleetwright expand -f FILE... [--git URL=PATH]... [-o yaml|json|table]

Prints the Applications that ApplicationSets stand for, with no hub, no database and no network.

  -f, --file FILE     ApplicationSets, AppProjects, Clusters and Argo CD cluster Secrets; YAML or JSON, one
                      document, many, or a List; a directory stands for the files in it, - for standard input
      --git URL=PATH  PATH stands for every revision of the repository: a working tree as it is on disk, a
                      bare repository's HEAD, or a plain directory
  -o, --output FORMAT yaml (default), json or table

A set with an error has its errors and no Applications, and does not stop the others. Project rules are judged
when the input holds an AppProject. Exit code 0: all is well; 1: errors in documents; 2: wrong usage.

Example: fleetwright expand -f clusters/ -f sets.yaml --git https://git.example.com/team/apps.git=. -o table
`;

export const expandCommand: Command = {
  name: 'expand',
  summary: 'print the Applications of ApplicationSets, offline',
  help: HELP,
  run: expand,
};

async function expand(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { files, repositories, output } = readExpandOptions(words);
  const fleet = readFleet(await readInput(files, terminal.stdin));
  const reader = new LocalReader(fleet.clusters, new LocalRepositories(repositories));
  const rules = new ProjectRules(fleet.projects, fleet.clusters);
  const sets: ExpandedSet[] = [];
  for (const set of fleet.sets) sets.push(await expandSet(set, reader, rules));
  await printResult(sets, output, terminal.stdout);
  await terminal.stderr.write(remarks(fleet, sets, output === 'json').join(''));
  return fleet.faults.length > 0 || sets.some(({ errors }) => errors.length > 0) ? EXIT.failed : EXIT.ok;
}

/** Everything that is not the result; JSON tells the sets' errors itself. */
function remarks(fleet: FleetInput, sets: readonly ExpandedSet[], areErrorsPrinted: boolean): string[] {
  const lines = [
    ...fleet.faults.map((fault) => `error: ${fault}`),
    ...fleet.warnings.map((warning) => `warning: ${warning}`),
  ];
  for (const { name, errors, warnings } of sets) {
    for (const warning of warnings) lines.push(`warning: ApplicationSet ${name}: ${warning}`);
    if (areErrorsPrinted) continue;
    for (const { code, path, message } of errors)
      lines.push(`error: ApplicationSet ${name}: ${path}: ${message} (${code})`);
  }
  return lines.map((line) => `${line.replace(/\p{Cc}/gu, ' ')}\n`);
}
