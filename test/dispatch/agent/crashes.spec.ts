import { describe, expect, it } from 'vitest';
import { Member } from '../../support/member.js';
import { until } from '../../support/until.js';
import { configMap, deployment, wave } from '../../support/workloads.js';

const OTHERS = '/ConfigMap/default/not-ours';

/** Lets the agent's next writes through, then none: to its work that is what kill -9 is. Answers whether one was cut. */
function cutAfter(member: Member, writes: number): () => boolean {
  let left = writes;
  member.cluster.faults.plant({ status: 500, matches: (method) => method !== 'GET' && left-- <= 0 }, Infinity);
  return () => left < 0;
}

/** Waits until a write was cut, or the work was done with fewer. */
async function restart(member: Member, isCut: () => boolean, isDone: () => boolean): Promise<void> {
  await until(
    () => (isCut() || isDone() ? true : undefined),
    () => 'a cut or an end',
  );
  await member.stopAgent();
  member.cluster.faults.clear();
  member.hub.verdicts.clear();
  await member.startAgent();
}

describe('an agent that is killed at any write', () => {
  it.each(Array.from({ length: 9 }, (_, writes) => writes))(
    'converges after %i writes of a change, and removes nothing else',
    async (writes) => {
      const member = new Member();
      await member.open();
      member.cluster.create({ ...configMap('not-ours'), metadata: { name: 'not-ours', namespace: 'default' } });
      member.hub.deliver({ uid: 'web', objects: [deployment('web'), configMap('old'), configMap('same')] });
      await member.verdict('web');
      const isCut = cutAfter(member, writes);
      const next = [deployment('web', {}, 'nginx:2'), configMap('same'), configMap('new', {}, wave(1))];
      member.hub.deliver({ uid: 'web', objects: next });
      await restart(
        member,
        isCut,
        () => member.hub.verdicts.get('web')?.position === 2 && member.hub.verdicts.get('web')?.sync === 'Synced',
      );
      const verdict = await member.verdict('web', ({ position, sync }) => position === 2 && sync === 'Synced');
      expect(verdict.counts.total).toBe(3);
      expect(member.live('/ConfigMap/shop/old')).toBeUndefined();
      expect(member.live(OTHERS)).toBeDefined();
      member.hub.deliver({ uid: 'web', intent: 'prune' });
      await member.verdict('web', ({ gone }) => gone);
      expect(member.cluster.list('', 'ConfigMap', 'shop').filter(({ metadata }) => metadata.labels)).toEqual([]);
      await member.close();
    },
  );

  it.each(Array.from({ length: 6 }, (_, writes) => writes))(
    'finishes a prune that was cut after %i writes',
    async (writes) => {
      const member = new Member();
      await member.open();
      member.hub.deliver({
        uid: 'web',
        objects: [configMap('one'), configMap('two', {}, wave(1)), configMap('three')],
      });
      await member.verdict('web');
      const isCut = cutAfter(member, writes);
      member.hub.deliver({ uid: 'web', intent: 'prune' });
      await restart(
        member,
        isCut,
        () => member.hub.verdicts.get('web')?.position === 2 && member.hub.verdicts.get('web')?.sync === 'Synced',
      );
      await member.verdict('web', ({ gone }) => gone);
      expect(['one', 'two', 'three'].map((name) => member.live(`/ConfigMap/shop/${name}`))).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
      await member.close();
    },
  );
});
