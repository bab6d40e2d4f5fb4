import { generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReplayGuard } from '../../../src/dispatch/gateway/auth/replay-guard.js';
import { RandomIds } from '../../../src/kernel/ids.js';
import { postJoin, startGateway, type Claims, type TestAgent, type TestGateway } from '../../support/gateway.js';

describe('authentication of agents', () => {
  let hub: TestGateway;
  let agent: TestAgent;
  beforeAll(async () => {
    hub = await startGateway();
    agent = await hub.join('c1');
  });
  afterAll(() => hub.close());

  const call = async (assertion: string): Promise<{ status: number; code?: string; message?: string }> => {
    const answer = await agent.get('settings/sha256:none', assertion);
    const { message, details } = (await answer.json()) as { message: string; details: { code: string } };
    return { status: answer.status, code: details.code, message };
  };
  const callWith = async (claims: Claims) => call(await agent.assertion(claims));
  const now = () => Math.floor(hub.clock.now().getTime() / 1000);

  it('lets a joined agent in', async () => {
    expect(await callWith({})).toMatchObject({ status: 403, code: 'NOT_DELIVERED' });
  });

  it('refuses an assertion that was used before', async () => {
    const assertion = await agent.assertion();
    await call(assertion);
    expect(await call(assertion)).toMatchObject({ status: 401, code: 'ASSERTION_REPLAYED' });
  });

  it('refuses one that has expired, is of the future, or would live too long', async () => {
    expect(await callWith({ issuedAt: now() - 91 })).toMatchObject({ status: 401, code: 'ASSERTION_EXPIRED' });
    expect(await callWith({ issuedAt: now() + 60 })).toMatchObject({ status: 401, code: 'ASSERTION_EARLY' });
    expect(await callWith({ lifetime: 61 })).toMatchObject({ status: 401, code: 'ASSERTION_INVALID' });
  });

  it('says on which side the clock of an agent is wrong, and by how much', async () => {
    const { message: late } = await callWith({ issuedAt: now() - 7200 });
    expect(late).toMatch(/agent's clock is 720\d s behind the hub's/);
    const { message: early } = await callWith({ issuedAt: now() + 7200 });
    expect(early).toMatch(/agent's clock is 7\d\d\d s ahead of the hub's/);
  });

  it('forgives a clock that differs by half a minute', async () => {
    expect(await callWith({ issuedAt: now() - 89 })).toMatchObject({ status: 403 });
    expect(await callWith({ issuedAt: now() + 29 })).toMatchObject({ status: 403 });
  });

  it('refuses one that was meant for another hub', async () => {
    expect(await callWith({ audience: 'another hub' })).toMatchObject({ status: 401, code: 'ASSERTION_INVALID' });
  });

  it('refuses another key and an unknown cluster in the same words', async () => {
    const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
    const wrongKey = await callWith({ key: privateKey });
    const unknown = await callWith({ issuer: new RandomIds().uuid() });
    expect(wrongKey.status).toBe(401);
    expect(unknown).toEqual(wrongKey);
  });

  it('refuses to let one agent speak for another', async () => {
    const other = await hub.join('c2');
    expect(await callWith({ issuer: other.clusterUid })).toMatchObject({ status: 401 });
  });

  it('refuses a call without an assertion, or with something else', async () => {
    for (const authorization of ['', 'garbage', 'a.b.c', `${'x'.repeat(5_000)}.y.z`]) {
      expect(await call(authorization)).toMatchObject({ status: 401, code: 'ASSERTION_INVALID' });
    }
  });

  it('refuses an agent whose cluster was removed', async () => {
    const removed = await hub.join('removed');
    await removed.openSession();
    await hub.db.transactions.run((tx) => hub.db.store.delete(tx, [removed.clusterUid]));
    hub.clock.advance(5);
    expect((await removed.get('watch?session=x')).status).toBe(401);
  });

  it('slows down who guesses join tokens, and nobody else', async () => {
    const guess = () =>
      postJoin(hub.url, {
        token: 'fwjoin_guess',
        cluster: 'guessed',
        publicKey: 'A'.repeat(43),
        kubeSystemUid: 'u',
        protocolVersions: [1],
        agentVersion: '0',
      });
    const statuses: number[] = [];
    for (let index = 0; index < 11; index++) statuses.push((await guess()).status);
    expect(statuses).toEqual([...Array<number>(10).fill(401), 429]);
    hub.clock.advance(60);
    await expect(hub.join('c3')).resolves.toBeDefined();
  });

  it('answers a malformed message with the faults of its fields', async () => {
    const answer = await postJoin(hub.url, { token: 5 });
    expect(answer.status).toBe(422);
    const { details } = (await answer.json()) as { details: { code: string; faults: { path: string }[] } };
    expect(details.code).toBe('INVALID_MESSAGE');
    expect(details.faults.map((fault) => fault.path)).toContain('token');
  });
});

describe('ReplayGuard', () => {
  it('remembers for the whole window, however it turns', () => {
    const guard = new ReplayGuard(100, 10);
    expect(guard.take('a', 1_099)).toBe('first');
    expect(guard.take('a', 1_198)).toBe('repeated');
    expect(guard.take('b', 1_199)).toBe('first');
    expect(guard.take('b', 1_298)).toBe('repeated');
  });

  it('forgets what no assertion can repeat any more', () => {
    const guard = new ReplayGuard(100, 10);
    guard.take('a', 0);
    guard.take('b', 500);
    expect(guard.take('a', 900)).toBe('first');
  });

  it('refuses rather than forgets when it is full', () => {
    const guard = new ReplayGuard(100, 2);
    guard.take('a', 0);
    guard.take('b', 0);
    expect(guard.take('c', 0)).toBe('full');
    expect(guard.take('a', 0)).toBe('repeated');
  });
});
