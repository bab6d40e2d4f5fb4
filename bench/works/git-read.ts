import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { DemoRepository } from '../../src/demo/demo-repository.js';
import { SystemClock } from '../../src/kernel/clock.js';
import { GitMirrors } from '../../src/repositories/git/git-mirrors.js';
import type { Figure } from '../frame/figure.js';
import { median } from '../frame/statistics.js';
import type { Work, WorkResult } from '../frame/work.js';

const DIRECTORIES = 2_000;
const FILES_EACH = 10;
const WARM_UPS = 3;
const RUNS = 15;

/** What a Git generator reads of a big repository that was read before: its tree, and the file of each directory. */
export const gitReadWork: Work = {
  name: 'git-read',
  about: `${DIRECTORIES} directories, ${DIRECTORIES * FILES_EACH} files over HTTP; cold: cloned for it, warm: read before`,
  run: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fleetwright-bench-'));
    const repository = await DemoRepository.serve(join(folder, 'git'));
    const log = pino({ level: 'silent' });
    const git = new GitMirrors({ directory: join(folder, 'mirrors'), clock: new SystemClock(), log });
    try {
      await repository.push('start', bigTree());
      return await measure(git, repository.url);
    } finally {
      git.close();
      await repository.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

function bigTree(): Record<string, string> {
  const files: Record<string, string> = {};
  for (let directory = 0; directory < DIRECTORIES; directory++) {
    for (let file = 0; file < FILES_EACH; file++) {
      files[`apps/team-${directory % 50}/app-${directory}/file-${file}.yaml`] = `value: ${directory}-${file}\n`;
    }
  }
  return files;
}

async function measure(git: GitMirrors, url: string): Promise<WorkResult> {
  const cold = await timed(() => readDirectories(git, url));
  const reads = { directories: () => readDirectories(git, url), files: () => readFiles(git, url) };
  const figures: Figure[] = [{ name: 'directories, cold', value: cold, unit: 'ms', runs: [cold], better: 'less' }];
  for (const [name, read] of Object.entries(reads)) {
    const runs: number[] = [];
    for (let run = -WARM_UPS; run < RUNS; run++) {
      const took = await timed(read);
      if (run >= 0) runs.push(took);
    }
    const shown = name === 'files' ? `${DIRECTORIES} files and their contents, warm` : `${name}, warm`;
    figures.push({ name: shown, value: median(runs), unit: 'ms', runs, better: 'less', hold: 100 });
  }
  return { figures, memory: [{ process: 'the bench, one repository read', rss: process.memoryUsage().rss }] };
}

async function readDirectories(git: GitMirrors, url: string): Promise<void> {
  const sha = valueOf(await git.resolve(url, 'main')).sha;
  const found = valueOf(await git.directories(url, sha));
  if (found.length < DIRECTORIES) throw new Error(`${found.length} directories`);
}

/** As the generator does: the names of all files, then the contents of those it wants. */
async function readFiles(git: GitMirrors, url: string): Promise<void> {
  const sha = valueOf(await git.resolve(url, 'main')).sha;
  const wanted = valueOf(await git.files(url, sha)).filter((path) => path.endsWith('/file-0.yaml'));
  const contents = await Promise.all(wanted.map((path) => git.file(url, sha, path)));
  const read = contents.filter((content) => content.ok && content.value.length > 0);
  if (read.length !== DIRECTORIES) throw new Error(`${read.length} files`);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function valueOf<T>(result: { ok: true; value: T } | { ok: false; error: { message: string } }): T {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}
