import { isObject, own } from '../kernel/json.js';
import { ExpansionFailure } from './failure.js';
import { objectOf } from './fields.js';
import type { ChildEvaluator, ChildInput, GeneratorContext } from './generators/generator.js';
import { GENERATORS, TERMINAL_KEYS } from './generators/registry.js';
import { flattenParameters, type Parameters } from './parameters.js';
import { compilePostSelector, type Matcher } from './selector.js';

/** What one key of a generator entry gave, with the generator's own template, if any, to merge with the set's. */
export interface EvaluatedGenerator {
  parameterSets: Parameters[];
  template: unknown;
  path: string;
}

/** How deep an entry stands: of the set, of a matrix or merge, or of one inside another (argocd-behaviour.md 1.0). */
type Level = 0 | 1 | 2;

/** Every key of a top-level entry, in Argo CD's order; more than one is legal here. Throws ExpansionFailure. */
export function evaluateEntry(entry: unknown, path: string, context: GeneratorContext): Promise<EvaluatedGenerator[]> {
  return evaluate({ entry, path }, 0, context);
}

async function evaluate(input: ChildInput, level: Level, context: GeneratorContext): Promise<EvaluatedGenerator[]> {
  const { path, interpolation } = input;
  const original = objectOf(input.entry, path);
  warnOfUnknownKeys(original, path, level, context);
  const select = selectionOf(compilePostSelector(own(original, 'selector'), `${path}.selector`), path, context);
  const entry = interpolation
    ? objectOf(interpolation.template.render(interpolation.parameters, context.budget), path)
    : original;
  const evaluated: EvaluatedGenerator[] = [];
  for (const key of keysOf(original, level)) {
    const where = `${path}.${key}`;
    const generate = GENERATORS.get(key);
    if (!generate) continue;
    const spec = objectOf(own(entry, key), where);
    const child = childEvaluator(level, context);
    context.observer?.generates({ key, path: where, spec });
    const parameterSets = await select(await generate({ spec, path: where, context, child }));
    evaluated.push({ parameterSets, template: own(objectOf(own(original, key), where), 'template'), path: where });
  }
  return evaluated;
}

function keysOf(entry: Record<string, unknown>, level: Level): string[] {
  const known = level === 2 ? TERMINAL_KEYS : [...GENERATORS.keys()];
  return known.filter((key) => own(entry, key) != null);
}

function warnOfUnknownKeys(entry: object, path: string, level: Level, { budget }: GeneratorContext): void {
  for (const key of Object.keys(entry)) {
    if (key === 'selector') continue;
    if (!GENERATORS.has(key)) budget.warnings.add(`${path}.${key} is not a generator and is ignored`);
    else if (level === 2 && !TERMINAL_KEYS.includes(key)) {
      budget.warnings.add(
        `${path}.${key} is nested too deeply and is ignored: a matrix or merge may hold one more level`,
      );
    }
  }
}

type Selection = (sets: Parameters[]) => Promise<Parameters[]> | Parameters[];

function selectionOf(matches: Matcher | undefined, path: string, { budget }: GeneratorContext): Selection {
  if (!matches) return (sets) => sets;
  const spend = (units: number): void => budget.chargeWork(units, `${path}.selector`);
  return (sets) => budget.pace.filter(sets, (parameters) => matches(flattenParameters(parameters, spend)));
}

function childEvaluator(level: Level, context: GeneratorContext): ChildEvaluator {
  return async (input) => {
    const below: Level = level === 0 ? 1 : 2;
    const evaluated = await evaluate(input, below, context);
    const [only] = evaluated;
    if (only && evaluated.length === 1) return only.parameterSets;
    if (!only) {
      throw new ExpansionFailure(
        'CHILD_GENERATOR_MISSING',
        `${input.path} holds no generator that may stand here`,
        input.path,
      );
    }
    const keys = isObject(input.entry) ? Object.keys(input.entry).join(', ') : '';
    throw new ExpansionFailure(
      'CHILD_GENERATOR_AMBIGUOUS',
      `${input.path} must hold one generator, found ${keys}`,
      input.path,
    );
  };
}
