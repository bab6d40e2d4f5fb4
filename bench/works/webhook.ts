import { DemoRepository } from '../../src/demo/demo-repository.js';
import type { Figure } from '../frame/figure.js';
import { rssOf, treeCpuSeconds } from '../frame/processes.js';
import { median, percentile } from '../frame/statistics.js';
import type { Work, WorkResult } from '../frame/work.js';
import { BenchDatabase } from '../fleet/bench-database.js';
import { clustersTimes, projectWrite, setWrite } from '../fleet/documents.js';
import { HubProcess } from '../fleet/hub-process.js';
import { MembersProcess } from '../fleet/members-process.js';
import { oneObject } from '../fleet/sources.js';
import { allSynced } from '../fleet/synced.js';
import { until } from '../fleet/until.js';

const CLUSTERS = 500;
const WARM_UPS = 1;
const PUSHES = 5;
const PAUSE_MS = 20;

/**
 * Each push adds a ConfigMap to what every cluster gets and is told by a webhook; timed from the webhook until the hub
 * knows from each cluster that the object is applied. Polls are an hour apart.
 */
export const webhookWork: Work = {
  name: 'webhook',
  about: `a push told by webhook → applied and reported on ${CLUSTERS} simulated clusters, ${PUSHES} pushes`,
  run: async () => {
    const closing: (() => Promise<void>)[] = [];
    try {
      const database = await BenchDatabase.open();
      closing.push(() => database.stop());
      const repository = await DemoRepository.serve(`${database.folder}/git`);
      closing.push(() => repository.close());
      await repository.push('start', fileOf(0));
      const hub = await HubProcess.start(database);
      closing.push(() => hub.stop());
      const members = await join(hub, database);
      closing.push(() => members.stop());
      return await measure({ database, repository, hub, members });
    } finally {
      for (const close of closing.reverse()) await close();
    }
  },
};

interface Parts {
  database: BenchDatabase;
  repository: DemoRepository;
  hub: HubProcess;
  members: MembersProcess;
}

const fileOf = (push: number): Record<string, string> => ({ [`web/e0/push-${push}.yaml`]: oneObject(`push-${push}`) });

async function join(hub: HubProcess, { folder }: BenchDatabase): Promise<MembersProcess> {
  const { secret } = await hub.admin.post<{ secret: string }>('/api/v1/jointokens', { uses: CLUSTERS });
  const clusters = Array.from({ length: CLUSTERS }, (_, index) => `cluster-${index}`);
  return MembersProcess.start({ hubUrl: hub.admin.url, joinToken: secret, folder, clusters });
}

async function measure(parts: Parts): Promise<WorkResult> {
  const { database, repository, hub } = parts;
  await hub.admin.apply(JSON.stringify(projectWrite().object));
  const set = setWrite({
    name: 'bench',
    generators: [clustersTimes(1)],
    repoURL: repository.url,
    path: 'web/{{element}}',
  });
  await hub.admin.apply(JSON.stringify(set.object));
  await allSynced(database, CLUSTERS);
  for (let push = 1; push <= WARM_UPS; push++) await time(parts, push);
  const before = cpuOf(parts);
  const runs: number[] = [];
  for (let push = 1; push <= PUSHES; push++) runs.push(...(await time(parts, WARM_UPS + push)));
  const used = cpuOf(parts).map(([process, seconds], index) => {
    const each = (seconds - (before[index]?.[1] ?? 0)) / PUSHES;
    return `${process} ${each.toFixed(2)}`;
  });
  const note = `CPU-seconds a push: ${used.join(', ')}`;
  const figure = { unit: 's', better: 'less', runs } as const;
  const figures: Figure[] = [
    { ...figure, name: 'webhook → applied and reported, p50 of clusters', value: median(runs) },
    { ...figure, name: 'the same, p99', value: percentile(runs, 0.99), hold: 10, reach: 5, note },
  ];
  return { figures, memory: [{ process: 'hub', rss: rssOf(hub.pid) }] };
}

/** Seconds that each process has used so far. */
function cpuOf({ hub, members, database: { serverPid } }: Parts): [string, number][] {
  const postgres: [string, number][] = serverPid === undefined ? [] : [['Postgres', treeCpuSeconds(serverPid)]];
  return [['hub', treeCpuSeconds(hub.pid)], ['simulator and agents', treeCpuSeconds(members.pid)], ...postgres];
}

/** Seconds until each cluster had it, as they came in. */
async function time({ database, repository, hub }: Parts, push: number): Promise<number[]> {
  const commit = await repository.push(`push ${push}`, fileOf(push));
  const started = performance.now();
  await tell(hub.admin.url, payloadOf(repository.url, { commit, file: Object.keys(fileOf(push))[0] ?? '' }));
  const arrivals: number[] = [];
  const all = async (): Promise<boolean> => {
    const [row] = await database.query<{ count: number }>(
      `select count(*)::int as count from object_statuses
       where sync = 'Synced' and (status #>> '{summary,synced}')::int = $1`,
      [push + 1],
    );
    const seconds = (performance.now() - started) / 1000;
    while (arrivals.length < (row?.count ?? 0)) arrivals.push(seconds);
    return arrivals.length >= CLUSTERS;
  };
  await until(all, { longestMs: 5 * 60_000, pauseMs: PAUSE_MS });
  return arrivals;
}

async function tell(hubUrl: string, payload: object): Promise<void> {
  const headers = { 'content-type': 'application/json', 'x-github-event': 'push' };
  const answer = await fetch(`${hubUrl}/api/webhook`, { method: 'POST', headers, body: JSON.stringify(payload) });
  if (answer.status !== 200) throw new Error(`the webhook was answered with ${answer.status}: ${await answer.text()}`);
}

/** As GitHub words a push; no secret is configured. */
function payloadOf(url: string, { commit, file }: { commit: string; file: string }) {
  return {
    ref: 'refs/heads/main',
    before: 'a'.repeat(40),
    after: commit,
    commits: [{ added: [file], modified: [], removed: [] }],
    repository: { html_url: url, default_branch: 'main' },
  };
}
