import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JoinTokensService } from '../../../src/clusters/join/join-tokens.service.js';
import { startAgent, type RunningAgent } from '../../../src/dispatch/agent/start-agent.js';
import type { DeliveryWrite } from '../../../src/dispatch/gateway/deliveries/stored-delivery.js';
import type { KubernetesObject } from '../../../src/kernel/object.js';
import { tokenConnection } from '../../../src/kubernetes/client/connection.js';
import { encodeBundle } from '../../../src/rendering/domain/bundle.js';
import { SimulatorServer } from '../../../src/simulator/simulator-server.js';
import { VirtualCluster } from '../../../src/simulator/virtual-cluster.js';
import { ADMIN } from '../../support/clusters.js';
import { startGateway, type TestGateway } from '../../support/gateway.js';
import { RecordingLog } from '../../support/recording-log.js';
import { defaultSettings } from '../../support/stub-hub.js';
import { until } from '../../support/until.js';
import { configMap, deployment } from '../../support/workloads.js';

const PROJECT = {
  name: 'team-a',
  spec: {
    destinations: [{ name: 'berlin', namespace: 'shop' }],
    clusterResourceWhitelist: [{ group: '', kind: 'Namespace' }],
  },
};

/** Both ends of the protocol as they are shipped: the gateway on Postgres, the agent on a virtual cluster. */
describe('the agent and the real gateway', () => {
  const uid = randomUUID();
  const simulator = new SimulatorServer();
  const cluster = new VirtualCluster({ name: 'berlin', readyAfterMs: 0 });
  const log = new RecordingLog();
  let hub: TestGateway;
  let agent: RunningAgent;
  let dataDir: string;

  beforeAll(async () => {
    hub = await startGateway();
    await simulator.listen();
    simulator.add(cluster);
    dataDir = await mkdtemp(join(tmpdir(), 'fleetwright-agent-'));
    const { secret } = await hub.app.get(JoinTokensService, { strict: false }).create(ADMIN, {});
    agent = await startAgent({
      hubUrl: hub.url,
      cluster: 'berlin',
      joinToken: secret,
      kubernetes: tokenConnection(simulator.urlOf('berlin'), cluster.token),
      dataDir,
      agentVersion: '0.1.0',
      logger: log,
      intervals: { reportMs: 5 },
    });
  });
  afterAll(async () => {
    await agent.stop();
    await hub.close();
    await simulator.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  async function deliver(
    objects: KubernetesObject[],
    intent: DeliveryWrite['intent'] = 'apply',
  ): Promise<number | undefined> {
    const { digest, text } = encodeBundle(objects);
    hub.bundles.stored.set(digest, { gzip: gzipSync(text) });
    const documents = [defaultSettings('web'), PROJECT];
    const [settingsDigest = '', projectDigest = ''] = await hub.db.transactions.run((tx) =>
      hub.documents.save(tx, documents),
    );
    return hub.deliver({
      clusterUid: agent.clusterUid,
      applicationUid: uid,
      ownerKind: 'Application',
      application: 'web',
      applicationNamespace: 'argocd',
      project: 'team-a',
      intent,
      bundleDigest: digest,
      projectDigest,
      settingsDigest,
      heldPrunes: [],
      objects: [],
    });
  }

  const verdict = (position: number | undefined, fits: (sync: string, gone: boolean) => boolean) =>
    until(
      () =>
        hub.sink.accepted.find(({ report }) => report.position === position && fits(report.sync, report.gone))?.report,
      () => `a verdict on ${position}; log: ${JSON.stringify(log.lines.slice(-6))}`,
    );
  const live = (kind: string, name: string) =>
    cluster.get({ group: kind === 'Deployment' ? 'apps' : '', kind, namespace: 'shop', name });

  it('apply, prune and let go, and agree on what was done', async () => {
    const applied = await deliver([deployment('web'), configMap('settings')]);
    expect(await verdict(applied, (sync) => sync === 'Synced')).toMatchObject({ counts: { total: 2, synced: 2 } });
    const less = await deliver([deployment('web')]);
    await verdict(less, (sync) => sync === 'Synced');
    expect(live('ConfigMap', 'settings')).toBeUndefined();
    const pruned = await deliver([], 'prune');
    await verdict(pruned, (_, gone) => gone);
    expect(live('Deployment', 'web')).toBeUndefined();
  });
});
