import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Member } from '../../support/member.js';
import { until } from '../../support/until.js';
import { configMap, deployment } from '../../support/workloads.js';

const WEB = 'apps/Deployment/shop/web';

describe('an agent healing drift', () => {
  let member: Member;
  beforeEach(async () => {
    member = new Member();
    await member.open();
  });
  afterEach(() => member.close());

  const scale = (replicas: number): void =>
    member.edit(WEB, (draft) => Object.assign(draft.spec as object, { replicas }));
  const healed = async (): Promise<void> => {
    await until(
      () => ((member.live(WEB)?.spec as { replicas?: number } | undefined)?.replicas === 2 ? true : undefined),
      () => `${WEB} has its replicas back`,
    );
  };

  it('puts a hand edit back and counts it', async () => {
    member.hub.deliver({ uid: 'web', objects: [deployment('web')] });
    await member.verdict('web');
    scale(7);
    await healed();
    expect(await member.verdict('web', (report) => report.healed === 1 && report.sync === 'Synced')).toBeDefined();
  });

  it('puts back an object that was deleted by hand', async () => {
    member.hub.deliver({ uid: 'web', objects: [configMap('settings')] });
    await member.verdict('web');
    member.delete('/ConfigMap/shop/settings');
    await member.appears('/ConfigMap/shop/settings');
  });

  it('puts back the label by which it watches', async () => {
    member.hub.deliver({ uid: 'web', objects: [configMap('settings')] });
    await member.verdict('web');
    member.edit('/ConfigMap/shop/settings', (draft) => delete draft.metadata.labels?.['fleetwright.io/hub']);
    await until(
      () => member.live('/ConfigMap/shop/settings')?.metadata.labels?.['fleetwright.io/hub'],
      () => 'the label is back',
    );
  });

  it('reports drift and leaves it where self-heal is off', async () => {
    member.hub.deliver({ uid: 'web', objects: [deployment('web')], settings: { selfHeal: false } });
    await member.verdict('web');
    scale(7);
    const verdict = await member.verdict('web', ({ sync }) => sync === 'OutOfSync');
    expect(verdict.resources[0]?.message).toContain('spec.replicas');
    expect(member.live(WEB)?.spec).toMatchObject({ replicas: 7 });
  });

  it('leaves fields alone that only the live object has', async () => {
    member.hub.deliver({ uid: 'web', objects: [configMap('settings')] });
    await member.verdict('web');
    member.edit('/ConfigMap/shop/settings', (draft) => Object.assign(draft.data as object, { theirs: 'stays' }));
    member.hub.deliver({ uid: 'other', objects: [configMap('other')] });
    await member.verdict('other');
    expect(member.live('/ConfigMap/shop/settings')?.data).toEqual({ key: 'value', theirs: 'stays' });
    expect(member.hub.verdicts.get('web')).toMatchObject({ sync: 'Synced', healed: 0 });
  });

  it('stops healing what is frozen', async () => {
    member.hub.deliver({ uid: 'web', objects: [deployment('web')] });
    await member.verdict('web');
    member.hub.deliver({ uid: 'web', objects: [deployment('web')], intent: 'freeze' });
    await member.verdict('web', ({ message }) => message.includes('frozen'));
    scale(7);
    await member.verdict('web', ({ sync }) => sync === 'OutOfSync');
    expect(member.live(WEB)?.spec).toMatchObject({ replicas: 7 });
  });

  it('heals with the hub away', async () => {
    member.hub.deliver({ uid: 'web', objects: [deployment('web')] });
    await member.verdict('web');
    await member.hub.stop();
    scale(7);
    await healed();
  });

  it('goes on after a restart with the hub away', async () => {
    member.hub.deliver({ uid: 'web', objects: [deployment('web')] });
    await member.verdict('web');
    await member.stopAgent();
    await member.hub.stop();
    scale(7);
    await member.startAgent();
    await healed();
  });

  it('fetches bundles again when its disk is lost', async () => {
    member.hub.deliver({ uid: 'web', objects: [deployment('web')] });
    await member.verdict('web');
    await member.stopAgent();
    await member.loseDisk();
    scale(7);
    await member.startAgent();
    await healed();
  });

  it('keeps the last state while a new delivery cannot be read, across a restart too', async () => {
    member.hub.deliver({ uid: 'web', objects: [deployment('web')] });
    await member.verdict('web');
    member.hub.tamper = (text) => `${text} `;
    member.hub.deliver({ uid: 'web', objects: [deployment('web', {}, 'nginx:2')] });
    await member.verdict('web', ({ message }) => message.includes('corrupt'));
    scale(7);
    await healed();
    await member.stopAgent();
    scale(7);
    await member.startAgent();
    await healed();
    member.hub.tamper = (text) => text;
    await member.verdict('web', ({ position, sync }) => position === 2 && sync === 'Synced');
  });

  it('slows down against somebody who keeps changing an object back', async () => {
    member.hub.deliver({ uid: 'web', objects: [deployment('web')] });
    await member.verdict('web');
    for (let edits = 0; edits < 50; edits += 1) {
      scale(7);
      await healed();
    }
    scale(7);
    await member.verdict('web', ({ sync }) => sync === 'OutOfSync');
    expect(member.live(WEB)?.spec).toMatchObject({ replicas: 7 });
    await healed();
  });

  it('builds everything up again when the whole namespace was deleted', async () => {
    member.hub.deliver({ uid: 'web', objects: [deployment('web'), configMap('settings')] });
    await member.verdict('web');
    const before = member.live('/Namespace//shop')?.metadata.uid;
    member.delete('/Namespace//shop');
    await until(
      () => ((member.live('/Namespace//shop')?.metadata.uid ?? before) === before ? undefined : true),
      () => 'another namespace shop',
    );
    await member.verdict('web', ({ sync, counts }) => sync === 'Synced' && counts.total === 2);
    await member.appears(WEB);
  });
});
