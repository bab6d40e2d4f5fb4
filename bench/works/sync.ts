import { DemoRepository } from '../../src/demo/demo-repository.js';
import { rssOf, treeCpuSeconds, treePss } from '../frame/processes.js';
import { median, percentile } from '../frame/statistics.js';
import type { Figure } from '../frame/figure.js';
import type { ProcessMemory, Work } from '../frame/work.js';
import { BenchDatabase } from '../fleet/bench-database.js';
import { clustersTimes, projectWrite, setWrite } from '../fleet/documents.js';
import { HubProcess } from '../fleet/hub-process.js';
import { MembersProcess } from '../fleet/members-process.js';
import { oneObject, threeObjects } from '../fleet/sources.js';
import { allSynced } from '../fleet/synced.js';

const HEALS = 200;

interface Size {
  clusters: number;
  applications: number;
  /** Manifests of one Application, whose objects carry its name. */
  manifests: (element: string) => string;
  about: string;
  numbers: Pick<Figure, 'better' | 'hold' | 'reach' | 'anchor'>;
  /** How the time until all are Synced is told. */
  figureOf: (seconds: number) => Pick<Figure, 'value' | 'unit'>;
  heals: boolean;
}

/** A set is applied; timed until the hub has every Application reported Synced. The agents have joined before. */
function syncWork(size: Size): Work {
  const { clusters, applications } = size;
  return {
    name: `sync-${applications}`,
    about: `${applications} Applications of ${size.about} created by a set → all Synced on ${clusters} simulated clusters`,
    run: async () => {
      const closing: (() => Promise<void>)[] = [];
      try {
        const parts = await start(size, closing);
        const figures = await measure(size, parts);
        return { figures, memory: memoryOf(size, parts) };
      } finally {
        for (const close of closing.reverse()) await close();
      }
    },
  };
}

export const syncThousand = syncWork({
  clusters: 20,
  applications: 1_000,
  manifests: threeObjects,
  about: 'three objects (Deployment, Service, ConfigMap)',
  numbers: { better: 'more', hold: 40, reach: 100, anchor: '4.2/s (real API server)' },
  figureOf: (seconds) => ({ value: 1_000 / seconds, unit: 'Applications/s' }),
  heals: true,
});

export const syncTenThousand = syncWork({
  clusters: 500,
  applications: 10_000,
  manifests: oneObject,
  about: 'one ConfigMap of 2 KiB',
  numbers: { better: 'less', hold: 66, reach: 30, anchor: 'published: 11 min on 8 vCPU' },
  figureOf: (seconds) => ({ value: seconds, unit: 's' }),
  heals: false,
});

interface Parts {
  database: BenchDatabase;
  repository: DemoRepository;
  hub: HubProcess;
  members: MembersProcess;
}

/** Everything, with the agents joined; what must be closed, last first, is told as it comes. */
async function start(size: Size, closing: (() => Promise<void>)[]): Promise<Parts> {
  const database = await BenchDatabase.open();
  closing.push(() => database.stop());
  const repository = await DemoRepository.serve(`${database.folder}/git`);
  closing.push(() => repository.close());
  await repository.push('apps', filesOf(size));
  const hub = await HubProcess.start(database);
  closing.push(() => hub.stop());
  const { secret } = await hub.admin.post<{ secret: string }>('/api/v1/jointokens', { uses: size.clusters });
  const members = await MembersProcess.start({
    hubUrl: hub.admin.url,
    joinToken: secret,
    folder: database.folder,
    clusters: Array.from({ length: size.clusters }, (_, index) => `cluster-${index}`),
  });
  closing.push(() => members.stop());
  return { database, repository, hub, members };
}

const elementsOf = ({ applications, clusters }: Size): string[] =>
  Array.from({ length: applications / clusters }, (_, index) => `e${index}`);

function filesOf(size: Size): Record<string, string> {
  return Object.fromEntries(
    elementsOf(size).map((element) => [`apps/${element}/objects.yaml`, size.manifests(element)]),
  );
}

async function measure(size: Size, parts: Parts): Promise<Figure[]> {
  const { database, repository, hub } = parts;
  const { object: project } = projectWrite();
  await hub.admin.apply(JSON.stringify(project));
  const generators = [clustersTimes(elementsOf(size).length)];
  const set = setWrite({ name: 'bench', generators, repoURL: repository.url, path: 'apps/{{element}}' }).object;
  const cpu = cpuOf(parts);
  const started = performance.now();
  await hub.admin.apply(JSON.stringify(set));
  await allSynced(database, size.applications);
  const seconds = (performance.now() - started) / 1000;
  const synchronised = {
    name: 'created → all Synced',
    ...size.numbers,
    ...size.figureOf(seconds),
    runs: [size.figureOf(seconds).value],
    note: `${seconds.toFixed(1)} s; CPU-seconds: ${cpu()}`,
  };
  return size.heals ? [synchronised, ...(await heals(size, parts))] : [synchronised];
}

/** Starts to count; the answer tells what each process has used since. */
function cpuOf({ database, hub, members }: Parts): () => string {
  const processes: [string, number][] = [
    ['hub', hub.pid],
    ['simulator and agents', members.pid],
    ...(database.serverPid === undefined ? [] : [['Postgres', database.serverPid] as [string, number]]),
  ];
  const before = processes.map(([, pid]) => treeCpuSeconds(pid));
  return () =>
    processes
      .map(([name, pid], index) => `${name} ${(treeCpuSeconds(pid) - (before[index] ?? 0)).toFixed(1)}`)
      .join(', ');
}

async function heals(size: Size, { members }: Parts): Promise<Figure[]> {
  const elements = elementsOf(size);
  const times: number[] = [];
  for (let edit = 0; edit < HEALS; edit++) {
    const name = `web-${elements[edit % elements.length]}`;
    times.push(await members.heal({ cluster: `cluster-${edit % size.clusters}`, namespace: 'web', name }));
  }
  const figure = { unit: 'ms', better: 'less', runs: times, anchor: '240–510 (real API server)' } as const;
  return [
    { ...figure, name: 'edited by hand → healed, p50', value: median(times) },
    {
      ...figure,
      name: 'edited by hand → healed, p99',
      value: percentile(times, 0.99),
      hold: 500,
      reach: 200,
      note: 'on the simulator, which answers faster than a real API server',
    },
  ];
}

function memoryOf({ clusters }: Size, { database, hub, members }: Omit<Parts, 'repository'>): ProcessMemory[] {
  const postgres = database.serverPid === undefined ? [] : [{ process: 'Postgres', rss: treePss(database.serverPid) }];
  return [
    { process: 'hub', rss: rssOf(hub.pid) },
    { process: `${clusters} simulated clusters and their agents`, rss: rssOf(members.pid) },
    ...postgres,
  ];
}
