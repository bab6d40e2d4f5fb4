import { gzipSync } from 'node:zlib';
import { generateKeyPair, exportJWK, SignJWT } from 'jose';
import { Agent } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JoinTokensService } from '../../../src/clusters/join/join-tokens.service.js';
import { HubClient } from '../../../src/dispatch/agent/hub-client.js';
import type { WatchEvent } from '../../../src/dispatch/protocol/delivery.js';
import type { SessionRequest } from '../../../src/dispatch/protocol/join.js';
import { digestBytes } from '../../../src/kernel/digest.js';
import { RandomIds } from '../../../src/kernel/ids.js';
import { ADMIN } from '../../support/clusters.js';
import { delivery, startGateway, type TestGateway } from '../../support/gateway.js';

const START: SessionRequest = {
  protocolVersions: [1],
  kubeSystemUid: 'uid',
  facts: { kubernetesVersion: 'v1.36.0', agentVersion: '0.1.0', apis: [] },
};

describe("the agent's own client against the gateway", () => {
  let hub: TestGateway;
  let client: HubClient;
  const dispatcher = new Agent();
  const identity = { clusterUid: '', hubId: '' };
  beforeAll(async () => {
    hub = await startGateway();
    const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
    const assertion = async (): Promise<string> => {
      const now = Math.floor(hub.clock.now().getTime() / 1000);
      const claims = new SignJWT({}).setProtectedHeader({ alg: 'EdDSA' }).setJti(new RandomIds().uuid());
      return claims
        .setIssuer(identity.clusterUid)
        .setSubject(identity.clusterUid)
        .setAudience(identity.hubId)
        .setIssuedAt(now)
        .setExpirationTime(now + 60)
        .sign(privateKey);
    };
    client = new HubClient({ url: hub.url, dispatcher, assertion });
    const { secret } = await hub.app.get(JoinTokensService, { strict: false }).create(ADMIN, {});
    const joined = await client.join({
      token: secret,
      cluster: 'member',
      publicKey: (await exportJWK(publicKey)).x ?? '',
      kubeSystemUid: 'uid',
      protocolVersions: [1],
      agentVersion: '0.1.0',
    });
    Object.assign(identity, { clusterUid: joined.clusterUid, hubId: joined.hubId });
  });
  afterAll(async () => {
    await dispatcher.destroy();
    await hub.close();
  });

  it('watches, downloads and reports', async () => {
    const text = '{"objects":[],"version":1}';
    hub.bundles.stored.set(digestBytes(text), { gzip: gzipSync(text) });
    const settings = { application: 'guestbook' };
    const [settingsDigest = ''] = await hub.db.transactions.run((tx) => hub.documents.save(tx, [settings]));
    await hub.deliver(delivery(identity.clusterUid, { bundleDigest: digestBytes(text), settingsDigest }));
    const { session } = await client.openSession(START);
    const abort = new AbortController();
    const events: WatchEvent[] = [];
    for await (const event of client.watch(session, undefined, abort.signal)) {
      events.push(event);
      if (event.type === 'snapshot-end') break;
    }
    expect(events.map((event) => event.type)).toEqual(['snapshot', 'delivery', 'snapshot-end']);
    expect(await client.bundle(digestBytes(text))).toBe(text);
    expect(await client.document('settings', settingsDigest)).toEqual(settings);
    await client.report({ session, sequence: 1, applications: [], unowned: [], facts: null });
  });

  it('understands that its session was replaced', async () => {
    const { session } = await client.openSession(START);
    await client.openSession(START);
    const late = { session, sequence: 1, applications: [], unowned: [], facts: null };
    await expect(client.report(late)).rejects.toMatchObject({ kind: 'conflict', code: 'SESSION_ENDED' });
    await expect(client.watch(session, undefined, new AbortController().signal).next()).rejects.toMatchObject({
      code: 'SESSION_ENDED',
    });
  });

  it('understands why it may not have a bundle', async () => {
    await expect(client.bundle('sha256:foreign')).rejects.toMatchObject({ kind: 'forbidden', code: 'NOT_DELIVERED' });
  });
});
