import { textMapField } from '../fields.js';
import { newParameters, stringMap, type Parameters } from '../parameters.js';
import { TagLimit } from '../templates/tag-limit.js';
import type { GeneratorInput } from './generator.js';

/**
 * The `values:` block: each is rendered against the generator's own parameters, never against its siblings, which
 * keeps it from growing exponentially (argocd-behaviour.md 1.0). In Go mode it replaces any `values` of the data.
 */
export function valuesOf({ spec, path, context }: GeneratorInput): (parameters: Parameters) => Parameters {
  const tags = new TagLimit();
  const entries = textMapField(spec, 'values', path);
  entries.forEach(([key, text]) => tags.count(text, `${path}.values.${key}`));
  const texts = entries.map(([key, text]) => ({ key, text: context.engine.compile(text, `${path}.values.${key}`) }));
  if (texts.length === 0) return (parameters) => parameters;
  return (parameters) => {
    context.budget.startDocument();
    const rendered = texts.map(({ key, text }) => [key, text.render(parameters, context.budget)] as const);
    context.budget.chargeMembers(texts.length, path);
    if (context.goTemplate) return newParameters({ ...parameters, values: stringMap(rendered) });
    const withValues = newParameters(parameters);
    for (const [key, value] of rendered) withValues[`values.${key}`] = value;
    return withValues;
  };
}
