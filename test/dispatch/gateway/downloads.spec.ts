import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Operation } from '../../../src/dispatch/protocol/delivery.js';
import { digestBytes } from '../../../src/kernel/digest.js';
import { delivery, startGateway, type TestAgent, type TestGateway } from '../../support/gateway.js';

describe('downloads', () => {
  let hub: TestGateway;
  let a: TestAgent;
  let b: TestAgent;
  beforeAll(async () => {
    hub = await startGateway();
    [a, b] = [await hub.join('a'), await hub.join('b')];
  });
  afterAll(() => hub.close());

  const storeBundle = (text: string): string => {
    const digest = digestBytes(text);
    hub.bundles.stored.set(digest, { gzip: gzipSync(text) });
    return digest;
  };

  it('gives an agent the bundle that its delivery names, byte for byte', async () => {
    const bundleDigest = storeBundle('{"objects":[],"version":1}');
    await hub.deliver(delivery(a.clusterUid, { bundleDigest }));
    const answer = await a.get(`bundles/${bundleDigest}`);
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(digestBytes(await answer.text())).toBe(bundleDigest);
  });

  it('gives the bundle of an open operation too', async () => {
    const bundleDigest = storeBundle('older');
    const operation: Operation = {
      id: 'op',
      bundleDigest,
      prune: false,
      notAfter: '2026-01-01T00:00:00Z',
      initiatedBy: 'admin',
    };
    await hub.deliver(delivery(a.clusterUid, { operation }));
    expect((await a.get(`bundles/${bundleDigest}`)).status).toBe(200);
  });

  it("refuses another cluster's bundle exactly as one that does not exist", async () => {
    const bundleDigest = storeBundle('secret of b');
    await hub.deliver(delivery(b.clusterUid, { bundleDigest }));
    const foreign = await a.get(`bundles/${bundleDigest}`);
    const unknown = await a.get(`bundles/${digestBytes('nothing')}`);
    expect([foreign.status, unknown.status]).toEqual([403, 403]);
    const textOf = async (answer: Response, digest: string) => (await answer.text()).replace(digest, '');
    expect(await textOf(foreign, bundleDigest)).toBe(await textOf(unknown, digestBytes('nothing')));
    expect((await b.get(`bundles/${bundleDigest}`)).status).toBe(200);
  });

  it('gives settings and projects to the agent whose delivery names them, as what they are', async () => {
    const [settingsDigest = '', projectDigest = ''] = await hub.db.transactions.run((tx) =>
      hub.documents.save(tx, [{ application: 'x' }, { name: 'team-a' }]),
    );
    await hub.deliver(delivery(a.clusterUid, { settingsDigest, projectDigest }));
    expect(await (await a.get(`settings/${settingsDigest}`)).json()).toEqual({ application: 'x' });
    expect(await (await a.get(`projects/${projectDigest}`)).json()).toEqual({ name: 'team-a' });
    expect((await b.get(`settings/${settingsDigest}`)).status).toBe(403);
    expect((await a.get(`projects/${settingsDigest}`)).status).toBe(403);
  });

  it('says that content is missing when a delivery names what is not stored', async () => {
    await hub.deliver(delivery(a.clusterUid, { bundleDigest: 'sha256:lost' }));
    const answer = await a.get('bundles/sha256:lost');
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ details: { code: 'CONTENT_MISSING' } });
  });
});
