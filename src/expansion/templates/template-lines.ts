import { isObject } from '../../kernel/json.js';
import type { Budget } from '../budget.js';
import type { Parameters } from '../parameters.js';
import type { TemplateEngine } from './engine.js';

/** One text of a template that holds a tag, and what it became. */
export interface TemplateLine {
  /** Such as `spec.template.spec.source.path`; of a key, the path it stands at. */
  path: string;
  template: string;
  value: string;
}

export interface TemplateInput {
  document: unknown;
  path: string;
  parameters: Parameters;
  engine: TemplateEngine;
  budget: Budget;
}

/** Renders the tagged texts of a template that has rendered before, one by one. Without parameters it is taken as it is. */
export function templateLines({ document, path, ...input }: TemplateInput): TemplateLine[] {
  return Object.keys(input.parameters).length === 0 ? [] : linesOf(document, path, input);
}

type Surroundings = Omit<TemplateInput, 'document' | 'path'>;

function linesOf(node: unknown, path: string, input: Surroundings): TemplateLine[] {
  if (typeof node === 'string') return textLine(node, path, input);
  if (Array.isArray(node)) return node.flatMap((item, index) => linesOf(item, `${path}[${index}]`, input));
  if (!isObject(node)) return [];
  return Object.entries(node).flatMap(([key, value]) => [
    ...textLine(key, `${path}.${key}`, input),
    ...linesOf(value, `${path}.${key}`, input),
  ]);
}

function textLine(template: string, path: string, { engine, parameters, budget }: Surroundings): TemplateLine[] {
  const text = engine.compile(template, path);
  return text.isStatic ? [] : [{ path, template, value: text.render(parameters, budget) }];
}
