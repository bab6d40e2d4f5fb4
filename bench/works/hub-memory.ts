import { rssOf } from '../frame/processes.js';
import type { Figure } from '../frame/figure.js';
import type { Work } from '../frame/work.js';
import { BenchDatabase } from '../fleet/bench-database.js';
import { clustersTimes, clusterWrite, projectWrite, setWrite } from '../fleet/documents.js';
import { firstToken } from '../fleet/first-token.js';
import { HubProcess } from '../fleet/hub-process.js';
import { Pipeline } from '../fleet/pipeline.js';
import { until } from '../fleet/until.js';

const CLUSTERS = 1_000;
const APPLICATIONS = 50_000;
const REST_MS = 5_000;
const COLLECTIONS = 4;
const LONGEST_MS = 5 * 60_000;

/** What a hub holds after it has read and compared all its Applications, beyond what one without any holds. */
export const hubMemoryWork: Work = {
  name: 'hub-memory',
  about: `a hub's resident memory after a whole pass over ${APPLICATIONS} Applications of one set, less a hub's with none`,
  run: async () => {
    const database = await BenchDatabase.open();
    try {
      const token = await firstToken(database);
      await makeClusters(database);
      const empty = await afterPass(database, token, 0);
      await makeApplications(database);
      const full = await afterPass(database, token, APPLICATIONS);
      return {
        figures: [
          {
            ...perApplication('a hub per Application, at rest after the pass', full.resting - empty.resting),
            note: 'with the garbage of the pass, as users see it; Postgres is not in it',
          },
          perApplication('a hub per Application, garbage collected', full.collected - empty.collected),
        ],
        memory: [
          { process: 'hub with no Application', rss: empty.collected },
          { process: `hub with ${APPLICATIONS}, after a pass`, rss: full.resting },
          { process: `hub with ${APPLICATIONS}, garbage collected`, rss: full.collected },
        ],
      };
    } finally {
      await database.stop();
    }
  },
};

function perApplication(name: string, bytes: number): Figure {
  const value = bytes / APPLICATIONS / 1024;
  const anchor = '118 KiB at 9,700';
  return { name, value, unit: 'KiB', runs: [value], better: 'less', hold: 30, reach: 12, anchor };
}

async function makeClusters(database: BenchDatabase): Promise<void> {
  const pipeline = await Pipeline.start(database);
  await pipeline.insert([projectWrite(), ...Array.from({ length: CLUSTERS }, (_, index) => clusterWrite(index))]);
  await pipeline.insert([setWrite({ name: 'great', generators: [{ list: { elements: [] } }] })]);
  await pipeline.stop();
  await follow(database);
}

async function makeApplications(database: BenchDatabase): Promise<void> {
  const pipeline = await Pipeline.start(database);
  const great = setWrite({ name: 'fifty-thousand', generators: [clustersTimes(APPLICATIONS / CLUSTERS)] });
  for (const uid of await pipeline.insert([great])) await pipeline.reconcileSet(uid);
  await pipeline.stop();
  await follow(database);
  await database.query('vacuum analyze');
}

/** Deliveries are not made: what led here counts as followed. */
async function follow(database: BenchDatabase): Promise<void> {
  await database.query(`update feed_cursors set position = (select max(position) from commits)`);
  await database.query(`delete from work_items`);
}

async function afterPass(
  database: BenchDatabase,
  token: string,
  applications: number,
): Promise<{ resting: number; collected: number }> {
  const hub = await HubProcess.start(database, { token, collectable: true });
  const name = applications === 0 ? 'great' : 'fifty-thousand';
  await hub.admin.post(`/api/v1/applicationsets/${name}/refresh`);
  await until(() => isQuiet(database, name), { longestMs: LONGEST_MS, pauseMs: 200 });
  await pause(REST_MS);
  const resting = rssOf(hub.pid);
  for (let collection = 0; collection < COLLECTIONS; collection++) {
    hub.collectGarbage();
    await pause(1_000);
  }
  const collected = rssOf(hub.pid);
  await hub.stop();
  return { resting, collected };
}

/** The refresh is answered and nothing waits to be done. */
async function isQuiet(database: BenchDatabase, name: string): Promise<boolean> {
  const [row] = await database.query<{ open: boolean }>(
    `select exists (select from work_items where due_at <= now() + interval '2 seconds')
       or (select max(position) from commits) > (select position from feed_cursors)
       or exists (select from objects where kind = 'ApplicationSet' and name = $1 and annotations <> '{}') as open`,
    [name],
  );
  return row?.open === false;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
