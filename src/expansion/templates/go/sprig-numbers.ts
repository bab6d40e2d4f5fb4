import { formatGoValue } from '../../go-format.js';
import { toFloat, toWhole } from './cast.js';
import { computeDecimal, type DecimalOperation } from './decimal-arithmetic.js';
import type { GoFunction, ParameterType } from './function.js';
import { of, ofAny, ofMany, ofText, refuse, type NamedFunction } from './signatures.js';
import { Int64 } from './values.js';

const whole = (call: (values: bigint[]) => bigint, parameters: ParameterType[] = []): GoFunction =>
  ofMany(parameters, (values) => new Int64(BigInt.asIntN(64, call(values.map(toWhole)))));
const ofTwoWholes = (call: (left: bigint, right: bigint) => bigint): GoFunction =>
  of(['any', 'any'], ([left, right]) => new Int64(BigInt.asIntN(64, call(toWhole(left), toWhole(right)))));
const ofFloat = (call: (value: number) => number): GoFunction => ofAny((value) => call(toFloat(value)));
const decimal = (name: string, operation: DecimalOperation): GoFunction =>
  ofMany(['any'], (values) => computed(name, operation, values.map(toFloat)));
const largest = whole((values) => values.reduce((most, value) => (value > most ? value : most)), ['any']);

/** Sprig's arithmetic. */
export const SPRIG_NUMBERS: readonly NamedFunction[] = [
  ['int', ofAny(toWhole)],
  ['int64', ofAny((value) => new Int64(toWhole(value)))],
  ['float64', ofFloat((value) => value)],
  ['atoi', ofText(decimalDigits)],
  ['toDecimal', ofAny((value) => new Int64(octal(formatGoValue(value))))],
  ['add', whole((values) => values.reduce((sum, value) => sum + value, 0n))],
  ['add1', ofAny((value) => new Int64(BigInt.asIntN(64, toWhole(value) + 1n)))],
  ['sub', ofTwoWholes((left, right) => left - right)],
  ['mul', whole((values) => BigInt.asIntN(64, values.reduce(wrappedProduct, 1n)), ['any'])],
  ['div', ofTwoWholes((left, right) => left / divisor(right, 'div'))],
  ['mod', ofTwoWholes((left, right) => left % divisor(right, 'mod'))],
  ['max', largest],
  ['biggest', largest],
  ['min', whole((values) => values.reduce((least, value) => (value < least ? value : least)), ['any'])],
  ['add1f', ofAny((value) => computed('add1f', 'add', [toFloat(value), 1]))],
  ['addf', ofMany([], (values) => computed('addf', 'add', [0, ...values.map(toFloat)]))],
  ['subf', decimal('subf', 'sub')],
  ['mulf', decimal('mulf', 'mul')],
  ['divf', decimal('divf', 'div')],
  ['maxf', ofMany(['any'], (values) => values.map(toFloat).reduce((most, value) => Math.max(most, value)))],
  ['minf', ofMany(['any'], (values) => values.map(toFloat).reduce((least, value) => Math.min(least, value)))],
  ['ceil', ofFloat(Math.ceil)],
  ['floor', ofFloat(Math.floor)],
  [
    'round',
    {
      parameters: ['any', 'int'],
      variadic: 'float64',
      call: ([value, places, from = 0.5]) => rounded(toFloat(value), Number(places), from as number),
    },
  ],
];

function wrappedProduct(product: bigint, value: bigint): bigint {
  return BigInt.asIntN(64, product * value);
}

function divisor(value: bigint, name: string): bigint {
  return value === 0n ? refuse(name, 'integer divide by zero') : value;
}

function computed(name: string, operation: DecimalOperation, values: number[]): number {
  return computeDecimal(operation, values) ?? refuse(name, 'the result is no number');
}

/** Up from a fraction of `from` on, whatever the sign, as sprig rounds. */
function rounded(value: number, places: number, from: number): number {
  const power = 10 ** places;
  const digit = power * value;
  const fraction = digit - Math.trunc(digit);
  return (fraction >= from ? Math.ceil(digit) : Math.floor(digit)) / power;
}

const GREATEST = 2n ** 63n - 1n;
const LONGEST_NUMBER = 400;

/** strconv.Atoi without its error: 0 where the text is no number, the nearest int where it is too large. */
function decimalDigits(text: string): bigint {
  if (text.length > LONGEST_NUMBER || !/^[-+]?[0-9]+$/.test(text)) return 0n;
  const value = BigInt(text.replace('+', ''));
  if (value > GREATEST) return GREATEST;
  return value < -GREATEST - 1n ? -GREATEST - 1n : value;
}

function octal(text: string): bigint {
  const match = text.length > LONGEST_NUMBER ? null : /^([-+]?)([0-7]+)$/.exec(text);
  if (!match) return 0n;
  const value = BigInt(`0o${match[2]}`) * (match[1] === '-' ? -1n : 1n);
  return value > GREATEST || value < -GREATEST - 1n ? 0n : value;
}
