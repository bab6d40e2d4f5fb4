import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Member } from '../../support/member.js';
import { until } from '../../support/until.js';
import { configMap } from '../../support/workloads.js';

const SHARED = '/ConfigMap/shop/shared';
const ALONE = '/ConfigMap/shop/alone';

/** A hub whose database was restored makes Applications again under the names they had, with other uids. */
describe('an Application made again by a hub that forgot it', () => {
  let member: Member;
  beforeEach(async () => {
    member = new Member();
    await member.open();
    member.hub.deliver({
      uid: 'former',
      objects: [configMap('shared'), configMap('alone')],
      settings: { instance: 'web' },
    });
    await member.verdict('former');
    member.hub.rows.clear();
    member.hub.epoch = 'epoch-2';
    member.hub.hangUp();
    await until(
      () => member.hub.reports.findLast(({ unowned }) => unowned.includes('former')),
      () => 'the former to be reported as unowned',
    );
  });
  afterEach(() => member.close());

  const makeAgain = (): void => {
    const objects = [configMap('shared', { key: 'new' })];
    member.hub.deliver({ uid: 'heir', objects, settings: { instance: 'web' } });
  };
  const isOnlyTheHeirs = async (): Promise<void> => {
    await member.verdict('heir');
    member.edit(SHARED, (draft) => (draft['data'] = { key: 'by hand' }));
    await until(
      () => (JSON.stringify(member.live(SHARED)?.['data']).includes('new') ? true : undefined),
      () => `the heir to heal ${JSON.stringify(member.live(SHARED)?.['data'])}`,
    );
    await member.verdict('heir');
  };

  it('has its objects to itself', async () => {
    makeAgain();
    await isOnlyTheHeirs();
    await until(
      () => (member.hub.reports.at(-1)?.unowned.length === 0 ? true : undefined),
      () => 'nothing to be unowned',
    );
  });

  it('leaves in place what only the former had, since nobody asked for its removal', async () => {
    makeAgain();
    await isOnlyTheHeirs();
    expect(member.live(ALONE)).toBeDefined();
  });

  it('still has them to itself after a start of the agent', async () => {
    makeAgain();
    await member.verdict('heir');
    await member.stopAgent();
    await member.startAgent();
    await isOnlyTheHeirs();
    expect(member.hub.reports.at(-1)?.unowned).toEqual([]);
  });

  it('touches nothing of an unowned Application of another name', async () => {
    member.hub.deliver({ uid: 'other', objects: [configMap('elsewhere')], settings: { instance: 'other' } });
    await member.verdict('other');
    expect(member.hub.reports.at(-1)?.unowned).toEqual(['former']);
  });

  it('goes on healing while nobody took it over, again and again', async () => {
    for (let time = 0; time < 2; time++) {
      member.delete(ALONE);
      await member.appears(ALONE);
      await member.verdict('former', ({ sync, healed }) => sync === 'Synced' && healed === time + 1);
    }
    expect(member.hub.reports.at(-1)?.unowned).toEqual(['former']);
    expect(member.log.messages()).not.toContain('took over from an unowned Application');
  });
});
