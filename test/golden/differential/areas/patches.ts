import type { Random } from '../../../support/seeded-random.js';
import { Budget } from '../../../../src/expansion/budget.js';
import { DEFAULT_LIMITS } from '../../../../src/expansion/limits.js';
import { newParameters } from '../../../../src/expansion/parameters.js';
import { fastTemplates } from '../../../../src/expansion/templates/fast-template.js';
import { TemplatePatch } from '../../../../src/expansion/templates/template-patch.js';
import { Warnings } from '../../../../src/expansion/warnings.js';
import { isObject } from '../../../../src/kernel/json.js';
import type { Area, Question } from '../area.js';

type Make = (random: Random, isPatch: boolean) => unknown;

const scalar =
  (...values: readonly unknown[]): Make =>
  (random) =>
    random.pick(values);
const listOf =
  (item: Make): Make =>
  (random, isPatch) => {
    const items = Array.from({ length: random.below(4) }, () => member(item, random, isPatch));
    if (isPatch && random.below(10) === 0) items.push({ $patch: random.pick(['replace', 'delete', 'merge', 'x']) });
    return items;
  };
const objectOf =
  (fields: Readonly<Record<string, Make>>): Make =>
  (random, isPatch) => {
    const made: Record<string, unknown> = {};
    for (const [key, make] of Object.entries(fields)) {
      if (random.below(2) === 0) made[key] = member(make, random, isPatch);
      if (isPatch && random.below(40) === 0) made[`$deleteFromPrimitiveList/${key}`] = ['a', 'f1'];
    }
    if (isPatch && random.below(16) === 0) made['$patch'] = random.pick(['replace', 'delete', 'merge', 'x', 1]);
    if (isPatch && random.below(30) === 0)
      made['$retainKeys'] = random.pick([['name'], ['server', 'repoURL'], [], 'x']);
    if (isPatch && random.below(25) === 0) made['unknown'] = random.pick([1, null, { a: 1 }]);
    return made;
  };

function member(make: Make, random: Random, isPatch: boolean): unknown {
  if (isPatch && random.below(14) === 0) return null;
  if (isPatch && random.below(60) === 0) return random.pick(['text', 1, true, [], {}, 1.5]);
  return make(random, isPatch);
}

const texts = scalar('a', 'b', 'x y', '');
const labels = objectOf({ env: texts, tier: texts });
const source = objectOf({
  repoURL: texts,
  path: texts,
  helm: objectOf({
    valueFiles: listOf(texts),
    parameters: listOf(objectOf({ name: texts, value: texts, forceString: scalar(true, false) })),
    releaseName: texts,
    values: scalar('a: 1', 'b: 2\n'),
    valuesObject: objectOf({
      a: scalar(1, 'x', null, [1, null]),
      b: objectOf({ c: scalar(1, null), d: listOf(texts) }),
    }),
    skipCrds: scalar(true, false),
  }),
});
const APPLICATION = objectOf({
  metadata: objectOf({
    name: texts,
    labels,
    annotations: labels,
    finalizers: listOf(scalar('f1', 'f2', 'f3', 'f4')),
  }),
  spec: objectOf({
    project: scalar('default', 'team'),
    source,
    sources: listOf(source),
    destination: objectOf({ server: texts, namespace: texts, name: texts }),
    syncPolicy: objectOf({
      automated: objectOf({ prune: scalar(true, false), selfHeal: scalar(true, false) }),
      syncOptions: listOf(scalar('A=true', 'B=true')),
      retry: objectOf({ limit: scalar(1, 0, -1), backoff: objectOf({ duration: texts, factor: scalar(1, 2) }) }),
      managedNamespaceMetadata: objectOf({ labels, annotations: labels }),
    }),
    info: listOf(objectOf({ name: texts, value: texts })),
    ignoreDifferences: listOf(objectOf({ group: texts, kind: texts, jsonPointers: listOf(texts) })),
    revisionHistoryLimit: scalar(1, 3),
  }),
});

/** Strategic merge patches of Applications. */
export const PATCHES: Area = {
  name: 'patches',
  question: (random) => ({
    area: 'patch',
    data: {
      metadata: { name: 'app' },
      spec: { project: 'p', destination: {} },
      ...(APPLICATION(random, false) as object),
    },
    patch: JSON.stringify(APPLICATION(random, true)),
  }),
  answer: ({ data, patch = '' }: Question) => {
    const budget = new Budget(DEFAULT_LIMITS, new Warnings(10));
    return new TemplatePatch(patch, fastTemplates).apply(data as Record<string, unknown>, newParameters(), budget);
  },
  counted: withoutEmpty,
};

/** Neither side tells a field that is empty from one that is not there. */
function withoutEmpty(value: unknown): unknown {
  return pruned(value) ?? {};
}

function pruned(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((item) => pruned(item) ?? 'empty');
  if (!isObject(value)) return value === '' || value === false || value === 0 ? undefined : (value ?? undefined);
  const kept = Object.entries(value).map(([key, inner]) => [key, pruned(inner)] as const);
  const left = kept.filter(([, inner]) => inner !== undefined);
  return left.length === 0 ? undefined : Object.fromEntries(left);
}
