import { randomBytes } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { DeliveryWrite } from '../../../src/dispatch/gateway/deliveries/stored-delivery.js';
import { decodeCursor, encodeCursor } from '../../../src/dispatch/protocol/cursor.js';
import { snapshotDigest, type Delivery, type WatchEvent } from '../../../src/dispatch/protocol/delivery.js';
import { digestBytes } from '../../../src/kernel/digest.js';
import { delivery, startGateway, type TestAgent, type TestGateway } from '../../support/gateway.js';

const deliveriesIn = (events: WatchEvent[]): Delivery[] =>
  events.flatMap((event) => (event.type === 'delivery' ? [event.delivery] : []));
const types = (events: WatchEvent[]): string[] => events.map((event) => event.type);

/** Where to go on from after these events. */
function cursorOf(events: WatchEvent[]): string {
  const last = events.at(-1);
  if (last?.type !== 'snapshot-end' && last?.type !== 'bookmark') throw new Error(`no cursor in ${types(events)}`);
  return last.cursor;
}

const contentsIn = (events: WatchEvent[]): { settings?: string; bundle?: string }[] =>
  events.flatMap((event) => {
    if (event.type !== 'delivery') return [];
    const { type: _type, delivery: _delivery, ...contents } = event;
    return [contents as { settings?: string; bundle?: string }];
  });
const unpacked = (bundle: string): string => gunzipSync(Buffer.from(bundle, 'base64')).toString();

describe('watch', () => {
  let hub: TestGateway;
  let count = 0;
  beforeAll(async () => {
    hub = await startGateway();
  });
  afterAll(() => hub.close());
  const join = (): Promise<TestAgent> => hub.join(`c${++count}`);
  const namesContents = async ({ clusterUid }: TestAgent, text: string): Promise<DeliveryWrite> => {
    const bundleDigest = digestBytes(text);
    hub.bundles.stored.set(bundleDigest, { gzip: gzipSync(text) });
    const save = hub.db.transactions.run((tx) => hub.documents.save(tx, [{ application: 'x' }]));
    const [settingsDigest = ''] = await save;
    return delivery(clusterUid, { bundleDigest, settingsDigest });
  };

  it('starts with a snapshot of the rows of this cluster, closed by their count and digest', async () => {
    const [agent, other] = [await join(), await join()];
    const writes = [delivery(agent.clusterUid), delivery(agent.clusterUid, { intent: 'prune' })];
    await hub.deliver(...writes, delivery(other.clusterUid));
    const watch = await agent.watch();
    const events = await watch.until('snapshot-end');
    const rows = deliveriesIn(events);
    expect(types(events)).toEqual(['snapshot', 'delivery', 'delivery', 'snapshot-end']);
    expect(rows.map((row) => row.applicationUid).sort()).toEqual(writes.map((write) => write.applicationUid).sort());
    expect(events.at(-1)).toMatchObject({ count: 2, digest: snapshotDigest(rows) });
    expect(rows[0]).toMatchObject({ clusterUid: agent.clusterUid, hubId: agent.joined.hubId, signatures: [] });
    watch.close();
  });

  it('tells of an empty cluster by an empty snapshot', async () => {
    const watch = await (await join()).watch();
    expect(await watch.until('snapshot-end')).toMatchObject([{ type: 'snapshot' }, { count: 0 }]);
    watch.close();
  });

  it('streams what is committed afterwards, and bookmarks it', async () => {
    const agent = await join();
    const watch = await agent.watch();
    await watch.until('snapshot-end');
    const position = await hub.deliver(delivery(agent.clusterUid));
    const events = [...(await watch.until('delivery')), ...(await watch.until('bookmark'))];
    expect(deliveriesIn(events)).toMatchObject([{ position }]);
    expect(decodeCursor(cursorOf(events))?.position).toBeGreaterThanOrEqual(position ?? 0);
    watch.close();
  });

  it('brings small contents along with what is committed, and none with a snapshot', async () => {
    const agent = await join();
    const watch = await agent.watch();
    await watch.until('snapshot-end');
    const write = await namesContents(agent, '{"objects":[],"version":1}');
    await hub.deliver(write, { ...write, applicationUid: delivery('').applicationUid });
    const told = contentsIn([...(await watch.until('delivery')), ...(await watch.until('bookmark'))]);
    watch.close();
    expect(told.map(({ settings }) => settings)).toEqual(['{"application":"x"}', '{"application":"x"}']);
    const bundles = told.flatMap(({ bundle }) => (bundle === undefined ? [] : [unpacked(bundle)]));
    expect(bundles).toEqual(['{"objects":[],"version":1}']);
    const again = await agent.watch();
    expect(contentsIn(await again.until('snapshot-end'))).toEqual([{}, {}]);
    again.close();
  });

  it('brings no large bundle along, and none that is not to be applied', async () => {
    const agent = await join();
    const watch = await agent.watch();
    await watch.until('snapshot-end');
    const large = await namesContents(agent, randomBytes(10_000).toString('base64'));
    await hub.deliver(large, { ...(await namesContents(agent, 'small')), intent: 'freeze' });
    const told = contentsIn([...(await watch.until('delivery')), ...(await watch.until('bookmark'))]);
    expect(told.map(({ bundle }) => bundle)).toEqual([undefined, undefined]);
    watch.close();
  });

  it('goes on after the cursor without a snapshot', async () => {
    const agent = await join();
    await hub.deliver(delivery(agent.clusterUid));
    const first = await agent.watch();
    const cursor = cursorOf(await first.until('snapshot-end'));
    first.close();
    const missed = delivery(agent.clusterUid);
    await hub.deliver(missed);
    const second = await agent.watch(cursor);
    const events = await second.until('bookmark');
    expect(types(events)).toEqual(['delivery', 'bookmark']);
    expect(deliveriesIn(events)[0]?.applicationUid).toBe(missed.applicationUid);
    second.close();
  });

  it('sends a removal again until it is retired', async () => {
    const agent = await join();
    const removal = delivery(agent.clusterUid, { intent: 'prune' });
    await hub.deliver(removal);
    for (let round = 0; round < 2; round++) {
      const watch = await agent.watch();
      expect(deliveriesIn(await watch.until('snapshot-end'))).toMatchObject([{ intent: 'prune' }]);
      watch.close();
    }
  });

  it('starts over with a snapshot when the cursor is of no use', async () => {
    const agent = await join();
    const { hubId, epoch } = await agent.openSession();
    const useless = [
      'not a cursor',
      encodeCursor({ hubId: 'another hub', epoch, position: 1 }),
      encodeCursor({ hubId, epoch: 'another epoch', position: 1 }),
      encodeCursor({ hubId, epoch, position: 1_000_000 }),
    ];
    for (const since of useless) {
      const watch = await agent.watch(since);
      expect(await watch.next()).toEqual({ type: 'snapshot' });
      watch.close();
    }
  });

  it('says goodbye to a stream whose session was replaced, and refuses that session', async () => {
    const agent = await join();
    const watch = await agent.watch();
    await watch.until('snapshot-end');
    const old = agent.session;
    await agent.openSession();
    expect((await watch.until('bye')).at(-1)).toMatchObject({ type: 'bye' });
    expect(await watch.next()).toBeUndefined();
    const answer = await agent.get(`watch?session=${old}`);
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ details: { code: 'SESSION_ENDED' } });
  });

  it('asks once for all agents which of them a commit concerns', async () => {
    const agents = await Promise.all(Array.from({ length: 50 }, () => join()));
    const watches = await Promise.all(agents.map((agent) => agent.watch()));
    await Promise.all(watches.map((watch) => watch.until('snapshot-end')));
    const lookups = vi.spyOn(hub.deliveries, 'changedSince');
    const reads = vi.spyOn(hub.deliveries, 'forCluster');
    const position = await hub.deliver(delivery(agents[7]!.clusterUid));
    expect(deliveriesIn(await watches[7]!.until('delivery'))).toMatchObject([{ position }]);
    expect(reads).toHaveBeenCalledTimes(1);
    const found = await Promise.all(
      lookups.mock.results.map((result) => result.value as Promise<{ clusterUids: string[] }>),
    );
    expect(found.filter(({ clusterUids }) => clusterUids.length > 0)).toEqual([
      { position, clusterUids: [agents[7]?.clusterUid] },
    ]);
    expect(lookups.mock.calls.length).toBeLessThan(agents.length / 5); // polls fall beside it, never one for each agent
    vi.restoreAllMocks();
    for (const watch of watches) watch.close();
  });

  it('loses no row over commits, reconnections and other clusters at the same time', async () => {
    const [agent, other] = [await join(), await join()];
    const uids = Array.from({ length: 60 }, () => delivery(agent.clusterUid));
    const noise = await other.watch();
    const commits = (async () => {
      for (const write of uids) await hub.deliver(write, delivery(other.clusterUid));
    })();
    const seen = new Set<string>();
    let cursor: string | undefined;
    while (seen.size < uids.length) {
      const watch = await agent.watch(cursor);
      const events = await watch.until(cursor === undefined ? 'snapshot-end' : 'bookmark');
      for (const row of deliveriesIn(events)) seen.add(row.applicationUid);
      cursor = cursorOf(events);
      watch.close();
    }
    await commits;
    noise.close();
    expect([...seen].sort()).toEqual(uids.map((write) => write.applicationUid).sort());
  });
});

describe('watch, with a short heartbeat', () => {
  let hub: TestGateway;
  beforeAll(async () => {
    hub = await startGateway({ heartbeatMs: 50 });
  });
  afterAll(() => hub.close());

  it('shows signs of life, and moves the cursor past commits that concern others', async () => {
    const [agent, other] = [await hub.join('quiet'), await hub.join('busy')];
    const watch = await agent.watch();
    await watch.until('snapshot-end');
    await watch.until('heartbeat');
    const position = (await hub.deliver(delivery(other.clusterUid))) ?? 0;
    let at = 0;
    while (at < position) at = decodeCursor(cursorOf(await watch.until('bookmark')))?.position ?? 0;
    expect(at).toBe(position);
    watch.close();
  });

  it('ends the stream of a session that another replica has replaced', async () => {
    const agent = await hub.join('moved');
    const watch = await agent.watch();
    await watch.until('snapshot-end');
    await hub.db.transactions.query(`update agents set session = gen_random_uuid() where cluster_uid = $1`, [
      agent.clusterUid,
    ]);
    expect((await watch.until('bye')).at(-1)).toMatchObject({ reason: 'another session was opened' });
  });

  it('sends everyone back when the history of the hub was changed', async () => {
    const agent = await hub.join('restored');
    const watch = await agent.watch();
    const before = cursorOf(await watch.until('snapshot-end'));
    await watch.until('heartbeat');
    await hub.db.transactions.query(`update hub_state set value = '1' where key = 'epoch'`);
    hub.clock.advance(10);
    expect((await watch.until('bye')).at(-1)).toMatchObject({ reason: 'the history of this hub was changed' });
    const again = await agent.watch(before);
    expect(await again.next()).toEqual({ type: 'snapshot' });
    again.close();
  });

  it('keeps the stream over an outage of the database, and tells afterwards what was committed', async () => {
    const agent = await hub.join('patient');
    const watch = await agent.watch();
    await watch.until('snapshot-end');
    await hub.db.dataSource.destroy();
    await watch.until('heartbeat');
    await hub.db.dataSource.initialize();
    const position = await hub.deliver(delivery(agent.clusterUid));
    const events = await watch.until('delivery');
    expect(deliveriesIn(events)).toMatchObject([{ position }]);
    watch.close();
  });

  it('says goodbye when the hub stops', async () => {
    const stopping = await startGateway();
    const watch = await (await stopping.join('last')).watch();
    await watch.until('snapshot-end');
    const closed = stopping.close();
    expect((await watch.until('bye')).at(-1)).toMatchObject({ reason: 'the hub is stopping' });
    await closed;
  });
});
