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
  const [base = new Map<string, Parameters>(), ...overrides] = sets.map(keyedBy(input));
  for (const [key, parameters] of base) {
    base.set(key, overrides.map((override) => override.get(key)).reduce<Parameters>(overridden(input), parameters));
  }
  return [...base.values()];
};

function keyedBy({ spec, path }: GeneratorInput): (sets: Parameters[], child: number) => Map<string, Parameters> {
  const mergeKeys = [...new Set(textListField(spec, 'mergeKeys', path))];
  if (mergeKeys.length === 0) {
    throw new ExpansionFailure('MERGE_KEYS_MISSING', 'a merge needs at least one of mergeKeys', `${path}.mergeKeys`);
  }
  return (sets, child) => {
    const keyed = new Map<string, Parameters>();
    for (const parameters of sets) {
      const key = canonicalJson(mergeKeys.map((mergeKey) => parameters[mergeKey] ?? null));
      if (keyed.has(key)) throw notUnique(mergeKeys, key, `${path}.generators[${child}]`);
      keyed.set(key, parameters);
    }
    return keyed;
  };
}

function notUnique(mergeKeys: string[], key: string, path: string): ExpansionFailure {
  const message = `two parameter sets of one generator have equal merge keys ${mergeKeys.join(', ')}: ${key}`;
  return new ExpansionFailure('MERGE_KEYS_NOT_UNIQUE', message, path);
}

function overridden({ context }: GeneratorInput): (base: Parameters, over: Parameters | undefined) => Parameters {
  return (base, over) => {
    if (over === undefined) return base;
    return context.goTemplate ? mergedDeeply(base, over) : newParameters({ ...base, ...over });
  };
}
