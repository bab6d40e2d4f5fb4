import { invalid, type FleetError } from './errors.js';
import { isLabelKey, isLabelValue } from './label-syntax.js';

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

/** Parses kubectl's `-l` text by Kubernetes' grammar, without `>` and `<`: `env=prod,tier in (a,b),!canary`. */
export function parseSelector(text: string): LabelExpression[] {
  return new SelectorParser(text).parse();
}

const TOKEN = /\s*([=!]=|[(),!=<>]|[^\s(),!=<>]+)/y;
const SYMBOL = /^[(),!=<>]/;

class SelectorParser {
  private readonly tokens: string[];
  private at = 0;

  constructor(private readonly text: string) {
    this.tokens = tokensOf(text);
  }

  parse(): LabelExpression[] {
    const terms: LabelExpression[] = [];
    if (this.tokens.length === 0) return terms;
    do terms.push(this.term());
    while (this.take(','));
    if (this.at < this.tokens.length) throw this.refusal();
    return terms;
  }

  private term(): LabelExpression {
    const isAbsence = this.take('!');
    const key = this.word();
    if (key === undefined || !isLabelKey(key)) throw this.refusal();
    const next = this.tokens[this.at];
    if (isAbsence) return { key, operator: 'DoesNotExist' };
    if (next === undefined || next === ',') return { key, operator: 'Exists' };
    this.at += 1;
    const operator = OPERATORS[next];
    if (!operator || !Object.hasOwn(OPERATORS, next)) throw this.refusal();
    const values = /^[a-z]/.test(next) ? this.listed() : [this.word() ?? ''];
    if (!values.every(isLabelValue)) throw this.refusal();
    return { key, operator, values };
  }

  /** What stands in parentheses; nothing there, or between two commas, is an empty value. */
  private listed(): string[] {
    if (!this.take('(')) throw this.refusal();
    const values = new Set<string>();
    do values.add(this.word() ?? '');
    while (this.take(','));
    if (!this.take(')')) throw this.refusal();
    return [...values];
  }

  private word(): string | undefined {
    const token = this.tokens[this.at];
    if (token === undefined || SYMBOL.test(token)) return undefined;
    this.at += 1;
    return token;
  }

  private take(symbol: string): boolean {
    if (this.tokens[this.at] !== symbol) return false;
    this.at += 1;
    return true;
  }

  private refusal(): FleetError {
    return invalid('SELECTOR_SYNTAX', `cannot read the selector "${this.text}"`, [
      {
        path: 'labelSelector',
        message: 'not a selector',
        expected: 'key=value, key!=value, key in (a,b), key or !key, with valid label keys and values',
        got: this.text,
      },
    ]);
  }
}

const OPERATORS: Readonly<Record<string, string>> = { '=': 'In', '==': 'In', '!=': 'NotIn', in: 'In', notin: 'NotIn' };

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  const trimmed = text.trimEnd();
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < trimmed.length;) tokens.push(TOKEN.exec(trimmed)?.[1] ?? '');
  return tokens;
}
