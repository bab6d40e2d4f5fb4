import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../../../src/kernel/object.js';
import { widgetDefinition } from '../../support/manifests.js';
import { Member } from '../../support/member.js';
import { configMap, deployment, wave } from '../../support/workloads.js';

describe('an agent applying bundles', () => {
  let member: Member;
  beforeEach(async () => {
    member = new Member({ readyAfterMs: 100 });
    await member.open();
  });
  afterEach(() => member.close());

  it('applies a bundle, stamps its objects and reports them Synced and Healthy', async () => {
    member.hub.deliver({ uid: 'web', objects: [deployment('web'), configMap('settings')] });
    const verdict = await member.verdict('web');
    expect(verdict).toMatchObject({
      position: 1,
      counts: { total: 2, synced: 2, healthy: 2 },
      resources: [],
      gone: false,
    });
    expect(member.live('/ConfigMap/shop/settings')?.metadata).toMatchObject({
      labels: { 'fleetwright.io/hub': 'hub-1' },
      annotations: { 'argocd.argoproj.io/tracking-id': 'web:/ConfigMap:shop/settings' },
    });
  });

  it('starts a wave only when the one before it is healthy', async () => {
    member.hub.deliver({ uid: 'web', objects: [configMap('late', {}, wave(1)), deployment('early')] });
    await member.appears('/ConfigMap/shop/late');
    expect(member.live('apps/Deployment/shop/early')?.status).toMatchObject({ availableReplicas: 2 });
    await member.verdict('web');
  });

  it('tells what it waits for between waves', async () => {
    const paused = deployment('early');
    Object.assign(paused.spec as object, { paused: true });
    member.hub.deliver({ uid: 'web', objects: [configMap('late', {}, wave(1)), paused] });
    const verdict = await member.verdict('web', ({ message }) => message.includes('waiting'));
    expect(verdict).toMatchObject({ sync: 'OutOfSync', health: 'Suspended' });
    expect(member.live('/ConfigMap/shop/late')).toBeUndefined();
  });

  it('applies definitions before their instances', async () => {
    const widget = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'one' }, spec: { size: 1 } };
    member.hub.deliver({ uid: 'web', objects: [widget, widgetDefinition()] });
    await member.verdict('web');
    expect(member.live('example.com/Widget/shop/one')?.spec).toEqual({ size: 1 });
  });

  it('reports a kind that is not served, and goes on when it is', async () => {
    const widget = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'one' }, spec: { size: 1 } };
    member.hub.deliver({ uid: 'web', objects: [widget, configMap('settings')] });
    const verdict = await member.verdict('web', ({ resources }) => resources.length > 0);
    expect(verdict.resources[0]?.message).toMatch(/does not serve Widget/);
    expect(member.live('/ConfigMap/shop/settings')).toBeDefined();
    member.cluster.create(widgetDefinition());
    await member.verdict('web');
  });

  it('names hooks as not run, and runs the rest', async () => {
    const hook = configMap('migrate', {}, { annotations: { 'argocd.argoproj.io/hook': 'PreSync' } });
    member.hub.deliver({ uid: 'web', objects: [hook, configMap('settings')] });
    const verdict = await member.verdict('web');
    expect(verdict.message).toMatch(/1 hook\(s\) not run/);
    expect(verdict.resources).toMatchObject([{ name: 'migrate', sync: 'Unknown' }]);
    expect(member.live('/ConfigMap/shop/migrate')).toBeUndefined();
  });

  it('creates the destination namespace only where the Application asks for it', async () => {
    member.hub.deliver({ uid: 'web', objects: [configMap('settings')], settings: { syncOptions: [] } });
    const verdict = await member.verdict('web', ({ resources }) => resources.length > 0);
    expect(verdict).toMatchObject({ sync: 'OutOfSync', health: 'Missing' });
    expect(member.live('/Namespace//shop')).toBeUndefined();
    member.hub.deliver({ uid: 'web', objects: [configMap('settings')] });
    await member.verdict('web');
  });

  it('applies only what changed when a new bundle comes', async () => {
    member.hub.deliver({ uid: 'web', objects: [configMap('same'), configMap('other', { key: 'old' })] });
    await member.verdict('web');
    const before = member.live('/ConfigMap/shop/same')?.metadata.resourceVersion;
    member.hub.deliver({ uid: 'web', objects: [configMap('same'), configMap('other', { more: 'new' })] });
    await member.verdict('web', ({ position, sync }) => position === 2 && sync === 'Synced');
    expect(member.live('/ConfigMap/shop/other')?.data).toEqual({ more: 'new' });
    expect(member.live('/ConfigMap/shop/same')?.metadata.resourceVersion).toBe(before);
  });

  it('does not fight over an object that two Applications want', async () => {
    member.hub.deliver({ uid: 'first', objects: [configMap('shared', { by: 'first' })] });
    await member.verdict('first');
    member.hub.deliver({ uid: 'second', objects: [configMap('shared', { by: 'second' })] });
    const verdict = await member.verdict('second', ({ resources }) => resources.length > 0);
    expect(verdict.resources[0]?.message).toMatch(/Application first/);
    expect(member.live('/ConfigMap/shop/shared')?.data).toEqual({ by: 'first' });
    member.hub.deliver({ uid: 'first', objects: [] });
    await member.verdict('second');
    expect(member.live('/ConfigMap/shop/shared')?.data).toEqual({ by: 'second' });
  });

  it('only compares an Application that is observed', async () => {
    member.hub.deliver({ uid: 'web', intent: 'observe', objects: [configMap('settings')] });
    const verdict = await member.verdict('web', ({ sync }) => sync === 'OutOfSync');
    expect(verdict.resources).toMatchObject([{ name: 'settings', health: 'Missing' }]);
    expect(member.live('/ConfigMap/shop/settings')).toBeUndefined();
  });

  it('keeps a Secret that a bundle renders, with the same verdict however its data is spelled', async () => {
    const secret: KubernetesObject = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'key' },
      stringData: { a: 'b' },
    };
    member.hub.deliver({ uid: 'web', objects: [secret] });
    const verdict = await member.verdict('web');
    expect(verdict.healed).toBe(0);
  });
});
