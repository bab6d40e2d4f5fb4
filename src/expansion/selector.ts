import { isObject } from '../kernel/json.js';
import { isLabelKey, isLabelValue } from '../kernel/label-syntax.js';
import { ExpansionFailure } from './failure.js';
import { listField, objectOf, textField, textListField, textMapField } from './fields.js';

export type Matcher = (labels: Readonly<Record<string, string>>) => boolean;

/** One term of a selector; a label of `matchLabels` is `In` with its one value. */
export interface Requirement {
  key: string;
  operator: string;
  values: string[];
  path: string;
}

const SECRET_TYPE_LABEL = 'argocd.argoproj.io/secret-type';

/** A cluster selector, by Kubernetes' rules: keys and values must be valid label keys and values. */
export function compileClusterSelector(selector: unknown, path: string): Matcher {
  return matcherOf(clusterRequirements(selector, path));
}

/**
 * The terms of a cluster selector. Argo CD writes its own label over what `matchLabels` says of it, and every cluster
 * has that label: the term falls away. Throws ExpansionFailure SELECTOR_INVALID.
 */
export function clusterRequirements(selector: unknown, path: string): Requirement[] {
  const overwritten = `${path}.matchLabels.${SECRET_TYPE_LABEL}`;
  const requirements = requirementsOf(selector, path).filter(({ path: where }) => where !== overwritten);
  for (const { values, path: where } of requirements) values.forEach((value) => refuseLabelValue(value, where));
  return requirements;
}

/**
 * A post-selector over flattened parameters: keys must be valid label keys, values may be anything, such as URLs
 * (argocd-behaviour.md 1.0.5). Undefined where there is none; an empty one matches everything.
 */
export function compilePostSelector(selector: unknown, path: string): Matcher | undefined {
  return selector == null ? undefined : matcherOf(requirementsOf(selector, path));
}

/** How much one cluster may take: the terms of a selector that was compiled, and the values they list. */
export function termsOf(selector: unknown): number {
  if (!isObject(selector)) return 1;
  const expressions = listField(selector, 'matchExpressions', '').map((term) => objectOf(term, ''));
  const values = expressions.reduce((sum, term) => sum + textListField(term, 'values', '').length, 0);
  return 1 + Object.keys(selector['matchLabels'] ?? {}).length + expressions.length + values;
}

/** Whether a cluster selector has no terms at all; only then the implicit local cluster takes part. */
export function isUnselective(selector: unknown): boolean {
  if (!isObject(selector)) return true;
  return (
    Object.keys(selector['matchLabels'] ?? {}).length === 0 &&
    Object.keys(selector['matchExpressions'] ?? []).length === 0
  );
}

/** The terms of a selector of any kind; values may be anything. Throws ExpansionFailure SELECTOR_INVALID. */
export function requirementsOf(value: unknown, path: string): Requirement[] {
  const selector = objectOf(value ?? {}, path);
  const equalities = textMapField(selector, 'matchLabels', path).map(([key, wanted]) => ({
    key,
    operator: 'In',
    values: [wanted],
    path: `${path}.matchLabels.${key}`,
  }));
  const expressions = listField(selector, 'matchExpressions', path).map((item, index) => {
    const where = `${path}.matchExpressions[${index}]`;
    const term = objectOf(item, where);
    return {
      key: textField(term, 'key', where),
      operator: textField(term, 'operator', where),
      values: textListField(term, 'values', where),
      path: where,
    };
  });
  const requirements = [...equalities, ...expressions];
  requirements.forEach(refuseMalformed);
  return requirements;
}

function refuseMalformed({ key, operator, values, path }: Requirement): void {
  if (!['In', 'NotIn', 'Exists', 'DoesNotExist'].includes(operator)) {
    throw refusal(`"${operator}" is not an operator; use In, NotIn, Exists or DoesNotExist`, path);
  }
  const takesValues = operator === 'In' || operator === 'NotIn';
  if (takesValues && values.length === 0) throw refusal(`${operator} needs at least one value`, path);
  if (!takesValues && values.length > 0) throw refusal(`${operator} takes no values`, path);
  if (!isLabelKey(key)) throw refusal(`"${key}" is not a valid label key`, path);
}

function refuseLabelValue(value: string, path: string): void {
  if (isLabelValue(value)) return;
  throw refusal(`"${value}" is not a valid label value`, path);
}

function matcherOf(requirements: readonly Requirement[]): Matcher {
  return (labels) => requirements.every((requirement) => holds(requirement, ownText(labels, requirement.key)));
}

/** Whether a term holds of its key's value, undefined where there is none. */
export function holds({ operator, values }: Requirement, value: string | undefined): boolean {
  if (operator === 'Exists') return value !== undefined;
  if (operator === 'DoesNotExist') return value === undefined;
  const isListed = value !== undefined && values.includes(value);
  return operator === 'In' ? isListed : !isListed;
}

function ownText(labels: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

function refusal(message: string, path: string): ExpansionFailure {
  return new ExpansionFailure('SELECTOR_INVALID', message, path);
}
