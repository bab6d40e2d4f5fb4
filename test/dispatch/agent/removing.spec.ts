import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TRACKING_ANNOTATION } from '../../../src/rendering/domain/stamp.js';
import { Member } from '../../support/member.js';
import { until } from '../../support/until.js';
import { configMap, deployment, wave } from '../../support/workloads.js';

const KEPT = '/ConfigMap/shop/kept';
const LEFT = '/ConfigMap/shop/left';
const isPast = (position: number) => (report: { position: number }) => report.position === position;

describe('an agent removing objects', () => {
  let member: Member;
  beforeEach(async () => {
    member = new Member();
    await member.open();
    member.hub.deliver({ uid: 'web', objects: [configMap('kept'), configMap('left')] });
    await member.verdict('web');
  });
  afterEach(() => member.close());

  it('prunes what left the bundle', async () => {
    member.hub.deliver({ uid: 'web', objects: [configMap('kept')] });
    await member.disappears(LEFT);
    const verdict = await member.verdict('web', ({ position, sync }) => position === 2 && sync === 'Synced');
    expect(verdict.counts.total).toBe(1);
    expect(member.live(KEPT)).toBeDefined();
  });

  it('keeps what left the bundle while its removal awaits approval', async () => {
    member.hub.deliver({ uid: 'web', objects: [configMap('kept')], heldPrunes: [LEFT] });
    const verdict = await member.verdict('web', isPast(2));
    expect(verdict).toMatchObject({ sync: 'OutOfSync', resources: [{ name: 'left' }] });
    expect(verdict.resources[0]?.message).toMatch(/approval/);
    expect(member.live(LEFT)).toBeDefined();
    member.hub.deliver({ uid: 'web', objects: [configMap('kept')] });
    await member.disappears(LEFT);
  });

  it('keeps what left the bundle where pruning is off, and says so', async () => {
    member.hub.deliver({ uid: 'web', objects: [configMap('kept')], settings: { prune: false } });
    const verdict = await member.verdict('web', isPast(2));
    expect(verdict.resources[0]?.message).toMatch(/not asked for/);
    expect(member.live(LEFT)).toBeDefined();
  });

  it('keeps an object that asks to be kept', async () => {
    member.edit(LEFT, ({ metadata }) => {
      metadata.annotations = { ...metadata.annotations, 'argocd.argoproj.io/sync-options': 'Prune=false' };
    });
    member.hub.deliver({ uid: 'web', objects: [configMap('kept')] });
    await member.verdict('web', isPast(2));
    expect(member.live(LEFT)).toBeDefined();
  });

  it('keeps an object whose tracking id names someone else by now', async () => {
    member.hub.deliver({ uid: 'web', objects: [configMap('kept'), configMap('left')], settings: { selfHeal: false } });
    await member.verdict('web', isPast(2));
    member.edit(LEFT, ({ metadata }) => {
      metadata.annotations = { ...metadata.annotations, [TRACKING_ANNOTATION]: 'other:/ConfigMap:shop/left' };
    });
    member.hub.deliver({ uid: 'web', objects: [configMap('kept')] });
    await member.verdict('web', ({ position, sync }) => position === 3 && sync === 'Synced');
    expect(member.live(LEFT)).toBeDefined();
  });

  it('never removes by absence, and reports what the hub does not name', async () => {
    member.hub.rows.clear();
    member.hub.epoch = 'epoch-2';
    member.hub.hangUp();
    await until(
      () => member.hub.reports.findLast(({ unowned }) => unowned.length > 0),
      () => 'a report of unowned Applications',
    );
    expect(member.hub.reports.at(-1)?.unowned).toEqual(['web']);
    expect(member.live(KEPT)).toBeDefined();
    member.delete(KEPT);
    await member.appears(KEPT);
  });

  it('removes nothing for a hub whose history was rewound, until it commits anew', async () => {
    const row = member.hub.deliver({ uid: 'web', objects: [configMap('kept')], heldPrunes: [LEFT] });
    await member.verdict('web', isPast(2));
    await member.stopAgent();
    member.hub.epoch = 'epoch-2';
    member.hub.rows.set('web', { ...row, epoch: 'epoch-2', heldPrunes: [] });
    await member.startAgent();
    const verdict = await member.verdict('web', ({ resources }) => /rewound/.test(resources[0]?.message ?? ''));
    expect(verdict.sync).toBe('OutOfSync');
    expect(member.live(LEFT)).toBeDefined();
    member.hub.deliver({ uid: 'web', objects: [configMap('kept')] });
    await member.disappears(LEFT);
  });

  it('holds back a prune of a hub that is behind what the agent has read', async () => {
    member.hub.deliver({ uid: 'other', objects: [] });
    await member.verdict('other');
    await member.stopAgent();
    member.hub.deliver({ uid: 'web', intent: 'prune', position: 1 });
    await member.startAgent();
    const verdict = await member.verdict('web', ({ message }) => message.includes('held back'));
    expect(verdict.gone).toBe(false);
    expect(member.live(KEPT)).toBeDefined();
  });

  it('does not believe a snapshot that lost a line', async () => {
    member.hub.deliver({ uid: 'other', objects: [] });
    await member.verdict('other');
    await member.stopAgent();
    let cut = 0;
    member.hub.tamperSnapshot = (events) => (cut++ === 0 ? events.filter((_, index) => index !== 1) : events);
    await member.startAgent();
    await until(
      () => (cut > 1 ? true : undefined),
      () => 'a second snapshot',
    );
    member.hub.deliver({ uid: 'third', objects: [] });
    await member.verdict('third');
    expect(member.hub.reports.every(({ unowned }) => unowned.length === 0)).toBe(true);
  });

  it('acknowledges a prune only when the objects are gone, the last wave first', async () => {
    const held = configMap('held', {}, { ...wave(1), finalizers: ['example.com/wait'] });
    member.hub.deliver({ uid: 'web', objects: [configMap('kept'), configMap('left'), held] });
    await member.verdict('web', ({ position, sync }) => position === 2 && sync === 'Synced');
    member.hub.deliver({ uid: 'web', intent: 'prune' });
    const waiting = await member.verdict('web', isPast(3));
    expect(waiting.gone).toBe(false);
    expect(member.live('/ConfigMap/shop/held')?.metadata.deletionTimestamp).toBeDefined();
    expect(member.live(KEPT)).toBeDefined();
    member.edit('/ConfigMap/shop/held', ({ metadata }) => delete metadata.finalizers);
    await member.verdict('web', ({ gone }) => gone);
    expect([member.live(KEPT), member.live(LEFT), member.live('/ConfigMap/shop/held')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(member.hub.rows.has('web')).toBe(false);
  });

  it('leaves what asks to outlive its Application', async () => {
    const keep = { annotations: { 'helm.sh/resource-policy': 'keep' } };
    member.hub.deliver({ uid: 'web', objects: [configMap('kept', {}, keep), configMap('left')] });
    await member.verdict('web', ({ position, sync }) => position === 2 && sync === 'Synced');
    member.hub.deliver({ uid: 'web', intent: 'prune' });
    await member.verdict('web', ({ gone }) => gone);
    expect(member.live(KEPT)).toBeDefined();
    expect(member.live(LEFT)).toBeUndefined();
  });

  it('goes on with a prune after a restart', async () => {
    member.hub.deliver({ uid: 'web', objects: [configMap('kept', {}, { finalizers: ['example.com/wait'] })] });
    await member.verdict('web', ({ position, sync }) => position === 2 && sync === 'Synced');
    member.hub.deliver({ uid: 'web', intent: 'prune' });
    await member.verdict('web', isPast(3));
    await member.stopAgent();
    member.edit(KEPT, ({ metadata }) => delete metadata.finalizers);
    await member.startAgent();
    await member.verdict('web', ({ gone }) => gone);
  });

  it('prunes by tracking ids what it has no memory of, and only that', async () => {
    member.hub.deliver({ uid: 'other', objects: [configMap('theirs')] });
    await member.verdict('other');
    await member.stopAgent();
    for (const record of member.cluster.list('', 'ConfigMap', 'fleetwright-agent')) {
      member.delete(`/ConfigMap/fleetwright-agent/${record.metadata.name}`);
    }
    member.hub.deliver({ uid: 'web', intent: 'prune' });
    await member.startAgent();
    await member.verdict('web', ({ gone }) => gone);
    expect([member.live(KEPT), member.live(LEFT)]).toEqual([undefined, undefined]);
    expect(member.live('/ConfigMap/shop/theirs')).toBeDefined();
  });

  it('leaves the objects of an orphaned Application and forgets it', async () => {
    member.hub.deliver({ uid: 'web', intent: 'orphan' });
    await member.verdict('web', ({ gone }) => gone);
    member.delete(LEFT);
    member.hub.deliver({ uid: 'next', objects: [deployment('next')] });
    await member.verdict('next');
    expect(member.live(KEPT)).toBeDefined();
    expect(member.live(LEFT)).toBeUndefined();
    expect(member.cluster.list('', 'ConfigMap', 'fleetwright-agent').filter(isRecord)).toHaveLength(1);
  });
});

function isRecord({ metadata }: { metadata: { labels?: Record<string, string> } }): boolean {
  return metadata.labels?.['fleetwright.io/agent-memory'] === 'application';
}
