import { isObject, own } from '../../kernel/json.js';
import { ExpansionFailure } from '../failure.js';
import { listField } from '../fields.js';
import { tooManyResults } from '../budget.js';
import type { Parameters } from '../parameters.js';
import { compileDocument } from '../templates/document-template.js';
import { mergedDeeply, stringified, unionOfTexts } from './combine.js';
import type { Generator, GeneratorContext, GeneratorInput } from './generator.js';

/**
 * argocd-behaviour.md 1.4: for each set of the first child the second is interpolated with it, evaluated and combined,
 * in order. A second child without tags gives the same sets each time and is evaluated once.
 */
export const matrixGenerator: Generator = async (input) => {
  const [first, second] = twoChildren(input);
  const { child, path, context } = input;
  const left = await child({ entry: first, path: `${path}.generators[0]` });
  const secondChild = secondChildOf(input, second);
  const combine = combinerOf(context, path);
  const product: Parameters[] = [];
  for (const parameters of left) {
    const right = await secondChild(parameters);
    if (product.length + right.length > context.budget.limits.results) {
      throw tooManyResults(context.budget.limits.results, path);
    }
    context.budget.chargeParameterSets(right.length, path);
    for (const set of await context.budget.pace.map(right, combine(parameters))) product.push(set);
  }
  return product;
};

function twoChildren({ spec, path }: GeneratorInput): [unknown, unknown] {
  const children = listField(spec, 'generators', path);
  if (children.length === 2) return [children[0], children[1]];
  const message = `a matrix combines exactly two generators, found ${children.length}`;
  throw new ExpansionFailure('MATRIX_GENERATOR_COUNT', message, `${path}.generators`);
}

/** A set without parameters interpolates nothing; a child without tags is the same for all the others. */
function secondChildOf(input: GeneratorInput, entry: unknown): (parameters: Parameters) => Promise<Parameters[]> {
  const { child, context } = input;
  const path = `${input.path}.generators[1]`;
  const engine = context.interpolation(path);
  const template = compileDocument({ document: decoded(entry), path, engine, maxDepth: context.budget.limits.depth });
  let written: Promise<Parameters[]> | undefined;
  let filledOnce: Promise<Parameters[]> | undefined;
  return (parameters) => {
    context.budget.startDocument();
    if (Object.keys(parameters).length === 0) return (written ??= child({ entry, path }));
    const filled = () => child({ entry, path, interpolation: { template, parameters } });
    return template.isStatic ? (filledOnce ??= filled()) : filled();
  };
}

/** What Argo CD's types hold of a nested matrix or merge: a template of its own is not even rendered. */
function decoded(entry: unknown): unknown {
  if (!isObject(entry)) return entry;
  const kept = { ...entry };
  for (const key of ['matrix', 'merge']) {
    const nested = own(entry, key);
    if (isObject(nested)) kept[key] = { generators: own(nested, 'generators'), mergeKeys: own(nested, 'mergeKeys') };
  }
  return kept;
}

type Combiner = (left: Parameters) => (right: Parameters) => Parameters;

/** In Go mode the first child wins; in the default mode a conflict is an error. */
function combinerOf({ goTemplate, budget }: GeneratorContext, path: string): Combiner {
  const spend = (units: number): void => budget.chargeMembers(units, path);
  if (goTemplate) return (left) => (right) => mergedDeeply(right, left, spend);
  const texts = new Map<Parameters, Parameters>();
  const textsOf = (right: Parameters): Parameters => {
    const known = texts.get(right) ?? stringified(right);
    texts.set(right, known);
    return known;
  };
  return (left) => {
    const leftTexts = stringified(left);
    const size = Object.keys(leftTexts).length;
    return (right) => {
      const rightTexts = textsOf(right);
      spend(size + Object.keys(rightTexts).length);
      return unionOfTexts(leftTexts, rightTexts, path);
    };
  };
}
