import { execFileSync, fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../src/kernel/errors.js';
import { Busyness, describeMachine, loadNow } from './frame/machine.js';
import { parseOptions, USAGE } from './frame/options.js';
import { formatReport, type BenchReport, type WorkReport } from './frame/report.js';
import type { Work, WorkResult } from './frame/work.js';
import { WORKS } from './works.js';

const LONGEST_WORK_MS = 30 * 60_000;

/** Runs the works one after the other, each in a process of its own, and prints what they gave. */
async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options === undefined) {
    process.stdout.write(USAGE);
    return 0;
  }
  const chosen = worksNamed(options.names);
  if (chosen.length === 0) throw new TypeError(`no such work; there are ${WORKS.map(({ name }) => name).join(', ')}`);
  const report: BenchReport = { at: new Date().toISOString(), machine: describeMachine(commitNow()), works: [] };
  for (const work of chosen) {
    process.stderr.write(`${work.name} …\n`);
    report.works.push(await measured(work));
  }
  process.stdout.write(`${formatReport(report).join('\n')}\n`);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
  return report.works.some(({ failure }) => failure !== undefined) ? 1 : 0;
}

/** Every work without names; else those of that name or, where none has it, those that begin with it. */
function worksNamed(names: readonly string[]): Work[] {
  const exact = new Set(WORKS.map(({ name }) => name));
  const isNamed = (wanted: string, { name }: Work): boolean =>
    exact.has(wanted) ? name === wanted : name.startsWith(wanted);
  return WORKS.filter((work) => names.length === 0 || names.some((wanted) => isNamed(wanted, work)));
}

async function measured(work: Work): Promise<WorkReport> {
  const load = loadNow();
  const busyness = new Busyness();
  const started = performance.now();
  const outcome = await inOwnProcess(work).catch((error: unknown) => ({ figures: [], failure: messageOf(error) }));
  const seconds = (performance.now() - started) / 1000;
  return { work: work.name, about: work.about, seconds, load, busy: busyness.share(), memory: [], ...outcome };
}

function inOwnProcess({ name, execArgv = [] }: Work): Promise<WorkResult> {
  const child = fork(join(import.meta.dirname, 'run-work.js'), [name], {
    execArgv: ['--enable-source-maps', '--expose-gc', ...execArgv],
  });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), LONGEST_WORK_MS);
    child.once('message', (result) => resolve(result as WorkResult));
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      reject(new Error(`the work ended with ${signal ?? code}`));
    });
  });
}

function commitNow(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'no repository';
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = error instanceof TypeError ? 2 : 1;
}
