import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { objectId, type KubernetesObject } from '../../src/kernel/object.js';
import type { BundleSummary } from '../../src/rendering/bundle-store.js';
import { decodeBundle, encodeBundle } from '../../src/rendering/domain/bundle.js';
import { DownloadableBundles } from '../../src/rendering/downloadable-bundles.js';
import { PostgresBundleStore } from '../../src/rendering/postgres-bundle-store.js';
import { HeldClock } from '../support/held-clock.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { testSealer } from '../support/sealer.js';

const VALUE = 'correct-horse-battery';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});

afterAll(() => db.close());

const clock = new HeldClock();
const storeWith = (sealer = testSealer()) => new PostgresBundleStore(db.transactions, sealer, clock);

function bundleOf(name: string, more: Partial<BundleSummary> = {}): { summary: BundleSummary; text: string } {
  const data = more.sensitive ? { password: VALUE } : {};
  const kind = more.sensitive ? 'Secret' : 'ConfigMap';
  const objects: KubernetesObject[] = [{ apiVersion: 'v1', kind, metadata: { name }, data }];
  const { digest, text } = encodeBundle(objects);
  const objectIds = objects.map(objectId);
  return {
    text,
    summary: { digest, objects: objectIds, warnings: [], sensitive: false, ...more },
  };
}

async function contentOf(digest: string): Promise<Buffer> {
  const [row] = await db.transactions.query<{ content: Buffer }>(`select content from bundles where digest = $1`, [
    digest,
  ]);
  return row?.content ?? Buffer.alloc(0);
}

describe('a stored bundle', () => {
  it('is found by its input, with what is known of it', async () => {
    const { summary, text } = bundleOf('found', { warnings: ['a warning'] });
    await storeWith().save('input-found', summary, text);
    expect(await storeWith().findByInput('input-found')).toEqual(summary);
    expect(await storeWith().findByInput('never-rendered')).toBeUndefined();
  });

  it('is read as the text that its digest names, by renderers and agents alike', async () => {
    const { summary, text } = bundleOf('read');
    const store = storeWith();
    await store.save('input-read', summary, text);
    expect(decodeBundle((await store.read(summary.digest)) ?? '', summary.digest).objects).toHaveLength(1);
    const downloaded = await new DownloadableBundles(store).read(summary.digest);
    expect(gunzipSync(downloaded?.gzip ?? '').toString('utf8')).toBe(text);
    expect(await store.read('sha256:absent')).toBeUndefined();
  });

  it('is one row, whoever saves it and however many do at once', async () => {
    const { summary, text } = bundleOf('shared');
    const saves = [1, 2, 3, 4, 5, 6].map((input) => storeWith().save(`input-shared-${input % 3}`, summary, text));
    await Promise.all(saves);
    const rows = await db.transactions.query(`select 1 from bundles where digest = $1`, [summary.digest]);
    const renders = await db.transactions.query(`select 1 from renders where bundle_digest = $1`, [summary.digest]);
    expect([rows.length, renders.length]).toEqual([1, 3]);
  });
});

describe('a bundle that carries a Secret', () => {
  it('cannot be read from the table, zipped or unzipped', async () => {
    const { summary, text } = bundleOf('sealed', { sensitive: true });
    await storeWith().save('input-sealed', summary, text);
    const content = await contentOf(summary.digest);
    expect(content.includes(VALUE)).toBe(false);
    expect(() => gunzipSync(content)).toThrow();
    const rows = await db.transactions.query(`select b::text || r::text as row from bundles b, renders r`);
    expect(JSON.stringify(rows)).not.toContain(VALUE);
    expect(await storeWith().read(summary.digest)).toBe(text);
  });

  it('is refused by name where its row was tampered with', async () => {
    const { summary, text } = bundleOf('tampered', { sensitive: true });
    await storeWith().save('input-tampered', summary, text);
    const content = await contentOf(summary.digest);
    content[content.length - 2] = content.at(-2) === 65 ? 66 : 65;
    await db.transactions.query(`update bundles set content = $2 where digest = $1`, [summary.digest, content]);
    await expect(storeWith().read(summary.digest)).rejects.toMatchObject({
      code: 'SEAL_BROKEN',
      message: expect.stringContaining(summary.digest),
    });
  });

  it('is refused where another bundle was put in its place', async () => {
    const [one, two] = [bundleOf('one', { sensitive: true }), bundleOf('two', { sensitive: true })];
    await storeWith().save('input-one', one.summary, one.text);
    await storeWith().save('input-two', two.summary, two.text);
    await db.transactions.query(`update bundles set content = $2 where digest = $1`, [
      one.summary.digest,
      await contentOf(two.summary.digest),
    ]);
    await expect(storeWith().read(one.summary.digest)).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
  });

  it('does not open without the key it was sealed with', async () => {
    const { summary, text } = bundleOf('other-key', { sensitive: true });
    await storeWith().save('input-other-key', summary, text);
    await expect(storeWith(testSealer(8)).read(summary.digest)).rejects.toMatchObject({ code: 'SEAL_UNKNOWN_KEY' });
  });
});
