import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Member } from '../../support/member.js';
import { configMap } from '../../support/workloads.js';

const SETTINGS = '/ConfigMap/shop/settings';
const MANUAL = { automated: false, selfHeal: false, prune: false };

describe('an agent carrying out operations', () => {
  let member: Member;
  beforeEach(async () => {
    member = new Member();
    await member.open();
  });
  afterEach(() => member.close());

  it('applies nothing of an Application without automation until an operation asks', async () => {
    member.hub.deliver({ uid: 'web', objects: [configMap('settings')], settings: MANUAL });
    const waiting = await member.verdict('web', ({ sync }) => sync === 'OutOfSync');
    expect(waiting).toMatchObject({ health: 'Missing', operation: null });
    member.hub.deliver({ uid: 'web', objects: [configMap('settings')], settings: MANUAL, operation: { id: 'op-1' } });
    const done = await member.verdict('web');
    expect(done.operation).toMatchObject({ id: 'op-1', phase: 'Succeeded' });
  });

  it('runs an operation once by its id, across a restart too', async () => {
    member.hub.deliver({ uid: 'web', objects: [configMap('settings')], settings: MANUAL, operation: { id: 'op-1' } });
    await member.verdict('web');
    member.delete(SETTINGS);
    await member.verdict('web', ({ sync }) => sync === 'OutOfSync');
    await member.stopAgent();
    member.hub.verdicts.clear();
    await member.startAgent();
    const verdict = await member.verdict('web', ({ sync }) => sync === 'OutOfSync');
    expect(verdict.operation).toMatchObject({ id: 'op-1', phase: 'Succeeded' });
    expect(member.live(SETTINGS)).toBeUndefined();
  });

  it('refuses an operation after its deadline', async () => {
    const operation = { id: 'op-late', notAfter: '2020-01-01T00:00:00Z' };
    member.hub.deliver({ uid: 'web', objects: [configMap('settings')], settings: MANUAL, operation });
    const verdict = await member.verdict('web', (report) => report.operation !== null);
    expect(verdict.operation).toMatchObject({ id: 'op-late', phase: 'Failed' });
    expect(member.live(SETTINGS)).toBeUndefined();
  });

  it('prunes with an operation only when it says so', async () => {
    const objects = [configMap('settings'), configMap('left')];
    member.hub.deliver({ uid: 'web', objects, settings: MANUAL, operation: { id: 'op-1' } });
    await member.verdict('web');
    const less = { uid: 'web', objects: [configMap('settings')], settings: MANUAL };
    member.hub.deliver({ ...less, operation: { id: 'op-2' } });
    await member.verdict('web', ({ operation }) => operation?.id === 'op-2' && operation.phase === 'Succeeded');
    expect(member.live('/ConfigMap/shop/left')).toBeDefined();
    member.hub.deliver({ ...less, operation: { id: 'op-3', prune: true } });
    await member.verdict('web', ({ operation }) => operation?.id === 'op-3' && operation.phase === 'Succeeded');
    expect(member.live('/ConfigMap/shop/left')).toBeUndefined();
  });

  it('fails an operation whose object is refused by the cluster, with the reason', async () => {
    const isApply = (method: string, path: string): boolean => method === 'PATCH' && path.endsWith('/settings');
    member.cluster.faults.plant({ status: 422, matches: isApply }, Infinity);
    member.hub.deliver({ uid: 'web', objects: [configMap('settings')], settings: MANUAL, operation: { id: 'op-1' } });
    const verdict = await member.verdict('web', ({ operation }) => operation?.phase === 'Failed');
    expect(verdict.operation?.message).toContain('settings');
  });
});
