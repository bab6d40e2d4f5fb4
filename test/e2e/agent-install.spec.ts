import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHubLog } from '../../src/config/hub-log.js';
import { readHubConfig } from '../../src/config/hub-config.js';
import { freePort } from '../../src/database/embedded/embedded-postgres.js';
import { AGENT_NAMESPACE } from '../../src/dispatch/agent/agent-namespace.js';
import { startHub, type RunningHub } from '../../src/hub-process.js';
import type { KubernetesObject } from '../../src/kernel/object.js';
import { SimulatorServer } from '../../src/simulator/simulator-server.js';
import { VirtualCluster } from '../../src/simulator/virtual-cluster.js';
import { eventually } from '../support/eventually.js';
import { HAS_HELM, helm } from '../support/helm.js';
import { Kubectl, kubectlBinary } from '../support/kubectl.js';
import { podOf } from '../support/pod-security.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { Program } from '../support/program.js';

interface Minted {
  secret: string;
  install: { helm: string; manifest: string };
}

let database: TestDatabase;
let folder: string;
let hub: RunningHub;
let simulator: SimulatorServer;
let dispatcher: Agent;
const agents: Program[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'fleetwright-install-'));
  simulator = new SimulatorServer();
  await simulator.listen();
  const environment = { DATABASE_URL: database.url, FLEETWRIGHT_DATA_DIR: folder, FLEETWRIGHT_PORT: '0' };
  hub = await startHub(readHubConfig({ ...environment, FLEETWRIGHT_TLS: 'own' }), { logger: createHubLog('silent') });
  dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
});
afterAll(async () => {
  for (const agent of agents) await agent.end('SIGKILL');
  await dispatcher?.destroy();
  await hub?.stop();
  await simulator?.close();
  await database?.close();
  await rm(folder, { recursive: true, force: true });
});

async function call<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
  const headers = { authorization: `Bearer ${hub.adminToken}`, 'content-type': 'application/json' };
  const request = {
    origin: hub.url,
    path,
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
  return (await dispatcher.request(request)).body.json() as Promise<T>;
}

/** What a kubelet would start: the container's environment, Secrets looked up, the pod's own address for the API. */
async function startContainer(cluster: VirtualCluster): Promise<{ program: Program; probes: string }> {
  const found = (group: string, kind: string, name: string) =>
    cluster.get({ group, kind, namespace: AGENT_NAMESPACE, name }) as KubernetesObject;
  const [container] = podOf(found('apps', 'Deployment', 'fleetwright-agent')).containers;
  const values = (container?.env ?? []).map(({ name, value, valueFrom }) => {
    const { name: secret, key } = valueFrom?.secretKeyRef ?? { name: '', key: '' };
    if (value !== undefined) return [name, value];
    const data = found('', 'Secret', secret)['data'] as Record<string, string>;
    return [name, Buffer.from(data[key] ?? '', 'base64').toString()];
  });
  const port = String(await freePort());
  const program = Program.start('agent.js', {
    ...(Object.fromEntries(values) as Record<string, string>),
    FLEETWRIGHT_DATA_DIR: join(folder, cluster.name),
    FLEETWRIGHT_HEALTH_PORT: port,
    KUBERNETES_API: simulator.urlOf(cluster.name),
    KUBERNETES_TOKEN: cluster.token,
  });
  agents.push(program);
  return { program, probes: `http://127.0.0.1:${port}` };
}

async function install(name: string, how: (minted: Minted) => Promise<string>): Promise<void> {
  const cluster = new VirtualCluster({ name });
  simulator.add(cluster);
  const kubectl = new Kubectl(simulator.kubectlUrlOf(name));
  const minted = await call<Minted>('POST', '/api/v1/jointokens', { cluster: name });
  const applied = await kubectl.run(['apply', '-f', '-'], { input: await how(minted) });
  expect(applied).toMatchObject({ code: 0, stderr: '' });
  kubectl.close();
  const { program, probes } = await startContainer(cluster);
  await eventually(`the agent of ${name} to be ready`, async () => {
    if (!program.isRunning) throw new Error(program.output);
    const answer = await fetch(`${probes}/readyz`).catch(() => undefined);
    return [answer?.status === 200, program.output];
  });
  expect((await fetch(`${probes}/healthz`)).status).toBe(200);
  const joined = await call<KubernetesObject>('GET', `/api/v1/namespaces/argocd/clusters/${name}`);
  expect(joined.metadata.name).toBe(name);
  expect(await program.end('SIGTERM')).toBe(0);
}

describe.skipIf(kubectlBinary === undefined)('an agent installed as its hub says (needs kubectl)', () => {
  it('joins by the plain manifest', () => install('berlin', async (minted) => minted.install.manifest));

  it.skipIf(!HAS_HELM)("joins by the chart's command (needs helm)", () =>
    install('paris', async (minted) => {
      const words = minted.install.helm.split(' ').slice(3);
      const created = `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${AGENT_NAMESPACE} }\n---\n`;
      return created + (await helm('template', ...words.filter((word) => word !== '--create-namespace')));
    }),
  );
});

describe('the ways to install an agent', () => {
  it('are refused for a name that the token would not admit', async () => {
    const refused = (body: object) => call<{ code: number }>('POST', '/api/v1/jointokens', body);
    expect(await refused({ cluster: 'Berlin' })).toMatchObject({ code: 422 });
    expect(await refused({ cluster: 'in-cluster' })).toMatchObject({ code: 422 });
    expect(await refused({ cluster: 'berlin', namePrefix: 'paris-' })).toMatchObject({ code: 422 });
  });
});
