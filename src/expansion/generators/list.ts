import { messageOf } from '../../kernel/errors.js';
import { isObject } from '../../kernel/json.js';
import { parseYaml } from '../../kubernetes/yaml.js';
import { ExpansionFailure } from '../failure.js';
import { listField, objectOf, textField, typeName } from '../fields.js';
import { newParameters, type Parameters } from '../parameters.js';
import type { Generator, GeneratorInput } from './generator.js';
import { GENERATOR_TEXT } from './generator-text.js';

const CHARACTERS_A_UNIT = 2;

/** argocd-behaviour.md 1.1: `elements` in order, then those of `elementsYaml`, which are taken as they are. */
export const listGenerator: Generator = async (input) => {
  const { spec, path, context } = input;
  const elements = listField(spec, 'elements', path);
  context.budget.chargeParameterSets(elements.length, path);
  const sets = await context.budget.pace.map(elements.entries(), ([index, element]) => {
    const where = `${path}.elements[${index}]`;
    const members = objectOf(element, where);
    return context.goTemplate ? newParameters(members) : flatElement(members, where);
  });
  return [...sets, ...yamlElements(input)];
};

/** In the default mode an element holds text, and under `values` a map of text. */
function flatElement(element: Record<string, unknown>, path: string): Parameters {
  const parameters = newParameters();
  for (const [key, value] of Object.entries(element)) {
    if (key !== 'values') {
      parameters[key] = onlyText(value, `${path}.${key}`);
      continue;
    }
    for (const [name, text] of Object.entries(objectOf(value, `${path}.values`))) {
      parameters[`values.${name}`] = onlyText(text, `${path}.values.${name}`);
    }
  }
  return parameters;
}

function onlyText(value: unknown, path: string): string {
  if (typeof value === 'string') return value;
  const hint = 'quote it, or set goTemplate: true';
  throw new ExpansionFailure('LIST_ELEMENT_NOT_TEXT', `${path} must be text, it is ${typeName(value)}; ${hint}`, path);
}

function yamlElements({ spec, path, context }: GeneratorInput): Parameters[] {
  const text = textField(spec, 'elementsYaml', path);
  if (text === '') return [];
  const where = `${path}.elementsYaml`;
  context.budget.chargeWork(text.length / CHARACTERS_A_UNIT, where);
  const elements = parseElements(text, where) ?? [];
  if (!Array.isArray(elements) || !elements.every((element) => element === null || isObject(element))) {
    throw new ExpansionFailure('ELEMENTS_YAML_INVALID', `${where} must be a list of objects`, where);
  }
  context.budget.chargeParameterSets(elements.length, where);
  return elements.map((element: object | null) => newParameters(element ?? {}));
}

function parseElements(text: string, path: string): unknown {
  try {
    return parseYaml(text, GENERATOR_TEXT);
  } catch (error) {
    throw new ExpansionFailure('ELEMENTS_YAML_INVALID', `cannot read ${path}: ${messageOf(error)}`, path);
  }
}
