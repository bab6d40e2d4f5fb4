import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Agent } from '../../src/clusters/domain/agent.js';
import type { ClusterStatus } from '../../src/clusters/domain/cluster-status.js';
import { ClusterReader } from '../../src/clusters/cluster-reader.js';
import type { Facts } from '../../src/dispatch/protocol/join.js';
import { ADMIN, clusterServices, type ClusterServices } from '../support/clusters.js';
import { HeldClock } from '../support/held-clock.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

const pods = { group: '', version: 'v1', kind: 'Pod', resource: 'pods', namespaced: true };
const facts = (apis: Facts['apis']): Facts => ({ kubernetesVersion: 'v1.36.0', agentVersion: '0.1.0', apis });

const application = (name: string) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name, namespace: 'argocd' },
  spec: {},
});

describe('status of a Cluster', () => {
  let db: TestDatabase;
  let clock: HeldClock;
  let room: ClusterServices;
  let agent: Agent;
  let count = 0;
  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    clock = new HeldClock();
    room = clusterServices(db, clock);
    const { secret } = await room.tokens.create(ADMIN, {});
    const name = `c${++count}`;
    const { clusterUid } = await room.joining.join({
      token: secret,
      cluster: name,
      publicKey: 'A'.repeat(43),
      kubeSystemUid: name,
      protocolVersions: [1],
      agentVersion: '0.1.0',
    });
    agent = (await room.agents.find(clusterUid))!;
  });

  const open = (apis: Facts['apis'] = [pods]) =>
    room.sessions.open(agent, { protocolVersions: [1], kubeSystemUid: agent.kubeSystemUid, facts: facts(apis) });
  const status = async (): Promise<ClusterStatus> =>
    ((await db.store.findByUid(agent.clusterUid))?.object.status ?? {}) as ClusterStatus;

  it('holds what the agent says when it starts, beside labels that it does not touch', async () => {
    await open();
    expect(await status()).toEqual({
      facts: facts([pods]),
      connection: { state: 'Connected', lastSeen: '2026-01-01T00:00:00Z' },
    });
  });

  it('keeps the APIs while discovery fails, and drops one after two complete discoveries without it', async () => {
    await open();
    const record = (apis: Facts['apis']) =>
      db.transactions.run((tx) => room.facts.record(tx, agent.clusterUid, facts(apis)));
    await record(null);
    await record([]);
    await record(null);
    expect((await status()).facts?.apis).toEqual([pods]);
    await record([]);
    expect((await status()).facts?.apis).toEqual([]);
  });

  it('wakes the Applications of its cluster when that is upgraded or serves another API, and no others', async () => {
    const name = (await db.store.findByUid(agent.clusterUid))?.object.metadata.name ?? '';
    const write = (cluster: string) => ({ object: application(`on-${cluster}`), scope: { cluster } });
    const [here] = await db.transactions.run((tx) => db.store.insert(tx, [write(name), write(`not-${name}`)]));
    const woken = async (learned: Facts): Promise<string[]> => {
      await db.transactions.query(`delete from work_items`);
      await db.transactions.run((tx) => room.facts.record(tx, agent.clusterUid, learned));
      const rows = await db.transactions.query<{ queue: string; key: string }>(`select queue, key from work_items`);
      return rows.map(({ queue, key }) => `${queue} ${key}`);
    };
    await open();
    expect(await woken(facts([pods]))).toEqual([]);
    expect(await woken({ ...facts([pods]), agentVersion: '0.2.0' })).toEqual([]);
    expect(await woken({ ...facts([pods]), kubernetesVersion: 'v1.37.0' })).toEqual([`applications ${here}`]);
    const widgets = { group: 'example.com', version: 'v1', kind: 'Widget', resource: 'widgets', namespaced: true };
    const grown = { ...facts([pods, widgets]), kubernetesVersion: 'v1.37.0' };
    expect(await woken(grown)).toEqual([`applications ${here}`]);
  });

  it('refuses a session of an agent that was copied to another cluster', async () => {
    const copied = { protocolVersions: [1], kubeSystemUid: 'elsewhere', facts: facts(null) };
    await expect(room.sessions.open(agent, copied)).rejects.toMatchObject({ code: 'JOIN_CLUSTER_CLAIMED' });
  });

  it('notes signs of life a few times a minute at most', async () => {
    await open();
    const writes = async () =>
      (await db.transactions.query(`select xmin::text from agents where cluster_uid = $1`, [agent.clusterUid]))[0];
    const before = await writes();
    clock.advance(14);
    await room.presence.seen([agent.clusterUid]);
    expect(await writes()).toEqual(before);
    clock.advance(1);
    await room.presence.seen([agent.clusterUid]);
    expect(await writes()).not.toEqual(before);
  });

  it('tells when a silent agent was last seen, and that it is back', async () => {
    await open();
    clock.advance(30);
    await room.presence.seen([agent.clusterUid]);
    clock.advance(61);
    await room.presence.sweep();
    expect((await status()).connection).toEqual({ state: 'Disconnected', lastSeen: '2026-01-01T00:00:30Z' });
    expect(room.log.messages()).toContain('agents have fallen silent');
    await room.presence.seen([agent.clusterUid]);
    expect((await status()).connection).toEqual({ state: 'Connected', lastSeen: '2026-01-01T00:01:31Z' });
    expect((await status()).facts?.apis).toEqual([pods]);
  });

  it('names the uids the hub does not know, until a report names none', async () => {
    await open();
    const record = (uids: string[]) =>
      db.transactions.run((tx) => room.facts.recordUnowned(tx, [{ clusterUid: agent.clusterUid, unowned: uids }]));
    await record(['b', 'a']);
    expect((await status()).unowned).toEqual({ count: 2, uids: ['a', 'b'] });
    await record([]);
    expect((await status()).unowned).toEqual({ count: 0, uids: [] });
  });

  it('gives clusters to planners by name and by server, without their status', async () => {
    const reader = new ClusterReader(db.transactions);
    const found = await reader.byName(agent.cluster);
    expect(found).toMatchObject({
      uid: agent.clusterUid,
      server: `https://${agent.cluster}.clusters.fleetwright.invalid`,
    });
    expect(await reader.addressed([], [`${found!.server}/`])).toEqual([found]);
    expect(await reader.addressed([agent.cluster], [found!.server])).toEqual([found]);
    expect((await reader.all()).map((cluster) => cluster.name)).toContain(agent.cluster);
    expect(await reader.addressed(['nowhere'], ['https://nowhere.example'])).toEqual([]);
  });
});
