import { rssOf, treeCpuSeconds } from '../frame/processes.js';
import { median, percentile } from '../frame/statistics.js';
import type { Figure } from '../frame/figure.js';
import type { Work, WorkResult } from '../frame/work.js';
import { BenchDatabase } from '../fleet/bench-database.js';
import { clusterWrite, CONFIG_MAP, projectWrite, setWrite } from '../fleet/documents.js';
import { HubProcess } from '../fleet/hub-process.js';
import { Pipeline } from '../fleet/pipeline.js';
import { until } from '../fleet/until.js';
import { DemoRepository } from '../../src/demo/demo-repository.js';

const CLUSTERS = 1_000;
const SETS = 1_300;
const CLUSTERS_A_SET = 4;
const WARM_UPS = 20;
const EDITS = 200;
const IDLE_MS = 10_000;

/**
 * A cluster gets a label that one set selects, over the API; timed until the Application is committed, and until its
 * delivery is. Edits follow each other, each when the one before is delivered.
 */
export const labelEditWork: Work = {
  name: 'label-edit',
  about: `a label on 1 of ${CLUSTERS} clusters, ${SETS} sets, ${SETS * CLUSTERS_A_SET} Applications, ${EDITS} edits`,
  run: async () => {
    const database = await BenchDatabase.open();
    const repository = await DemoRepository.serve(`${database.folder}/git`);
    try {
      await repository.push('web', { 'web/config.yaml': CONFIG_MAP });
      await makeFleet(database, repository.url);
      const hub = await HubProcess.start(database);
      try {
        return await measure(database, hub);
      } finally {
        await hub.stop();
      }
    } finally {
      await repository.close();
      await database.stop();
    }
  },
};

/** Everything but the deliveries, which the hub makes when it starts. */
async function makeFleet(database: BenchDatabase, repoURL: string): Promise<void> {
  const pipeline = await Pipeline.start(database);
  const labels = Array.from({ length: CLUSTERS }, (): Record<string, string> => ({}));
  for (let set = 0; set < SETS; set++) {
    for (let each = 0; each < CLUSTERS_A_SET; each++) {
      const own = labels[(set * CLUSTERS_A_SET + each) % CLUSTERS];
      if (own) own[`set-${set}`] = 'on';
    }
  }
  await pipeline.insert([projectWrite(), ...labels.map((own, index) => clusterWrite(index, own))]);
  const sets = Array.from({ length: SETS }, (_, set) =>
    setWrite({ name: `set-${set}`, generators: [selecting(set)], repoURL }),
  );
  for (const uid of await pipeline.insert(sets)) await pipeline.reconcileSet(uid);
  await pipeline.stop();
}

const selecting = (set: number): object => ({ clusters: { selector: { matchLabels: { [`set-${set}`]: 'on' } } } });

interface Edit {
  committedMs: number;
  deliveredMs: number;
}

async function measure(database: BenchDatabase, hub: HubProcess): Promise<WorkResult> {
  await until(() => isSettled(database), { longestMs: 20 * 60_000, pauseMs: 500 });
  for (let edit = 0; edit < WARM_UPS; edit++) await time(database, hub, edit);
  await until(() => isSettled(database));
  const cpu = await cpuMeter(database, hub);
  const idle = await cpu(() => new Promise((resolve) => setTimeout(resolve, IDLE_MS)));
  const edits: Edit[] = [];
  const busy = await cpu(async () => {
    for (let edit = 0; edit < EDITS; edit++) edits.push(await time(database, hub, WARM_UPS + edit));
    await until(() => isSettled(database));
  });
  const own = (busy.cpuSeconds - (idle.cpuSeconds / idle.seconds) * busy.seconds) / EDITS;
  const hubOwn = (busy.hubSeconds - (idle.hubSeconds / idle.seconds) * busy.seconds) / EDITS;
  const idleNote = `while idle it uses ${((idle.cpuSeconds / idle.seconds) * 1000).toFixed(1)} ms of CPU a second, taken off`;
  return {
    figures: [
      ...latencies(
        'committed',
        edits.map(({ committedMs }) => committedMs),
      ),
      ...latencies(
        'delivery committed',
        edits.map(({ deliveredMs }) => deliveredMs),
      ),
      {
        name: database.serverPid === undefined ? 'CPU an edit (hub only)' : 'CPU an edit (hub and Postgres)',
        value: own,
        unit: 'CPU-s',
        runs: [own],
        better: 'less',
        hold: 0.1,
        reach: 0.02,
        anchor: '13–18',
        note: `${hubOwn.toFixed(4)} of it in the hub; ${idleNote}`,
      },
    ],
    memory: [{ process: `hub with ${SETS} sets`, rss: rssOf(hub.pid) }],
  };
}

function latencies(what: string, runs: readonly number[]): Figure[] {
  const figure = { unit: 'ms', runs, better: 'less' } as const;
  return [
    { ...figure, name: `${what}, p50`, value: median(runs), anchor: '6,500–22,000' },
    {
      ...figure,
      name: `${what}, p99`,
      value: percentile(runs, 0.99),
      hold: 1_000,
      reach: 200,
      anchor: '19,000–24,000',
    },
  ];
}

/** Edits go round clusters and sets so that each makes exactly one Application. */
async function time(database: BenchDatabase, hub: HubProcess, edit: number): Promise<Edit> {
  const cluster = (edit * 37 + 11) % CLUSTERS;
  const set = (edit * 101 + 7) % SETS;
  const name = `set-${set}-cluster-${cluster}`;
  const started = performance.now();
  await hub.admin.patch(`/api/v1/clusters/cluster-${cluster}`, { metadata: { labels: { [`set-${set}`]: 'on' } } });
  const uid = await until(async () => {
    const [row] = await database.query<{ uid: string }>(
      `select uid from objects where kind = 'Application' and namespace = 'argocd' and name = $1`,
      [name],
    );
    return row?.uid;
  });
  const committedMs = performance.now() - started;
  await until(
    async () => (await database.query(`select 1 from deliveries where application_uid = $1`, [uid])).length > 0,
  );
  return { committedMs, deliveredMs: performance.now() - started };
}

async function isSettled(database: BenchDatabase): Promise<boolean> {
  const [row] = await database.query<{ open: boolean }>(
    `select exists (select from work_items where due_at <= now() + interval '2 seconds')
       or (select count(*) from objects where kind = 'Application') > (select count(*) from deliveries)
       or (select max(position) from commits) > (select position from feed_cursors) as open`,
  );
  return row?.open === false;
}

interface CpuUse {
  seconds: number;
  cpuSeconds: number;
  hubSeconds: number;
}

/** What the hub and, where it is ours, Postgres use during some work; without the bench's own backend. */
async function cpuMeter(database: BenchDatabase, hub: HubProcess) {
  const own = new Set([await database.ownBackend()]);
  const hubSeconds = (): number => treeCpuSeconds(hub.pid);
  const allSeconds = (): number =>
    hubSeconds() + (database.serverPid === undefined ? 0 : treeCpuSeconds(database.serverPid, own));
  return async (work: () => Promise<unknown>): Promise<CpuUse> => {
    const [started, all, hubBefore] = [performance.now(), allSeconds(), hubSeconds()];
    await work();
    const seconds = (performance.now() - started) / 1000;
    return { seconds, cpuSeconds: allSeconds() - all, hubSeconds: hubSeconds() - hubBefore };
  };
}
