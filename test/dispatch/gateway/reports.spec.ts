import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DeliveryWrite } from '../../../src/dispatch/gateway/deliveries/stored-delivery.js';
import type { Operation } from '../../../src/dispatch/protocol/delivery.js';
import type { ApplicationReport, Report } from '../../../src/dispatch/protocol/report.js';
import { delivery, startGateway, type TestAgent, type TestGateway } from '../../support/gateway.js';

const OPERATION: Operation = {
  id: 'op-1',
  bundleDigest: 'sha256:b',
  prune: true,
  notAfter: '2026-01-01T00:00:00Z',
  initiatedBy: 'admin',
};

const verdict = (
  applicationUid: string,
  position: number,
  rest: Partial<ApplicationReport> = {},
): ApplicationReport => ({
  applicationUid,
  position,
  gone: false,
  bundleDigest: 'sha256:b',
  sync: 'Synced',
  health: 'Healthy',
  message: '',
  counts: { total: 1, synced: 1, healthy: 1 },
  resources: [],
  operation: null,
  healed: 0,
  observedAt: '2026-01-01T00:00:00Z',
  ...rest,
});

describe('reports', () => {
  let hub: TestGateway;
  let agent: TestAgent;
  let sequence = 0;
  beforeAll(async () => {
    hub = await startGateway();
    agent = await hub.join('c1');
    await agent.openSession();
  });
  afterAll(() => hub.close());
  beforeEach(() => {
    hub.sink.accepted.length = 0;
    hub.sink.failure = undefined;
  });

  const report = async (applications: ApplicationReport[], rest: Partial<Report> = {}) => {
    const body = { session: agent.session, sequence: ++sequence, applications, unowned: [], facts: null, ...rest };
    const answer = await agent.post('reports', body);
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const deliver = async (rest: Partial<DeliveryWrite> = {}) => {
    const write = delivery(agent.clusterUid, rest);
    return { uid: write.applicationUid, position: (await hub.deliver(write)) ?? 0, write };
  };
  const rowOf = async (uid: string) => (await hub.deliveries.forApplications([uid]))[0];

  it('hands verdicts on deliveries in force to the features, with the kind of their owner', async () => {
    const { uid, position } = await deliver({ ownerKind: 'SecretStoreSet' });
    expect(await report([verdict(uid, position)])).toEqual({ status: 200, body: { taken: true, applications: 1 } });
    expect(hub.sink.accepted).toMatchObject([
      { clusterUid: agent.clusterUid, report: { applicationUid: uid, ownerKind: 'SecretStoreSet' } },
    ]);
  });

  it('drops verdicts on an older delivery, of another cluster, and of nothing', async () => {
    const older = await deliver();
    await hub.deliver({ ...older.write, bundleDigest: 'sha256:c' });
    const other = await hub.join('c2');
    const foreign = delivery(other.clusterUid);
    const foreignPosition = (await hub.deliver(foreign)) ?? 0;
    const { body } = await report([
      verdict(older.uid, older.position),
      verdict(foreign.applicationUid, foreignPosition),
      verdict('not a uid', 1),
    ]);
    expect(body).toEqual({ taken: true, applications: 0 });
    expect(hub.sink.accepted).toEqual([]);
  });

  it('acknowledges a report again whose answer was lost, and stores it once', async () => {
    const { uid, position } = await deliver();
    await report([verdict(uid, position)]);
    sequence -= 1;
    expect(await report([verdict(uid, position)])).toEqual({ status: 200, body: { taken: false, applications: 0 } });
    expect(hub.sink.accepted).toHaveLength(1);
  });

  it('refuses the report of a session that was replaced', async () => {
    const replaced = await hub.join('restarted');
    await replaced.openSession();
    const old = replaced.session;
    await replaced.openSession();
    const body = { session: old, sequence: 100, applications: [], unowned: [], facts: null };
    const answer = await replaced.post('reports', body);
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ details: { code: 'SESSION_ENDED' } });
    const garbage = await replaced.post('reports', { ...body, session: 'no uuid' });
    expect(garbage.status).toBe(409);
  });

  it('retires a removal by its own position only, and tells', async () => {
    const removal = await deliver({ intent: 'prune' });
    await report([verdict(removal.uid, removal.position - 1, { gone: true })]);
    expect(await rowOf(removal.uid)).toBeDefined();
    await report([verdict(removal.uid, removal.position, { gone: true })]);
    expect(await rowOf(removal.uid)).toBeUndefined();
    expect(hub.sink.accepted).toMatchObject([{ report: { applicationUid: removal.uid, gone: true } }]);
  });

  it('does not believe that an Application is gone which it never asked to remove', async () => {
    const { uid, position } = await deliver({ intent: 'apply' });
    await report([verdict(uid, position, { gone: true })]);
    expect(await rowOf(uid)).toBeDefined();
    expect(hub.sink.accepted).toEqual([]);
  });

  it('retires an operation that is reported finished, not one that runs', async () => {
    const { uid, position } = await deliver({ operation: OPERATION });
    const operation = {
      id: 'op-1',
      phase: 'Running',
      message: '',
      startedAt: '2026-01-01T00:00:00Z',
      finishedAt: null,
    };
    await report([verdict(uid, position, { operation: { ...operation, phase: 'Running' } })]);
    expect((await rowOf(uid))?.operation?.id).toBe('op-1');
    await report([verdict(uid, position, { operation: { ...operation, phase: 'Succeeded' } })]);
    expect((await rowOf(uid))?.operation).toBeNull();
  });

  it('keeps nothing of a report that a feature could not store, so that it is sent again', async () => {
    const removal = await deliver({ intent: 'orphan' });
    hub.sink.failure = new Error('boom');
    expect((await report([verdict(removal.uid, removal.position, { gone: true })])).status).toBe(500);
    expect(await rowOf(removal.uid)).toBeDefined();
    hub.sink.failure = undefined;
    sequence -= 1;
    await report([verdict(removal.uid, removal.position, { gone: true })]);
    expect(await rowOf(removal.uid)).toBeUndefined();
  });

  it('keeps facts and unowned uids in the status of the Cluster', async () => {
    const facts = { kubernetesVersion: 'v1.37.0', agentVersion: '0.2.0', apis: null };
    await report([], { facts, unowned: ['u1'] });
    expect((await hub.db.store.findByUid(agent.clusterUid))?.object.status).toMatchObject({
      facts: { kubernetesVersion: 'v1.37.0' },
      unowned: { count: 1, uids: ['u1'] },
    });
  });

  it('asks the agent to come back while the database is away', async () => {
    const { uid, position } = await deliver();
    await hub.db.dataSource.destroy();
    const body = { session: agent.session, sequence: ++sequence, unowned: [], facts: null };
    const answer = await agent.post('reports', { ...body, applications: [verdict(uid, position)] });
    await hub.db.dataSource.initialize();
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    sequence -= 1;
    expect((await report([verdict(uid, position)])).body).toEqual({ taken: true, applications: 1 });
  });

  it('takes a report of two thousand verdicts', async () => {
    const writes = Array.from({ length: 2_000 }, () => delivery(agent.clusterUid));
    const position = (await hub.deliver(...writes)) ?? 0;
    const { body } = await report(writes.map((write) => verdict(write.applicationUid, position)));
    expect(body).toEqual({ taken: true, applications: 2_000 });
  });
});
