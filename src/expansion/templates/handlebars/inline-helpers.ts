import { compareBytes } from '../../go-format.js';
import { normalizeName } from '../../normalize-name.js';
import { HandlebarsError, type Rendering } from './rendering.js';

export interface InlineHelper {
  /** How many arguments it takes, at least and at most. */
  takes: readonly [number, number];
  /** Its arguments may be parameters that are not there. */
  isTolerant?: boolean;
  call(args: readonly unknown[], rendering: Rendering): unknown;
}

const ANY = Number.POSITIVE_INFINITY;
const ofText = (call: (text: string) => string): InlineHelper => ({
  takes: [1, 1],
  call: ([text], rendering) => {
    spendOn([text], rendering);
    return call(textOf(text));
  },
});
const tolerant = (takes: readonly [number, number], call: (args: readonly unknown[]) => unknown): InlineHelper => ({
  takes,
  isTolerant: true,
  call,
});

/** What `{{name …}}` may call. */
export const INLINE_HELPERS: ReadonlyMap<string, InlineHelper> = new Map<string, InlineHelper>([
  ['default', tolerant([2, 2], ([value, fallback]) => (isEmpty(value) ? fallback : value))],
  ['eq', { takes: [2, 2], call: ([left, right]) => left === right }],
  ['ne', { takes: [2, 2], call: ([left, right]) => left !== right }],
  ['and', tolerant([1, ANY], (values) => values.every((value) => !isEmpty(value)))],
  ['or', tolerant([1, ANY], (values) => values.some((value) => !isEmpty(value)))],
  ['not', tolerant([1, 1], ([value]) => isEmpty(value))],
  ['lower', ofText((text) => text.toLowerCase())],
  ['upper', ofText((text) => text.toUpperCase())],
  ['trim', ofText((text) => text.trim())],
  ['normalize', ofText(normalizeName)],
  ['replace', { takes: [3, 3], call: ([text, old, next], rendering) => replaced([text, old, next], rendering) }],
  ['truncate', { takes: [2, 2], call: ([text, length], rendering) => truncated(textOf(text), length, rendering) }],
  ['join', { takes: [2, 2], call: ([list, separator], rendering) => joined(list, textOf(separator), rendering) }],
  ['concat', { takes: [1, ANY], call: (values, rendering) => joined(values, '', rendering) }],
  ['toJson', { takes: [1, 1], call: ([value], rendering) => jsonOf(value, rendering, 0) }],
  ['lookup', { takes: [2, 2], call: ([holder, key]) => lookup(holder, textOf(key)) }],
]);

/** As Handlebars' `if` sees it: missing, null, false, zero, empty text and empty lists. */
export function isEmpty(value: unknown): boolean {
  return !value || (Array.isArray(value) && value.length === 0);
}

/** What `{{…}}` prints; lists and objects are refused, for nobody wants `[object Object]`. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'object') throw new HandlebarsError('a list or object cannot be written as text; use toJson');
  return String(value);
}

/** An own member of an object or list. */
export function lookup(holder: unknown, key: string): unknown {
  if (typeof holder === 'object' && holder !== null && Object.hasOwn(holder, key)) {
    if (!Array.isArray(holder) || /^[0-9]+$/.test(key)) return (holder as Record<string, unknown>)[key];
    if (key === 'length') return holder.length;
  }
  throw new HandlebarsError(`there is no ${JSON.stringify(key)}`, true);
}

const CHARACTERS_A_STEP = 8;
const COMPARISONS_A_STEP = 4_096;

/** What looking through texts takes. */
function spendOn(values: readonly unknown[], rendering: Rendering): void {
  const length = values.reduce<number>((sum, value) => (typeof value === 'string' ? sum + value.length : sum), 0);
  rendering.spend(Math.floor(length / CHARACTERS_A_STEP));
}

function replaced([text, old, next]: readonly unknown[], rendering: Rendering): string {
  spendOn([text, text, old], rendering);
  rendering.spend(Math.floor((textOf(text).length * textOf(old).length) / COMPARISONS_A_STEP));
  const parts = textOf(text).split(textOf(old));
  rendering.charge((parts.length - 1) * textOf(next).length);
  return parts.join(textOf(next));
}

function truncated(text: string, length: unknown, rendering: Rendering): string {
  if (typeof length !== 'number' || length < 0) throw new HandlebarsError('truncate needs a length');
  spendOn([text], rendering);
  return [...text].slice(0, length).join('');
}

function joined(list: unknown, separator: string, rendering: Rendering): string {
  if (!Array.isArray(list)) throw new HandlebarsError('join needs a list');
  rendering.spend(list.length);
  const texts = Array.from(list as unknown[], textOf);
  rendering.charge(texts.reduce((sum, text) => sum + text.length + separator.length, 0));
  return texts.join(separator);
}

const DEEPEST = 100;

/** Sorted keys, so that equal values give equal text. */
function jsonOf(value: unknown, rendering: Rendering, depth: number): string {
  if (depth > DEEPEST) throw new HandlebarsError(`a value nests deeper than ${DEEPEST} levels`);
  rendering.charge(typeof value === 'string' ? value.length : 1);
  if (Array.isArray(value)) return `[${value.map((item) => jsonOf(item, rendering, depth + 1)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const members = Object.entries(value)
    .sort(([left], [right]) => compareBytes(left, right))
    .map(([key, member]) => `${JSON.stringify(key)}:${jsonOf(member, rendering, depth + 1)}`);
  return `{${members.join(',')}}`;
}
