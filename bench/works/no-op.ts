import { rssOf } from '../frame/processes.js';
import { median } from '../frame/statistics.js';
import type { Work } from '../frame/work.js';
import { BenchDatabase } from '../fleet/bench-database.js';
import { clustersTimes, clusterWrite, projectWrite, setWrite } from '../fleet/documents.js';
import { Pipeline } from '../fleet/pipeline.js';

const CLUSTERS = 1_000;
const APPLICATIONS = 50_000;
const RUNS = 7;

/** A set run again although nothing changed; what that writes is counted by Postgres. */
export const noOpWork: Work = {
  name: 'no-op-50000',
  about: `one set over ${CLUSTERS} clusters, ${APPLICATIONS} Applications, run again with nothing changed`,
  run: async () => {
    const database = await BenchDatabase.open();
    const pipeline = await Pipeline.start(database);
    try {
      await pipeline.insert([projectWrite(), ...Array.from({ length: CLUSTERS }, (_, index) => clusterWrite(index))]);
      const set = setWrite({ name: 'bench', generators: [clustersTimes(APPLICATIONS / CLUSTERS)] });
      const [uid = ''] = await pipeline.insert([set]);
      await pipeline.reconcileSet(uid);
      await database.query('vacuum analyze');
      await database.query('checkpoint');
      const before = await database.writes();
      const seconds: number[] = [];
      for (let run = 0; run < RUNS; run++) seconds.push(await time(() => pipeline.reconcileSet(uid)));
      const after = await database.writes();
      const rows = after.rows - before.rows + after.commits - before.commits;
      return {
        figures: [
          {
            name: 're-expansion',
            value: median(seconds),
            unit: 's',
            runs: seconds,
            better: 'less',
            hold: 1,
            anchor: 'every set re-rendered on any cluster event',
          },
          {
            name: `rows and commits written in ${RUNS} runs`,
            value: rows,
            unit: 'writes',
            runs: [rows],
            better: 'less',
            hold: 0,
            note: `${after.walBytes - before.walBytes} bytes of write-ahead log meanwhile, Postgres' own included`,
          },
        ],
        memory: [{ process: `hub with ${APPLICATIONS} Applications`, rss: rssOf(process.pid) }],
      };
    } finally {
      await pipeline.stop();
      await database.stop();
    }
  },
};

async function time(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}
