import { rssOf } from '../frame/processes.js';
import { median } from '../frame/statistics.js';
import type { Figure } from '../frame/figure.js';
import type { Work } from '../frame/work.js';
import { BenchDatabase } from '../fleet/bench-database.js';
import { clustersTimes, clusterWrite, projectWrite, setWrite } from '../fleet/documents.js';
import { Pipeline } from '../fleet/pipeline.js';

const CLUSTERS = 1_000;

interface Size {
  applications: number;
  runs: number;
  hold: number;
  reach?: number;
  anchor?: string;
}

/** One set expanded, planned against the store and committed: wall-clock, from the pass's begin to its commit. */
function commitWork({ applications, runs, hold, reach, anchor }: Size): Work {
  return {
    name: `commit-${applications}`,
    about: `one new set over ${CLUSTERS} clusters, ${applications} Applications: expand, plan, commit`,
    run: async () => {
      const database = await BenchDatabase.open();
      const pipeline = await Pipeline.start(database);
      try {
        await pipeline.insert([projectWrite(), ...Array.from({ length: CLUSTERS }, (_, index) => clusterWrite(index))]);
        const timed: Timed[] = [];
        for (let run = 0; run < runs; run++) timed.push(await time(pipeline, `bench-${run}`, applications));
        await mustHold(database, applications * runs);
        const seconds = figureOf(
          'wall-clock',
          timed.map(({ seconds }) => seconds),
        );
        return {
          figures: [
            {
              ...seconds,
              hold,
              ...(reach === undefined ? {} : { reach }),
              ...(anchor === undefined ? {} : { anchor }),
            },
            figureOf(
              'CPU of the hub alone',
              timed.map(({ cpuSeconds }) => cpuSeconds),
            ),
          ],
          memory: [{ process: `hub, after ${applications * runs} Applications were made`, rss: rssOf(process.pid) }],
        };
      } finally {
        await pipeline.stop();
        await database.stop();
      }
    },
  };
}

export const commitTenThousand = commitWork({
  applications: 10_000,
  runs: 5,
  hold: 5,
  reach: 2,
  anchor: '200 s; limits lifted 18 s (Go templates 30 s)',
});
export const commitFiftyThousand = commitWork({ applications: 50_000, runs: 3, hold: 25 });

interface Timed {
  seconds: number;
  cpuSeconds: number;
}

async function time(pipeline: Pipeline, name: string, applications: number): Promise<Timed> {
  const [uid = ''] = await pipeline.insert([setWrite({ name, generators: [clustersTimes(applications / CLUSTERS)] })]);
  const cpu = process.cpuUsage();
  const started = performance.now();
  await pipeline.reconcileSet(uid);
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { seconds, cpuSeconds: (user + system) / 1e6 };
}

function figureOf(name: string, runs: readonly number[]): Figure {
  return { name, value: median(runs), unit: 's', runs, better: 'less' };
}

async function mustHold(database: BenchDatabase, wanted: number): Promise<void> {
  const [row] = await database.query<{ count: string }>(`select count(*) from objects where kind = 'Application'`);
  if (Number(row?.count) !== wanted) throw new Error(`${row?.count} Applications were committed, not ${wanted}`);
}
