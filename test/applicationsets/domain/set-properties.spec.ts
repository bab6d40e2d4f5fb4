import { describe, expect, it } from 'vitest';
import { judging, storedItem, type SetContext } from '../../../src/applicationsets/domain/desired-applications.js';
import { IgnoredDifferences } from '../../../src/applicationsets/domain/ignored-differences.js';
import { preservedFieldsOf } from '../../../src/applicationsets/domain/preserved-fields.js';
import type { ApplicationSetSpec } from '../../../src/applicationsets/domain/application-set.js';
import { isEmptyPlan, plan, type Plan } from '../../../src/changes/plan.js';
import type { ObjectWrite, Stored } from '../../../src/database/objects/hub-object.js';
import { inOnePiece } from '../../../src/kernel/pace.js';
import { seededRandom, type Random } from '../../support/seeded-random.js';
import { expandSet } from '../../support/expansion.js';

const c1 = { uid: 'u1', name: 'c1', server: 'https://s' };
const preserved = preservedFieldsOf({} as ApplicationSetSpec);
const may = { create: true, update: true, delete: true };

function contextOf(stored: ReadonlyMap<string, Stored>): SetContext {
  return {
    project: 'team-a',
    owner: { apiVersion: 'argoproj.io/v1alpha1', kind: 'ApplicationSet', name: 's', uid: 'set', controller: true },
    preserved,
    clusters: { byName: () => c1, byServer: () => c1, ownedBy: () => [] },
    projects: new Map([['team-a', { spec: { sourceRepos: ['*'], destinations: [{ server: '*', namespace: '*' }] } }]]),
    stored,
    ignored: IgnoredDifferences.NONE,
    rollsOut: false,
  };
}

function elementsOf(random: Random): object[] {
  const names = new Set(Array.from({ length: random.below(8) }, () => `n${random.below(10)}`));
  return Array.from(names, (name) => ({ name, v: String(random.below(3)) }));
}

async function planFor(elements: object[], stored: ReadonlyMap<string, Stored>): Promise<Plan<ObjectWrite, Stored>> {
  const { documents } = await expandSet({
    generators: [{ list: { elements } }],
    template: {
      metadata: { name: 'app-{{name}}', labels: { v: '{{v}}' } },
      spec: {
        project: 'team-a',
        destination: { server: 'https://s' },
        source: { repoURL: 'https://r', path: '{{v}}' },
      },
    },
  });
  const { desired, leave, problems } = inOnePiece(judging(documents, contextOf(stored)));
  expect(problems).toEqual([]);
  return plan({ desired, leave, stored: Array.from(stored.values(), (item) => storedItem(item, preserved)), may });
}

/** A store that does what a plan says, and nothing else. */
function applied(stored: ReadonlyMap<string, Stored>, made: Plan<ObjectWrite, Stored>): Map<string, Stored> {
  const next = new Map(stored);
  const put = (key: string, { object, scope }: ObjectWrite): void => {
    const metadata = { ...object.metadata, uid: `u:${key}`, resourceVersion: '1', generation: 1 };
    next.set(key, structuredClone({ object: { ...object, metadata }, scope }) as unknown as Stored);
  };
  for (const { key, value } of made.creates) put(key, value);
  for (const { key, desired } of made.updates) put(key, desired);
  for (const { key } of made.deletes) next.delete(key);
  return next;
}

describe('a set, whatever it generates', () => {
  it.each(Array.from({ length: 25 }, (_, seed) => seed))(
    'reaches what it generates in one plan and then has nothing to do (%i)',
    async (seed) => {
      const random = seededRandom(seed);
      let stored = new Map<string, Stored>();
      for (let edit = 0; edit < 3; edit++) {
        const elements = elementsOf(random);
        stored = applied(stored, await planFor(elements, stored));
        expect(stored.size).toBe(elements.length);
        expect(isEmptyPlan(await planFor(elements, stored))).toBe(true);
        expect(isEmptyPlan(await planFor(elements.toReversed(), stored))).toBe(true);
      }
    },
  );
});
