import { DemoRepository } from '../../src/demo/demo-repository.js';
import type { ObjectWrite } from '../../src/database/objects/hub-object.js';
import { treeCpuSeconds } from '../frame/processes.js';
import type { Work, WorkResult } from '../frame/work.js';
import { BenchDatabase } from '../fleet/bench-database.js';
import { clusterWrite, PROJECT, projectWrite } from '../fleet/documents.js';
import { HubProcess } from '../fleet/hub-process.js';
import { Pipeline } from '../fleet/pipeline.js';
import { until } from '../fleet/until.js';

const APPLICATIONS = 1_000;
const CLUSTERS = 500;
const INPUTS = 10;

const CHART = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'chart/templates/config.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: web }\ndata: { input: {{ .Values.input | quote }} }\n',
};

/** A hub starts with Applications that were never delivered; counted is how often it runs Helm for them. */
export const rendersWork: Work = {
  name: 'renders',
  about: `${APPLICATIONS} Applications of one chart over ${CLUSTERS} clusters share ${INPUTS} inputs → all delivered`,
  run: async () => {
    const database = await BenchDatabase.open();
    const repository = await DemoRepository.serve(`${database.folder}/git`);
    try {
      await repository.push('chart', CHART);
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

async function makeFleet(database: BenchDatabase, repoURL: string): Promise<void> {
  const pipeline = await Pipeline.start(database);
  const clusters = Array.from({ length: CLUSTERS }, (_, index) => clusterWrite(index));
  const applications = Array.from({ length: APPLICATIONS }, (_, index) => applicationWrite(index, repoURL));
  await pipeline.insert([projectWrite(), ...clusters, ...applications]);
  await pipeline.stop();
}

function applicationWrite(index: number, repoURL: string): ObjectWrite {
  const helm = { releaseName: 'web', valuesObject: { input: index % INPUTS } };
  const cluster = `cluster-${index % CLUSTERS}`;
  const spec = {
    project: PROJECT,
    source: { repoURL, targetRevision: 'main', path: 'chart', helm },
    destination: { name: cluster, namespace: 'web' },
  };
  const metadata = { name: `web-${index}`, namespace: 'argocd' };
  const object = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata, spec };
  return { object, scope: { project: PROJECT, cluster } };
}

async function measure(database: BenchDatabase, hub: HubProcess): Promise<WorkResult> {
  const started = performance.now();
  const cpu = treeCpuSeconds(hub.pid);
  await until(async () => (await delivered(database)) === APPLICATIONS);
  const seconds = (performance.now() - started) / 1000;
  const used = treeCpuSeconds(hub.pid) - cpu;
  const metrics = await (await fetch(`${hub.admin.url}/metrics`)).text();
  const renders = total(metrics, 'fleetwright_renders_total');
  const runs = total(metrics, 'fleetwright_render_duration_seconds_count');
  const note = `${runs} runs of helm, each input twice; delivered in ${seconds.toFixed(1)} s, ${used.toFixed(1)} CPU-seconds of the hub`;
  const figure = { name: 'inputs rendered', value: renders, unit: 'renders', better: 'less', hold: INPUTS } as const;
  return { figures: [{ ...figure, reach: INPUTS, runs: [renders], note }] };
}

async function delivered(database: BenchDatabase): Promise<number> {
  const [row] = await database.query<{ count: string }>(
    `select count(*) from deliveries where bundle_digest is not null`,
  );
  return Number(row?.count);
}

/** Of all labels of a metric. */
function total(metrics: string, name: string): number {
  const lines = metrics.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}
