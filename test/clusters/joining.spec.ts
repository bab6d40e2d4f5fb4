import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JoinTokenRequest } from '../../src/clusters/join/join-tokens.service.js';
import type { JoinRequest } from '../../src/dispatch/protocol/join.js';
import { ADMIN, clusterServices, type ClusterServices } from '../support/clusters.js';
import { HeldClock } from '../support/held-clock.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

const KEY = 'A'.repeat(43);
const OTHER_KEY = 'B'.repeat(43);

describe('Joining', () => {
  let db: TestDatabase;
  let clock: HeldClock;
  let room: ClusterServices;
  beforeAll(async () => {
    db = await createTestDatabase();
    clock = new HeldClock();
    room = clusterServices(db, clock);
  });
  afterAll(() => db.close());

  const mint = async (request: JoinTokenRequest = {}) => room.tokens.create(ADMIN, request);
  const request = (token: string, cluster: string, rest: Partial<JoinRequest> = {}): JoinRequest => ({
    token,
    cluster,
    publicKey: KEY,
    kubeSystemUid: `uid-of-${cluster}`,
    protocolVersions: [1],
    agentVersion: '0.1.0',
    ...rest,
  });
  const cluster = (name: string) => db.store.find({ kind: 'Cluster', namespace: 'argocd', name });
  const usesLeft = async (id: string) => (await room.tokens.list(ADMIN)).find((token) => token.id === id)?.usesLeft;

  it('creates the Cluster with the labels of the token', async () => {
    const { secret } = await mint({ labels: { env: 'prod' } });
    const joined = await room.joining.join(request(secret, 'c1'));
    const { object, scope } = (await cluster('c1'))!;
    expect(object.metadata).toMatchObject({
      uid: joined.clusterUid,
      labels: { env: 'prod', 'argocd.argoproj.io/secret-type': 'cluster' },
    });
    expect(object.spec).toEqual({});
    expect(scope.cluster).toBe('c1');
  });

  it('leaves the labels of a Cluster that an admin wrote before', async () => {
    await db.transactions.run((tx) =>
      db.store.insert(tx, [
        {
          object: {
            apiVersion: 'fleetwright.io/v1alpha1',
            kind: 'Cluster',
            metadata: { name: 'made', namespace: 'argocd', labels: { by: 'admin' } },
            spec: {},
          },
          scope: { cluster: 'made' },
        },
      ]),
    );
    const { secret } = await mint({ labels: { by: 'token' } });
    await room.joining.join(request(secret, 'made'));
    expect((await cluster('made'))?.object.metadata.labels).toEqual({ by: 'admin' });
  });

  it('stores no secret', async () => {
    const { secret } = await mint();
    const rows = await db.transactions.query('select * from join_tokens');
    expect(JSON.stringify(rows)).not.toContain(secret.replace('fwjoin_', ''));
  });

  it('refuses unknown, expired, revoked and used up tokens in the same words', async () => {
    const used = await mint();
    await room.joining.join(request(used.secret, 'first'));
    const revoked = await mint();
    await room.tokens.revoke(ADMIN, revoked.token.id);
    const expired = await mint({ hours: 1 });
    clock.advance(3_600);
    const refusals = await Promise.all(
      [used.secret, revoked.secret, expired.secret, 'fwjoin_guess'].map((secret) =>
        room.joining.join(request(secret, 'second')).catch((error: unknown) => error as Error & { code: string }),
      ),
    );
    expect(refusals.map((error) => 'code' in error && error.code)).toEqual(Array(4).fill('JOIN_TOKEN_INVALID'));
    expect(new Set(refusals.map((error) => 'message' in error && error.message)).size).toBe(1);
    expect(await cluster('second')).toBeUndefined();
  });

  it('lets a token with one use left admit one of two clusters that race for it', async () => {
    const { secret } = await mint();
    const results = await Promise.allSettled(
      ['race-a', 'race-b'].map((name) => room.joining.join(request(secret, name))),
    );
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('admits only names with the prefix of the token, and audits the attempt', async () => {
    const { secret } = await mint({ namePrefix: 'edge-', uses: 2 });
    await expect(room.joining.join(request(secret, 'core-1'))).rejects.toMatchObject({ code: 'JOIN_NAME_REFUSED' });
    await room.joining.join(request(secret, 'edge-1'));
    const denied = await db.transactions.query(
      `select reason from audit_entries where object = 'core-1' and decision = 'denied'`,
    );
    expect(denied).toEqual([{ reason: 'JOIN_NAME_REFUSED' }]);
  });

  it('refuses names no Kubernetes object could have, and the name of the hub itself', async () => {
    const { secret } = await mint({ uses: 5 });
    for (const name of ['Upper', 'a/b', 'in-cluster', '-x']) {
      await expect(room.joining.join(request(secret, name))).rejects.toMatchObject({ code: 'JOIN_NAME_INVALID' });
    }
  });

  it('refuses a second cluster that claims a name, and a cluster that claims a second name', async () => {
    const { secret, token } = await mint({ uses: 5 });
    await room.joining.join(request(secret, 'claimed'));
    const otherUid = request(secret, 'claimed', { kubeSystemUid: 'uid-of-a-twin' });
    await expect(room.joining.join(otherUid)).rejects.toMatchObject({ code: 'JOIN_CLUSTER_CLAIMED' });
    const otherName = request(secret, 'renamed', { kubeSystemUid: 'uid-of-claimed' });
    await expect(room.joining.join(otherName)).rejects.toMatchObject({ code: 'JOIN_CLUSTER_CLAIMED' });
    expect(await usesLeft(token.id)).toBe(4);
    expect(await cluster('renamed')).toBeUndefined();
  });

  it('answers a join again whose answer was lost, without a second use', async () => {
    const { secret, token } = await mint();
    const first = await room.joining.join(request(secret, 'lost'));
    expect(await room.joining.join(request(secret, 'lost'))).toEqual(first);
    expect(await usesLeft(token.id)).toBe(0);
    const otherKey = request(secret, 'lost', { publicKey: OTHER_KEY });
    await expect(room.joining.join(otherKey)).rejects.toMatchObject({ code: 'JOIN_TOKEN_INVALID' });
  });

  it('lets a cluster that lost its key join again with a valid token, ending its session', async () => {
    const first = await mint();
    const { clusterUid } = await room.joining.join(request(first.secret, 'rekeyed'));
    const agent = (await room.agents.find(clusterUid))!;
    await room.sessions.open(agent, {
      protocolVersions: [1],
      kubeSystemUid: 'uid-of-rekeyed',
      facts: { kubernetesVersion: 'v1.36.0', agentVersion: '0.1.0', apis: [] },
    });
    const second = await mint();
    await room.joining.join(request(second.secret, 'rekeyed', { publicKey: OTHER_KEY }));
    expect(await room.agents.find(clusterUid)).toMatchObject({ publicKey: OTHER_KEY, clusterUid });
    expect((await room.agents.find(clusterUid))?.session).toBeUndefined();
  });

  it('refuses agents of a protocol it does not speak', async () => {
    const { secret } = await mint();
    const future = request(secret, 'future', { protocolVersions: [99] });
    await expect(room.joining.join(future)).rejects.toMatchObject({ code: 'PROTOCOL_UNSUPPORTED' });
  });

  it('lets only those make tokens who may create such clusters', async () => {
    const stranger = { type: 'token', id: '2', name: 'ci', admin: false, project: 'team-a', role: 'dev' } as const;
    await expect(room.tokens.create(stranger, {})).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(room.tokens.list(stranger)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('refuses tokens without end, without uses or with impossible labels', async () => {
    for (const wrong of [{ uses: 0 }, { hours: 100_000 }, { labels: { 'a b': 'c' } }, { namePrefix: 'No' }]) {
      await expect(mint(wrong)).rejects.toMatchObject({ code: 'INVALID_JOIN_TOKEN' });
    }
  });
});
