import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Member } from '../../support/member.js';
import { until } from '../../support/until.js';
import { widgetDefinition } from '../../support/manifests.js';
import { configMap } from '../../support/workloads.js';

describe('an agent and its hub', () => {
  let member: Member;
  beforeEach(async () => {
    member = new Member();
    await member.open();
  });
  afterEach(() => member.close());

  const sessions = (count: number) =>
    until(
      () => (member.hub.sessions.length >= count ? true : undefined),
      () => `${count} sessions`,
    );

  it('joins once; later starts use the key kept in the cluster', async () => {
    await sessions(1);
    await member.stopAgent();
    await member.startAgent();
    await sessions(2);
    expect(member.hub.joins).toEqual(['join-me']);
  });

  it('does not start without an identity or a token', async () => {
    const stranger = new Member();
    await expect(stranger.open({ joinToken: undefined })).rejects.toMatchObject({ code: 'NOT_JOINED' });
    await stranger.close();
  });

  it('does not start with a token that the hub refuses', async () => {
    const stranger = new Member();
    await expect(stranger.open({ joinToken: 'made-up' })).rejects.toMatchObject({ code: 'JOIN_TOKEN' });
    await stranger.close();
  });

  it('tells what the cluster serves, and again when that changes', async () => {
    await sessions(1);
    const apis = member.hub.sessions[0]?.facts.apis ?? [];
    expect(apis).toContainEqual({
      group: 'apps',
      version: 'v1',
      kind: 'Deployment',
      resource: 'deployments',
      namespaced: true,
    });
    member.hub.deliver({ uid: 'web', objects: [widgetDefinition()] });
    await until(
      () => member.hub.reports.find(({ facts }) => facts?.apis?.some(({ kind }) => kind === 'Widget')),
      () => 'a report that the cluster serves Widgets',
    );
  });

  it('tells no API list when discovery is not whole', async () => {
    await sessions(1);
    await member.stopAgent();
    const isApps = (_method: string, path: string): boolean => path.endsWith('/apis/apps/v1');
    member.cluster.faults.plant({ status: 503, matches: isApps }, Infinity);
    await member.startAgent();
    await sessions(2);
    expect(member.hub.sessions.at(-1)?.facts.apis).toBeNull();
  });

  it('goes on from its cursor when the stream breaks', async () => {
    member.hub.deliver({ uid: 'web', objects: [configMap('settings')] });
    await member.verdict('web');
    member.hub.hangUp();
    member.hub.deliver({ uid: 'next', objects: [configMap('next')] });
    await member.verdict('next');
    expect(member.hub.sessions).toHaveLength(1);
  });

  it('opens another session when its own was ended, and reports everything again', async () => {
    member.hub.deliver({ uid: 'web', objects: [configMap('settings')] });
    await member.verdict('web');
    member.hub.verdicts.clear();
    member.hub.session = 'of another replica';
    member.hub.hangUp();
    await member.verdict('web');
    expect(member.hub.sessions.length).toBeGreaterThan(1);
  });

  it('reports what happened while the hub was away', async () => {
    member.hub.deliver({ uid: 'web', objects: [configMap('settings')], settings: { selfHeal: false } });
    await member.verdict('web');
    await member.hub.stop();
    member.delete('/ConfigMap/shop/settings');
    await member.hub.start();
    const verdict = await member.verdict('web', ({ sync }) => sync === 'OutOfSync');
    expect(verdict.resources).toMatchObject([{ name: 'settings', health: 'Missing' }]);
  });

  it('ignores deliveries meant for another cluster', async () => {
    const row = member.hub.deliver({ uid: 'web', objects: [configMap('settings')] });
    await member.verdict('web');
    member.hub.rows.set('alien', { ...row, applicationUid: 'alien', clusterUid: 'other', position: 2 });
    member.hub.position = 2;
    member.hub.hangUp();
    await until(
      () => member.log.messages().find((message) => message.includes('another hub or cluster')),
      () => 'the delivery is ignored',
    );
    expect(member.hub.verdicts.has('alien')).toBe(false);
  });
});
