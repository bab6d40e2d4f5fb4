import { rssOf } from '../frame/processes.js';
import { median } from '../frame/statistics.js';
import type { Work } from '../frame/work.js';
import { BenchDatabase } from '../fleet/bench-database.js';
import { clustersTimes, clusterWrite, CONFIG_MAP, projectWrite, setWrite } from '../fleet/documents.js';
import { firstToken } from '../fleet/first-token.js';
import { HubProcess } from '../fleet/hub-process.js';
import { Pipeline } from '../fleet/pipeline.js';
import { until } from '../fleet/until.js';
import { DemoRepository } from '../../src/demo/demo-repository.js';

const CLUSTERS = 1_000;
const APPLICATIONS = 50_000;
const RUNS = 3;

/** From the start of the process to the first delivery: a label that somebody sets as soon as the hub answers. */
export const coldStartWork: Work = {
  name: 'cold-start',
  about: `a hub starts on ${APPLICATIONS} Applications, Postgres being up; every commit before has been followed`,
  run: async () => {
    const database = await BenchDatabase.open();
    const repository = await DemoRepository.serve(`${database.folder}/git`);
    try {
      await repository.push('web', { 'web/config.yaml': CONFIG_MAP });
      const token = await firstToken(database);
      await makeFleet(database, repository.url);
      const serving: number[] = [];
      const dispatching: number[] = [];
      let full = 0;
      for (let run = 0; run < RUNS; run++) {
        const started = performance.now();
        const hub = await HubProcess.start(database, { token });
        serving.push((performance.now() - started) / 1000);
        await dispatchOne(database, hub, run);
        dispatching.push((performance.now() - started) / 1000);
        full = rssOf(hub.pid);
        await hub.stop();
      }
      const figure = { unit: 's', better: 'less' } as const;
      return {
        figures: [
          { ...figure, name: 'until it serves', value: median(serving), runs: serving },
          {
            ...figure,
            name: 'until the first dispatch',
            value: median(dispatching),
            runs: dispatching,
            hold: 15,
            reach: 5,
          },
        ],
        memory: [{ process: `hub with ${APPLICATIONS}, after the first dispatch`, rss: full }],
      };
    } finally {
      await repository.close();
      await database.stop();
    }
  },
};

/** One great set, and a small one for the label; what led here counts as followed. */
async function makeFleet(database: BenchDatabase, repoURL: string): Promise<void> {
  const pipeline = await Pipeline.start(database);
  await pipeline.insert([projectWrite(), ...Array.from({ length: CLUSTERS }, (_, index) => clusterWrite(index))]);
  const great = setWrite({ name: 'great', generators: [clustersTimes(APPLICATIONS / CLUSTERS)], repoURL });
  const small = { clusters: { selector: { matchLabels: { small: 'on' } } } };
  for (const uid of await pipeline.insert([great, setWrite({ name: 'small', generators: [small], repoURL })]))
    await pipeline.reconcileSet(uid);
  await pipeline.stop();
  await database.query(`update feed_cursors set position = (select max(position) from commits)`);
  await database.query('vacuum analyze');
}

async function dispatchOne(database: BenchDatabase, hub: HubProcess, run: number): Promise<void> {
  await hub.admin.patch(`/api/v1/clusters/cluster-${run}`, { metadata: { labels: { small: 'on' } } });
  const name = `small-cluster-${run}`;
  await until(async () => (await database.query('select from deliveries where application = $1', [name])).length > 0);
}
