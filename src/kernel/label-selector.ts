import { invalid } from './errors.js';

export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: LabelExpression[];
}

export interface LabelExpression {
  key: string;
  operator: string;
  values?: string[];
}

export type Labels = Readonly<Record<string, string>>;

/** Kubernetes' rules: terms are ANDed, NotIn holds where the key is absent, an empty selector matches everything. */
export function matchesSelector(selector: LabelSelector, labels: Labels): boolean {
  const wanted = Object.entries(selector.matchLabels ?? {});
  return (
    wanted.every(([key, value]) => labelOf(labels, key) === value) &&
    (selector.matchExpressions ?? []).every((expression) => matchesExpression(expression, labels))
  );
}

export function matchesExpression({ key, operator, values = [] }: LabelExpression, labels: Labels): boolean {
  const value = labelOf(labels, key);
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      throw invalid('SELECTOR_OPERATOR', `"${operator}" is not a valid label selector operator`, [
        { path: 'operator', message: 'unknown operator', expected: 'In, NotIn, Exists or DoesNotExist', got: operator },
      ]);
  }
}

function labelOf(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

const KEY = '[A-Za-z0-9](?:[-A-Za-z0-9_./]*[A-Za-z0-9])?';
const SET_TERM = new RegExp(`^(${KEY})\\s+(in|notin)\\s+\\(([^()]*)\\)$`);
const EQUALITY_TERM = new RegExp(`^(${KEY})\\s*(==?|!=)\\s*([-A-Za-z0-9_.]*)$`);
const PRESENCE_TERM = new RegExp(`^(!?)\\s*(${KEY})$`);

/** Parses kubectl's `-l` text: `env=prod,tier in (a,b),!canary`. */
export function parseSelector(text: string): LabelExpression[] {
  return splitTerms(text).map(parseTerm);
}

function splitTerms(text: string): string[] {
  return text
    .split(/,(?![^()]*\))/)
    .map((term) => term.trim())
    .filter((term) => term !== '');
}

function parseTerm(term: string): LabelExpression {
  const set = SET_TERM.exec(term);
  if (set) {
    const values = (set[3] ?? '').split(',').map((value) => value.trim());
    return { key: set[1] ?? '', operator: set[2] === 'in' ? 'In' : 'NotIn', values };
  }
  const equality = EQUALITY_TERM.exec(term);
  if (equality) {
    return { key: equality[1] ?? '', operator: equality[2] === '!=' ? 'NotIn' : 'In', values: [equality[3] ?? ''] };
  }
  const presence = PRESENCE_TERM.exec(term);
  if (presence) return { key: presence[2] ?? '', operator: presence[1] === '!' ? 'DoesNotExist' : 'Exists' };
  throw invalid('SELECTOR_SYNTAX', `cannot read the selector term "${term}"`, [
    {
      path: 'labelSelector',
      message: 'not a selector term',
      expected: 'key=value, key!=value, key in (a,b), key or !key',
      got: term,
    },
  ]);
}
