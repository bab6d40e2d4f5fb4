import { canonicalJson } from '../../kernel/json.js';
import { ExpansionFailure } from '../failure.js';
import { listField, textListField } from '../fields.js';
import { newParameters, type Parameters } from '../parameters.js';
import { mergedDeeply } from './combine.js';
import type { Generator, GeneratorInput } from './generator.js';

/**
 * argocd-behaviour.md 1.5: the first child's sets, each overridden by the later children's sets with equal merge keys;
 * sets without a base are dropped. In the first child's order, where Argo CD's is random.
 */
export const mergeGenerator: Generator = async (input) => {
  const { path, child } = input;
  const entries = listField(input.spec, 'generators', path);
  if (entries.length < 2) {
    const message = `a merge needs at least two generators, found ${entries.length}`;
    throw new ExpansionFailure('MERGE_GENERATOR_COUNT', message, `${path}.generators`);
  }
  const sets: Parameters[][] = [];
  for (const [index, entry] of entries.entries())
    sets.push(await child({ entry, path: `${path}.generators[${index}]` }));
  const keyOf = keyedBy(input);
  const keyed: Map<string, Parameters>[] = [];
  for (const [index, child] of sets.entries()) keyed.push(await keyOf(child, index));
  const [base = new Map<string, Parameters>(), ...overrides] = keyed;
  const override = overridden(input);
  return input.context.budget.pace.map(base, ([key, parameters]) =>
    overrides.map((over) => over.get(key)).reduce<Parameters>(override, parameters),
  );
};

const CHARACTERS_A_UNIT = 16;

type Keyed = (sets: Parameters[], child: number) => Promise<Map<string, Parameters>>;

function keyedBy({ spec, path, context: { budget } }: GeneratorInput): Keyed {
  const mergeKeys = [...new Set(textListField(spec, 'mergeKeys', path))];
  if (mergeKeys.length === 0) {
    throw new ExpansionFailure('MERGE_KEYS_MISSING', 'a merge needs at least one of mergeKeys', `${path}.mergeKeys`);
  }
  return async (sets, child) => {
    const keyed = new Map<string, Parameters>();
    await budget.pace.map(sets, (parameters) => {
      const key = canonicalJson(mergeKeys.map((mergeKey) => parameters[mergeKey] ?? null));
      budget.chargeWork(mergeKeys.length + key.length / CHARACTERS_A_UNIT, path);
      if (keyed.has(key)) throw notUnique(mergeKeys, key, `${path}.generators[${child}]`);
      keyed.set(key, parameters);
    });
    return keyed;
  };
}

function notUnique(mergeKeys: string[], key: string, path: string): ExpansionFailure {
  const message = `two parameter sets of one generator have equal merge keys ${mergeKeys.join(', ')}: ${key.slice(0, 200)}`;
  return new ExpansionFailure('MERGE_KEYS_NOT_UNIQUE', message, path);
}

function overridden({ context, path }: GeneratorInput): (base: Parameters, over: Parameters | undefined) => Parameters {
  const spend = (units: number): void => context.budget.chargeMembers(units, path);
  return (base, over) => {
    if (over === undefined) return base;
    if (context.goTemplate) return mergedDeeply(base, over, spend);
    spend(Object.keys(base).length + Object.keys(over).length);
    return newParameters({ ...base, ...over });
  };
}
