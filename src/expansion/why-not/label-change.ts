import { isLabelValue } from '../../kernel/label-syntax.js';
import { holds, type Requirement } from '../selector.js';

/** `value` is absent where the label goes. */
export interface LabelEdit {
  label: string;
  action: 'set' | 'unset';
  value?: string;
}

/** Terms that no labels can satisfy together. */
export interface Contradiction {
  reason: string;
  /** Paths of the terms. */
  terms: string[];
}

export type LabelChange = { edits: LabelEdit[] } | { impossible: Contradiction };

export interface LabelQuestion {
  requirements: readonly Requirement[];
  labels: Readonly<Record<string, string>>;
  /** Labels that nobody may change. */
  fixed: ReadonlySet<string>;
}

/**
 * The fewest labels to set or unset so that every term holds. Terms of different keys do not meet, so each key whose
 * terms do not all hold costs exactly one edit. Where several would do, the label goes rather than changes, and an
 * earlier value is taken before a later one.
 */
export function smallestLabelChange({ requirements, labels, fixed }: LabelQuestion): LabelChange {
  const edits: LabelEdit[] = [];
  for (const [label, terms] of byKey(requirements)) {
    if (allHold(terms, Object.hasOwn(labels, label) ? labels[label] : undefined)) continue;
    const edit = fixed.has(label) ? undefined : editOf(label, terms);
    if (!edit) return { impossible: contradiction(label, terms, fixed) };
    edits.push(edit);
  }
  return { edits };
}

function byKey(requirements: readonly Requirement[]): Map<string, Requirement[]> {
  const terms = new Map<string, Requirement[]>();
  for (const requirement of requirements) {
    const known = terms.get(requirement.key);
    if (known) known.push(requirement);
    else terms.set(requirement.key, [requirement]);
  }
  return terms;
}

function allHold(terms: readonly Requirement[], value: string | undefined): boolean {
  return terms.every((term) => holds(term, value));
}

function editOf(label: string, terms: readonly Requirement[]): LabelEdit | undefined {
  if (allHold(terms, undefined)) return { label, action: 'unset' };
  const value = candidates(terms).find((candidate) => isLabelValue(candidate) && allHold(terms, candidate));
  return value === undefined ? undefined : { label, action: 'set', value };
}

/** Values that terms name, then some that none names: one of them is not excluded. */
function candidates(terms: readonly Requirement[]): string[] {
  const named = terms.filter(({ operator }) => operator === 'In').flatMap(({ values }) => values);
  if (named.length > 0) return named;
  const excluded = terms.reduce((sum, { values }) => sum + values.length, 0);
  return ['true', ...Array.from({ length: excluded }, (_, index) => `value-${index + 1}`)];
}

function contradiction(label: string, terms: readonly Requirement[], fixed: ReadonlySet<string>): Contradiction {
  const paths = terms.map(({ path }) => path);
  if (fixed.has(label)) return { reason: `the label ${label} is the same on every cluster`, terms: paths };
  const said = terms.map(({ operator, values }) => [operator, values.join(', ')].filter(Boolean).join(' '));
  return { reason: `no value of the label ${label} satisfies ${said.join(' and ')}`, terms: paths };
}
