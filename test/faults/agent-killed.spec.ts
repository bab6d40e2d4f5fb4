import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Operation } from '../../src/dispatch/protocol/delivery.js';
import { Gate } from '../support/gate.js';
import { Member } from '../support/member.js';
import { Program } from '../support/program.js';
import { deletesWorkload, RequestLog, writesWorkload } from '../support/request-log.js';
import { configMap, deployment, wave } from '../support/workloads.js';

type Point = Parameters<Gate['hold']>[1];

/** In a record (JSON in a ConfigMap's value), once all of the operation is done. */
const FINISHED = String.raw`\"phase\":\"Succeeded\"`;

const patches =
  (part: string): Point =>
  (method, path) =>
    method === 'PATCH' && path.includes(part);
const savesRecord =
  (finished: boolean): Point =>
  (method, path, body) =>
    patches('/fleetwright-agent/configmaps/application-')(method, path, body) && body.includes(FINISHED) === finished;
const reportsSuccess: Point = (_method, path, body) => path.endsWith('/reports') && body.includes('"Succeeded"');

/** It applies everything again, so a second run of it would show. */
const OPERATION = { id: 'op-7', prune: true };

/** Every point of a sync at which the world outside the agent differs. */
const POINTS: [name: string, at: 'cluster' | 'hub', point: Point][] = [
  ['before the inventory is written', 'cluster', savesRecord(false)],
  ['after the inventory, before anything is applied', 'cluster', patches('/deployments/web')],
  ['between waves', 'cluster', patches('/configmaps/late')],
  ['in the prune', 'cluster', (method, path) => method === 'DELETE' && path.includes('/configmaps/old')],
  ['before the finished sync is remembered', 'cluster', savesRecord(true)],
  ['before it is reported', 'hub', reportsSuccess],
];
const CASES = POINTS.flatMap(([name, at, point]) =>
  (['request', 'answer'] as const).map((withheld) => ({ name, at, point, withheld })),
);

describe('an agent process that is killed with -9', () => {
  let member: Member;
  let requests: RequestLog;
  let gates: Record<'cluster' | 'hub', Gate>;
  let agent: Program | undefined;
  beforeEach(async () => {
    member = new Member();
    await member.open();
    member.cluster.create(configMap('not-ours', {}, { namespace: 'default' }));
    member.hub.deliver({ uid: 'web', objects: [deployment('web'), configMap('old'), configMap('same')] });
    await member.verdict('web');
    await member.stopAgent();
    gates = { cluster: await Gate.before(member.address().api), hub: await Gate.before(member.hub.url) };
    requests = new RequestLog([member.cluster]);
  });
  afterEach(async () => {
    await agent?.end('SIGKILL');
    await member.close();
    await gates.cluster.close();
    await gates.hub.close();
  });

  const start = (): void => {
    const { token, dataDir } = member.address();
    agent = Program.start('agent.js', {
      FLEETWRIGHT_HUB_URL: gates.hub.url,
      FLEETWRIGHT_CLUSTER: 'berlin',
      FLEETWRIGHT_DATA_DIR: dataDir,
      FLEETWRIGHT_LOG_LEVEL: 'warn',
      KUBERNETES_API: gates.cluster.url,
      KUBERNETES_TOKEN: token,
    });
  };

  const deliverChange = (operation?: Partial<Operation>): void => {
    const late = configMap('late', {}, wave(1));
    const objects = [deployment('web', {}, 'nginx:2'), configMap('same'), configMap('fresh'), late];
    member.hub.deliver({ uid: 'web', objects, ...(operation ? { operation } : {}) });
  };

  const killAt = async (
    { at, withheld, point }: Pick<(typeof CASES)[number], 'at' | 'withheld' | 'point'>,
    operation?: Partial<Operation>,
  ): Promise<void> => {
    const reached = gates[at].hold(withheld, point);
    deliverChange(operation);
    start();
    await reached;
    await agent?.end('SIGKILL');
    member.hub.verdicts.clear();
  };

  const configMaps = (): string[] => {
    const names = member.cluster.list('', 'ConfigMap', 'shop').map(({ metadata }) => metadata.name);
    return names.filter((name) => name !== 'kube-root-ca.crt');
  };

  it.each(CASES)('converges when it stops $name, with the $withheld lost', async ({ at, withheld, point }) => {
    await killAt({ at, withheld, point }, OPERATION);
    start();
    const { operation } = await member.verdict(
      'web',
      ({ position, sync, operation: run }) => position === 2 && sync === 'Synced' && run?.phase === 'Succeeded',
    );
    await member.disappears('/ConfigMap/shop/old');
    expect(operation?.id).toBe(OPERATION.id);
    expect(JSON.stringify(member.live('apps/Deployment/shop/web')?.spec)).toContain('nginx:2');
    expect(configMaps()).toEqual(['fresh', 'late', 'same']);
    expect(member.live('/ConfigMap/default/not-ours')).toBeDefined();
    expect(requests.deletions).toEqual(['berlin /api/v1/namespaces/shop/configmaps/old']);
  });

  it('prunes what it had applied right before, when the next delivery does not want it', async () => {
    await killAt({ at: 'cluster', withheld: 'answer', point: patches('/configmaps/fresh') });
    expect(configMaps()).toContain('fresh');
    member.hub.deliver({ uid: 'web', objects: [deployment('web', {}, 'nginx:2'), configMap('same')] });
    start();
    await member.verdict(
      'web',
      ({ position, sync, counts }) => position === 3 && sync === 'Synced' && counts.total === 2,
    );
    expect(configMaps()).toEqual(['same']);
  });

  it('does not run an operation again that had finished and was not reported', async () => {
    await killAt({ at: 'hub', withheld: 'request', point: reportsSuccess }, OPERATION);
    const before = [requests.count(writesWorkload), requests.count(deletesWorkload)];
    start();
    await member.verdict('web', ({ operation }) => operation?.phase === 'Succeeded');
    expect([requests.count(writesWorkload), requests.count(deletesWorkload)]).toEqual(before);
  });
});
