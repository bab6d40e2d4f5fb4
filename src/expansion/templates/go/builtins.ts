import { formatGoValue } from '../../go-format.js';
import { escapeHtml, escapeJs, escapeQuery } from './escape.js';
import { GoExecutionError } from './execution-error.js';
import { equal, lessThan } from './compare.js';
import type { GoFunction } from './function.js';
import { printf } from './printf.js';
import { isMap, isTrue, typeNameOf, Uint8, wholeOf, type GoValue } from './values.js';
import { byteLength, sliceBytes } from './bytes.js';
import { isStringMap } from '../../parameters.js';

const all = (call: GoFunction['call'], least = 0): GoFunction => ({
  parameters: Array<'value'>(least).fill('value'),
  variadic: 'value',
  call,
});
const exactly = (count: number, call: GoFunction['call']): GoFunction => ({
  parameters: Array<'value'>(count).fill('value'),
  call,
});

/** The functions text/template itself has. `and` and `or` are listed for their names; they short-circuit elsewhere. */
export const BUILTINS: ReadonlyMap<string, GoFunction> = new Map<string, GoFunction>([
  ['and', all(() => undefined, 1)],
  ['or', all(() => undefined, 1)],
  ['not', exactly(1, ([value]) => !isTrue(value))],
  ['len', exactly(1, ([value]) => length(value))],
  ['index', all(([item, ...keys]) => indexed(item, keys), 1)],
  ['slice', all(([item, ...indexes]) => slice(item, indexes), 1)],
  ['print', { parameters: [], variadic: 'any', call: (args) => sprint(args) }],
  ['println', { parameters: [], variadic: 'any', call: (args) => `${args.map(formatGoValue).join(' ')}\n` }],
  [
    'printf',
    { parameters: ['string'], variadic: 'any', call: ([format, ...args], run) => printf(format as string, args, run) },
  ],
  ['html', { parameters: [], variadic: 'any', call: (args) => escapeHtml(shown(args)) }],
  ['js', { parameters: [], variadic: 'any', call: (args) => escapeJs(shown(args)) }],
  ['urlquery', { parameters: [], variadic: 'any', call: (args) => escapeQuery(shown(args)) }],
  ['eq', all(([first, ...rest]) => equalsAny(first, rest), 1)],
  ['ne', exactly(2, ([left, right]) => !equal(left, right))],
  ['lt', exactly(2, ([left, right]) => lessThan(left, right))],
  ['le', exactly(2, ([left, right]) => lessThan(left, right) || equal(left, right))],
  ['gt', exactly(2, ([left, right]) => !(lessThan(left, right) || equal(left, right)))],
  ['ge', exactly(2, ([left, right]) => !lessThan(left, right))],
  ['call', all(([callee]) => refuseCall(callee), 1)],
]);

function equalsAny(first: GoValue, rest: readonly GoValue[]): boolean {
  if (rest.length === 0) throw new GoExecutionError('error calling eq: missing argument for comparison');
  return rest.some((value) => equal(first, value));
}

function refuseCall(callee: GoValue): never {
  throw new GoExecutionError(`error calling call: non-function of type ${typeNameOf(callee)}`);
}

/** fmt.Sprint: a space between two operands when neither is text. */
function sprint(args: readonly GoValue[]): string {
  return args.reduce<string>((text, value, index) => {
    const isParted = index > 0 && typeof value !== 'string' && typeof args[index - 1] !== 'string';
    return `${text}${isParted ? ' ' : ''}${formatGoValue(value)}`;
  }, '');
}

/** What the escaping functions escape: nil reads as an action prints it. */
function shown(args: readonly GoValue[]): string {
  return sprint(args.map((value) => value ?? '<no value>'));
}

export function length(value: GoValue): bigint {
  if (typeof value === 'string') return BigInt(byteLength(value));
  if (Array.isArray(value)) return BigInt(value.length);
  if (isMap(value)) return BigInt(Object.keys(value).length);
  if (value === undefined) throw new GoExecutionError('error calling len: len of nil pointer');
  throw new GoExecutionError(`error calling len: len of type ${typeNameOf(value)}`);
}

function indexed(item: GoValue, keys: readonly GoValue[]): GoValue {
  if (item === undefined) throw indexError('index of untyped nil');
  return keys.reduce(element, item);
}

function element(item: GoValue, key: GoValue): GoValue {
  if (item === undefined || item === null) throw indexError('index of untyped nil');
  if (isMap(item)) {
    if (typeof key !== 'string') throw indexError(`value has type ${typeNameOf(key)}; should be string`);
    if (Object.hasOwn(item, key)) return item[key];
    return isStringMap(item) ? '' : null;
  }
  if (typeof item !== 'string' && !Array.isArray(item))
    throw indexError(`can't index item of type ${typeNameOf(item)}`);
  const size = typeof item === 'string' ? byteLength(item) : item.length;
  const at = position(key, size, indexError);
  if (at >= size) throw indexError('reflect: slice index out of range');
  if (typeof item !== 'string') return item[at] as GoValue;
  return new Uint8(BigInt(new TextEncoder().encode(item)[at] ?? 0));
}

function slice(item: GoValue, indexes: readonly GoValue[]): GoValue {
  if (item === undefined) throw sliceError('slice of untyped nil');
  if (typeof item !== 'string' && !Array.isArray(item))
    throw sliceError(`can't slice item of type ${typeNameOf(item)}`);
  if (indexes.length > 3) throw sliceError(`too many slice indexes: ${indexes.length}`);
  if (indexes.length === 3 && typeof item === 'string') throw sliceError('cannot 3-index slice a string');
  const size = typeof item === 'string' ? byteLength(item) : item.length;
  const [from = 0, to = size, limit = size] = indexes.map((index) => position(index, size, sliceError));
  if (from > to) throw sliceError(`invalid slice index: ${from} > ${to}`);
  if (to > limit) throw sliceError(`invalid slice index: ${to} > ${limit}`);
  return typeof item === 'string' ? sliceBytes(item, from, to) : item.slice(from, to);
}

function position(index: GoValue, size: number, refusal: (message: string) => GoExecutionError): number {
  const whole = wholeOf(index);
  if (index === undefined || index === null) throw refusal('cannot index slice/array with nil');
  if (whole === undefined) throw refusal(`cannot index slice/array with type ${typeNameOf(index)}`);
  if (whole < 0n || whole > BigInt(size)) throw refusal(`index out of range: ${whole}`);
  return Number(whole);
}

const indexError = (message: string): GoExecutionError => new GoExecutionError(`error calling index: ${message}`);
const sliceError = (message: string): GoExecutionError => new GoExecutionError(`error calling slice: ${message}`);
