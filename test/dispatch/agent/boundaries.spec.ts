import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Member } from '../../support/member.js';
import { configMap } from '../../support/workloads.js';

const NARROW = {
  destinations: [{ server: '*', namespace: 'shop' }],
  clusterResourceWhitelist: [{ group: '', kind: 'Namespace' }],
};

describe('an agent judging deliveries by itself', () => {
  let member: Member;
  beforeEach(() => {
    member = new Member();
  });
  afterEach(() => member.close());

  it('refuses a bundle whole when one object leaves its project', async () => {
    await member.open();
    const outside = configMap('outside', {}, { namespace: 'kube-system' });
    member.hub.deliver({ uid: 'web', objects: [configMap('inside'), outside], project: NARROW });
    const verdict = await member.verdict('web', ({ message }) => message.includes('refused'));
    expect(verdict).toMatchObject({ sync: 'Unknown', health: 'Unknown' });
    expect(verdict.message).toContain('kube-system');
    expect(member.live('/ConfigMap/shop/inside')).toBeUndefined();
    member.hub.deliver({ uid: 'web', objects: [configMap('inside')], project: NARROW });
    await member.verdict('web');
  });

  it('refuses a kind that the project does not list', async () => {
    await member.open();
    const role = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'all' },
      rules: [],
    };
    member.hub.deliver({ uid: 'web', objects: [role], project: NARROW });
    const verdict = await member.verdict('web', ({ message }) => message.includes('refused'));
    expect(verdict.message).toContain('ClusterRole');
  });

  it('judges destinations by the server that the settings name', async () => {
    await member.open();
    const project = { ...NARROW, destinations: [{ server: 'https://berlin.example', namespace: '*' }] };
    member.hub.deliver({ uid: 'web', objects: [configMap('settings')], project });
    await member.verdict('web', ({ message }) => message.includes('refused'));
    const settings = { destinationServer: 'https://berlin.example' };
    member.hub.deliver({ uid: 'web', objects: [configMap('settings')], project, settings });
    await member.verdict('web');
  });

  it.each([
    ['projects', { projects: ['team-b'] }],
    ['namespaces', { namespaces: ['team-b-*'] }],
    ['kinds', { kinds: [{ group: 'apps', kind: '*' }] }],
  ])('refuses what its own configuration does not allow: %s', async (_, ceiling) => {
    await member.open({ ceiling });
    member.hub.deliver({ uid: 'web', objects: [configMap('settings')], settings: { syncOptions: [] } });
    const verdict = await member.verdict('web', ({ message }) => message.includes('refused'));
    expect(verdict.message).toContain("the agent's own configuration");
  });

  it("refuses objects of the agent's own memory", async () => {
    await member.open();
    member.hub.deliver({
      uid: 'web',
      objects: [configMap('agent-hub-history', {}, { namespace: 'fleetwright-agent' })],
    });
    const verdict = await member.verdict('web', ({ message }) => message.includes('refused'));
    expect(verdict.message).toContain('belongs to the agent itself');
  });

  it('refuses a bundle that was changed on its way, and takes the right one later', async () => {
    await member.open();
    member.hub.tamper = (text) => text.replace('value', 'poison');
    member.hub.deliver({ uid: 'web', objects: [configMap('settings')] });
    const verdict = await member.verdict('web', ({ message }) => message.includes('corrupt'));
    expect(verdict.sync).toBe('Unknown');
    expect(member.live('/ConfigMap/shop/settings')).toBeUndefined();
    member.hub.tamper = (text) => text;
    await member.verdict('web');
    expect(member.live('/ConfigMap/shop/settings')?.data).toEqual({ key: 'value' });
  });

  it('refuses a bundle whose objects have no name, and applies none of it', async () => {
    await member.open();
    const nameless = { apiVersion: 'v1', kind: 'ConfigMap', metadata: {} } as never;
    member.hub.deliver({ uid: 'web', objects: [configMap('settings'), nameless] });
    const verdict = await member.verdict('web', ({ message }) => message !== '');
    expect(verdict.sync).toBe('Unknown');
    expect(member.live('/ConfigMap/shop/settings')).toBeUndefined();
  });
});
