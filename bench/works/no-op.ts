import { rssOf } from '../frame/processes.js';
import { median } from '../frame/statistics.js';
import type { Figure } from '../frame/figure.js';
import type { Work } from '../frame/work.js';
import { BenchDatabase } from '../fleet/bench-database.js';
import { clustersTimes, clusterWrite, projectWrite, setWrite } from '../fleet/documents.js';
import { Pipeline } from '../fleet/pipeline.js';

const CLUSTERS = 1_000;
const APPLICATIONS = 50_000;
const RUNS = 5;
/** Each writes what it settled: they are not among those whose writes are counted. */
const BUILDS = 3;

/** A set run again although nothing changed; what that writes is counted by Postgres. */
export const noOpWork: Work = {
  name: 'no-op-50000',
  about: `one set over ${CLUSTERS} clusters, ${APPLICATIONS} Applications, run again with nothing changed`,
  run: async () => {
    const database = await BenchDatabase.open();
    try {
      const uid = await makeSet(database);
      const before = await database.writes();
      const first: number[] = [];
      const again: number[] = [];
      for (let run = 0; run < RUNS; run++) await timeBoth(database, uid, { first, again });
      const after = await database.writes();
      const rows = after.rows - before.rows + after.commits - before.commits;
      const full: number[] = [];
      for (let run = 0; run < BUILDS; run++) full.push(await timeFirst(database, uid, `build ${run}`));
      const walNote = `${after.walBytes - before.walBytes} bytes of write-ahead log meanwhile, Postgres' own included`;
      return {
        figures: [
          { ...secondsOf('run again', again), hold: 1, anchor: 'every set re-rendered on any cluster event' },
          { ...secondsOf('first run after a start', first), hold: 1 },
          { ...secondsOf('first run of another build', full), note: FULL_NOTE },
          {
            name: `rows and commits written in ${2 * RUNS} runs`,
            value: rows,
            unit: 'writes',
            runs: [rows],
            better: 'less',
            hold: 0,
            note: walNote,
          },
        ],
        memory: [{ process: `hub with ${APPLICATIONS} Applications`, rss: rssOf(process.pid) }],
      };
    } finally {
      await database.stop();
    }
  },
};

const FULL_NOTE = 'expands everything and compares it with every stored document: reading and parsing those dominates';

async function makeSet(database: BenchDatabase): Promise<string> {
  const pipeline = await Pipeline.start(database);
  const set = setWrite({ name: 'bench', generators: [clustersTimes(APPLICATIONS / CLUSTERS)] });
  await pipeline.insert([projectWrite(), ...Array.from({ length: CLUSTERS }, (_, index) => clusterWrite(index))]);
  const [uid = ''] = await pipeline.insert([set]);
  await pipeline.reconcileSet(uid);
  await pipeline.stop();
  await database.query('vacuum analyze');
  await database.query('checkpoint');
  return uid;
}

/** By a hub that has just begun, twice. */
async function timeBoth(
  database: BenchDatabase,
  uid: string,
  into: { first: number[]; again: number[] },
): Promise<void> {
  const pipeline = await Pipeline.start(database);
  into.first.push(await time(() => pipeline.reconcileSet(uid)));
  into.again.push(await time(() => pipeline.reconcileSet(uid)));
  await pipeline.stop();
}

/** Of a hub that trusts nothing of what the others left. */
async function timeFirst(database: BenchDatabase, uid: string, program: string): Promise<number> {
  const pipeline = await Pipeline.start(database, program);
  const seconds = await time(() => pipeline.reconcileSet(uid));
  await pipeline.stop();
  return seconds;
}

function secondsOf(name: string, runs: readonly number[]): Figure {
  return { name, value: median(runs), unit: 's', runs, better: 'less' };
}

async function time(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}
