import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { objectId, type KubernetesObject } from '../../src/kernel/object.js';
import type { RenderOwner } from '../../src/rendering/domain/render-owner.js';
import { encodeBundle } from '../../src/rendering/domain/bundle.js';
import { BundleSweep } from '../../src/rendering/bundle-sweep.js';
import { PostgresBundleStore } from '../../src/rendering/postgres-bundle-store.js';
import { HeldClock } from '../support/held-clock.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { RecordingLog } from '../support/recording-log.js';
import { CountedRenders } from '../support/rendering.js';
import { testSealer } from '../support/sealer.js';

const DAY = 86_400;
const UID = '11111111-1111-4111-8111-111111111111';
const OWNER: RenderOwner = { uid: UID, name: 'argocd/web' };

let db: TestDatabase;
let clock: HeldClock;
let store: PostgresBundleStore;
let metrics: CountedRenders;
let sweep: BundleSweep;

beforeEach(async () => {
  db = await createTestDatabase();
  clock = new HeldClock();
  store = new PostgresBundleStore(db.transactions, testSealer(), clock);
  metrics = new CountedRenders();
  sweep = new BundleSweep(db.transactions, clock, metrics, new RecordingLog(), { batch: 2 });
});

afterEach(() => db.close());

async function save(
  name: string,
  { input = `input ${name}`, keptFor }: { input?: string; keptFor?: RenderOwner } = {},
) {
  const object: KubernetesObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } };
  const { digest, text } = encodeBundle([object]);
  const summary = { digest, objects: [objectId(object)], warnings: [], sensitive: false };
  await store.save(input, keptFor === undefined ? summary : { ...summary, keptFor }, text);
  return digest;
}

const deliver = (digest: string, operation: object | null = null) =>
  db.transactions.query(
    `insert into deliveries (cluster_uid, application_uid, owner_kind, application, application_namespace, project, intent,
       bundle_digest, held_prunes, operation, objects, commit_id)
     values ($1, $1, 'Application', 'web', 'argocd', 'default', 'apply', $2, '[]', $3, '[]', 1)
     on conflict (cluster_uid, application_uid) do update set bundle_digest = $2, operation = $3`,
    [UID, digest, operation === null ? null : JSON.stringify(operation)],
  );
const left = async (): Promise<string[]> =>
  (await db.transactions.query<{ digest: string }>(`select digest from bundles order by digest`)).map(
    (row) => row.digest,
  );
/** Long enough for a render to go, and then for its bundle. */
async function muchLater(): Promise<void> {
  clock.advance(9 * DAY);
  await sweep.sweep();
  clock.advance(2 * 3600);
  await sweep.sweep();
}

describe('a round of sweeping', () => {
  it('takes away what nothing names, in batches, and counts it', async () => {
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => save(name)));
    await muchLater();
    expect(await left()).toEqual([]);
    expect(metrics.swept).toEqual({ bundle: 5, render: 5 });
  });

  it('keeps what was rendered or asked for lately: a dry run that is approved days later finds it', async () => {
    const kept = await save('kept');
    clock.advance(5 * DAY);
    expect(await store.findByInput('input kept')).toMatchObject({ digest: kept });
    clock.advance(7 * DAY);
    expect(await sweep.sweep()).toEqual({ renders: 0, bundles: 0 });
    expect(await store.findByInput('input kept')).toMatchObject({ digest: kept });
  });

  it('keeps what a delivery or its operation names, with the render that led to it', async () => {
    const [delivered, synced] = [await save('delivered'), await save('synced')];
    await deliver(delivered, { bundleDigest: synced });
    await muchLater();
    expect(await left()).toEqual([delivered, synced].sort());
    expect(await store.findByInput('input delivered')).toMatchObject({ digest: delivered });
  });

  it('keeps what an Application was rendered to last, delivered or waiting, also where it is its own', async () => {
    const object = { apiVersion: 'v1', kind: 'Application', metadata: { name: 'web', namespace: 'argocd' }, spec: {} };
    const [uid = ''] = await db.transactions.run((tx) => db.store.insert(tx, [{ object, scope: {} }]));
    const own = await save('own', { keptFor: { uid, name: 'argocd/web' } });
    await db.transactions.query(`insert into object_statuses (uid, status) values ($1, $2)`, [
      uid,
      JSON.stringify({ source: { bundle: own } }),
    ]);
    await muchLater();
    expect(await store.findByInput('input own', { uid, name: 'argocd/web' })).toMatchObject({ digest: own });
  });

  it('takes away own renders that are in force no more, and older inputs of the same bundle', async () => {
    const own = await save('own', { keptFor: OWNER });
    const shared = await save('shared', { input: 'old input' });
    clock.advance(DAY);
    await save('shared', { input: 'new input' });
    await deliver(shared);
    await muchLater();
    expect(await left()).toEqual([shared]);
    expect([await store.findByInput('old input'), await store.varies('input own'), own !== shared]).toEqual([
      undefined,
      false,
      true,
    ]);
    expect(await store.findByInput('new input')).toMatchObject({ digest: shared });
  });

  it('leaves a bundle for an hour after the last row that named it', async () => {
    const digest = await save('fetched');
    await deliver(digest);
    clock.advance(9 * DAY);
    await sweep.sweep();
    await db.transactions.query(`delete from deliveries`);
    await sweep.sweep();
    clock.advance(1800);
    await sweep.sweep();
    expect(await left()).toEqual([digest]);
    clock.advance(3600);
    await sweep.sweep();
    expect(await left()).toEqual([]);
  });

  it('spares a bundle that was named or saved again meanwhile', async () => {
    const [named, saved] = [await save('named'), await save('saved')];
    clock.advance(9 * DAY);
    await sweep.sweep();
    clock.advance(2 * 3600);
    await deliver(named);
    await save('saved');
    await sweep.sweep();
    expect(await left()).toEqual([named, saved].sort());
    const marked = await db.transactions.query(`select 1 from bundles where unused_since is not null`);
    expect(marked).toEqual([]);
  });

  it('is left to the replica that is at it', async () => {
    await save('a');
    clock.advance(9 * DAY);
    await db.transactions.run(async (tx) => {
      await tx.query(`select pg_advisory_xact_lock(7321)`);
      expect(await sweep.sweep()).toEqual({ renders: 0, bundles: 0 });
    });
    expect(await sweep.sweep()).toEqual({ renders: 1, bundles: 0 });
  });
});
