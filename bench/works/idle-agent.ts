import { DemoRepository } from '../../src/demo/demo-repository.js';
import { SimulatorServer } from '../../src/simulator/simulator-server.js';
import { VirtualCluster } from '../../src/simulator/virtual-cluster.js';
import { rssOf, treeCpuSeconds } from '../frame/processes.js';
import { median } from '../frame/statistics.js';
import type { Work } from '../frame/work.js';
import { AgentProcess } from '../fleet/agent-process.js';
import { BenchDatabase } from '../fleet/bench-database.js';
import { clustersTimes, projectWrite, setWrite } from '../fleet/documents.js';
import { HubProcess } from '../fleet/hub-process.js';
import { threeObjects } from '../fleet/sources.js';
import { allSynced } from '../fleet/synced.js';

const APPLICATIONS = 20;
const SETTLE_MS = 10_000;
const READINGS = 5;
const BETWEEN_MS = 2_000;

/** The agent's own process when its Applications are Synced and nothing happens. */
export const idleAgentWork: Work = {
  name: 'idle-agent',
  about: `one agent with ${APPLICATIONS} Applications of three objects, ${SETTLE_MS / 1000} s after all were Synced`,
  run: async () => {
    const database = await BenchDatabase.open();
    const repository = await DemoRepository.serve(`${database.folder}/git`);
    const hub = await HubProcess.start(database);
    const simulator = new SimulatorServer();
    await simulator.listen();
    const agent = await startedAgent(database, hub, simulator);
    try {
      await applyAll(hub, repository);
      await allSynced(database, APPLICATIONS);
      await pause(SETTLE_MS);
      const { mebibytes, cpuShare } = await watch(agent.pid);
      return {
        figures: [
          {
            name: 'resident memory of the agent',
            value: median(mebibytes),
            unit: 'MiB',
            runs: mebibytes,
            better: 'less',
            hold: 90,
            reach: 50,
            anchor: 'application controller 130 MiB',
            note: `while idle it uses ${(cpuShare * 1000).toFixed(1)} ms of CPU a second`,
          },
        ],
        memory: [{ process: 'agent', rss: rssOf(agent.pid) }],
      };
    } finally {
      await agent.stop();
      await simulator.close();
      await hub.stop();
      await repository.close();
      await database.stop();
    }
  },
};

async function startedAgent(
  { folder }: BenchDatabase,
  { admin }: HubProcess,
  simulator: SimulatorServer,
): Promise<AgentProcess> {
  const cluster = new VirtualCluster({ name: 'idle' });
  simulator.add(cluster);
  const { secret } = await admin.post<{ secret: string }>('/api/v1/jointokens', { uses: 1 });
  const kubernetes = { url: simulator.urlOf(cluster.name), token: cluster.token };
  return AgentProcess.start({ hubUrl: admin.url, joinToken: secret, cluster: cluster.name, folder, kubernetes });
}

async function applyAll({ admin }: HubProcess, repository: DemoRepository): Promise<void> {
  const elements = Array.from({ length: APPLICATIONS }, (_, index) => `e${index}`);
  const files = elements.map((element) => [`apps/${element}/objects.yaml`, threeObjects(element)]);
  await repository.push('apps', Object.fromEntries(files) as Record<string, string>);
  const set = { name: 'bench', generators: [clustersTimes(APPLICATIONS)], repoURL: repository.url };
  for (const { object } of [projectWrite(), setWrite({ ...set, path: 'apps/{{element}}' })])
    await admin.apply(JSON.stringify(object));
}

async function watch(pid: number): Promise<{ mebibytes: number[]; cpuShare: number }> {
  const [started, cpu] = [performance.now(), treeCpuSeconds(pid)];
  const mebibytes: number[] = [];
  for (let reading = 0; reading < READINGS; reading++) {
    await pause(BETWEEN_MS);
    mebibytes.push(rssOf(pid) / 2 ** 20);
  }
  return { mebibytes, cpuShare: (treeCpuSeconds(pid) - cpu) / ((performance.now() - started) / 1000) };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
