import { afterEach, beforeEach, expect, it } from 'vitest';
import type { KubernetesObject } from '../../../src/kernel/object.js';
import { Member } from '../../support/member.js';

const VALUE = 'correct-horse-battery';

let member: Member;

beforeEach(async () => {
  member = new Member();
  await member.open();
});

afterEach(() => member.close());

it('reports and logs no value of a Secret that its cluster refuses by quoting it', async () => {
  const secret: KubernetesObject = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'login' },
    data: { password: Buffer.from(VALUE).toString('base64') },
  };
  member.cluster.faults.refuse((object) =>
    object.kind === 'Secret' ? `too weak: ${VALUE} (${JSON.stringify(object['data'])})` : undefined,
  );
  member.hub.deliver({ uid: 'web', objects: [secret] });
  const verdict = await member.verdict('web', ({ resources }) => resources.length > 0);
  expect(verdict.resources[0]?.message).toContain('too weak: ++++++++');
  const told = JSON.stringify([...member.hub.verdicts.values(), member.log.lines]);
  expect(told).not.toContain(VALUE);
  expect(told).not.toContain(Buffer.from(VALUE).toString('base64'));
});
