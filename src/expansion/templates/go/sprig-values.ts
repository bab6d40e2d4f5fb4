import { compareBytes, formatGoValue } from '../../go-format.js';
import { newParameters, StringList } from '../../parameters.js';
import { jsonEqual } from '../../../kernel/json.js';
import { toWhole } from './cast.js';
import { GoExecutionError } from './execution-error.js';
import type { GoFunction, ParameterType } from './function.js';
import { goJson } from './go-json.js';
import { Int64, isTrue, typeNameOf, type GoValue } from './values.js';

type Fields = Record<string, unknown>;

const of = (parameters: ParameterType[], call: GoFunction['call']): GoFunction => ({ parameters, call });
const ofMany = (parameters: ParameterType[], call: GoFunction['call']): GoFunction => ({
  parameters,
  variadic: 'any',
  call,
});
const ofList = (name: string, call: (list: readonly GoValue[]) => GoValue): GoFunction =>
  of(['any'], ([list]) => call(listOf(list, name)));
const whole = (call: (values: bigint[]) => bigint, parameters: ParameterType[] = []): GoFunction =>
  ofMany(parameters, (values) => new Int64(BigInt.asIntN(64, call(values.map(toWhole)))));
const ofTwoWholes = (call: (left: bigint, right: bigint) => bigint): GoFunction =>
  of(['any', 'any'], ([left, right]) => new Int64(BigInt.asIntN(64, call(toWhole(left), toWhole(right)))));

/** Sprig's functions on values of any type, as far as they are held to Go's own answers. */
export const SPRIG_VALUES: readonly (readonly [string, GoFunction])[] = [
  ['default', ofMany(['any'], ([fallback, given]) => (isTrue(given) ? given : fallback))],
  ['empty', of(['any'], ([value]) => !isTrue(value))],
  ['coalesce', ofMany([], (values) => values.find(isTrue) ?? null)],
  ['all', ofMany([], (values) => values.every(isTrue))],
  ['any', ofMany([], (values) => values.some(isTrue))],
  ['ternary', of(['any', 'any', 'bool'], ([yes, no, condition]) => (condition === true ? yes : no))],
  ['fail', of(['string'], ([message]) => refuse(`error calling fail: ${String(message)}`))],
  ['toJson', of(['any'], ([value]) => goJson(value))],
  ['mustToJson', of(['any'], ([value]) => goJson(value))],
  ['kindOf', of(['any'], ([value]) => kindOf(value))],
  ['kindIs', of(['string', 'any'], ([kind, value]) => kind === kindOf(value))],
  ['typeOf', of(['any'], ([value]) => (value === null ? '<nil>' : typeNameOf(value)))],
  ['typeIs', of(['string', 'any'], ([type, value]) => type === (value === null ? '<nil>' : typeNameOf(value)))],

  ['int', of(['any'], ([value]) => toWhole(value))],
  ['int64', of(['any'], ([value]) => new Int64(toWhole(value)))],
  ['add', whole((values) => values.reduce((sum, value) => sum + value, 0n))],
  ['add1', of(['any'], ([value]) => new Int64(BigInt.asIntN(64, toWhole(value) + 1n)))],
  ['sub', ofTwoWholes((left, right) => left - right)],
  ['mul', whole((values) => values.reduce((product, value) => product * value, 1n), ['any'])],
  ['div', ofTwoWholes((left, right) => left / divisor(right, 'div'))],
  ['mod', ofTwoWholes((left, right) => left % divisor(right, 'mod'))],
  ['max', whole((values) => values.reduce((most, value) => (value > most ? value : most)), ['any'])],
  ['min', whole((values) => values.reduce((least, value) => (value < least ? value : least)), ['any'])],

  ['list', ofMany([], (values) => values)],
  ['tuple', ofMany([], (values) => values)],
  ['first', ofList('first', (list) => list[0] ?? null)],
  ['last', ofList('last', (list) => list.at(-1) ?? null)],
  ['rest', ofList('rest', (list) => list.slice(1))],
  ['initial', ofList('initial', (list) => list.slice(0, -1))],
  ['reverse', ofList('reverse', (list) => list.toReversed())],
  ['compact', ofList('compact', (list) => list.filter(isTrue))],
  ['append', of(['any', 'any'], ([list, value]) => [...listOf(list, 'append'), value])],
  ['push', of(['any', 'any'], ([list, value]) => [...listOf(list, 'push'), value])],
  ['prepend', of(['any', 'any'], ([list, value]) => [value, ...listOf(list, 'prepend')])],
  ['concat', ofMany([], (lists) => lists.flatMap((list) => listOf(list, 'concat')))],
  [
    'has',
    of(['any', 'any'], ([value, list]) => list !== null && listOf(list, 'has').some((item) => same(item, value))),
  ],
  [
    'without',
    ofMany(['any'], ([list, ...omit]) =>
      listOf(list, 'without').filter((item) => !omit.some((value) => same(item, value))),
    ),
  ],
  [
    'uniq',
    ofList('uniq', (list) => list.filter((item, index) => list.findIndex((other) => same(item, other)) === index)),
  ],
  ['slice', ofMany(['any'], ([list, ...bounds]) => slice(listOf(list, 'slice'), bounds))],

  ['dict', ofMany([], dict)],
  [
    'get',
    of(['map', 'string'], ([map, key]) =>
      Object.hasOwn(map as Fields, key as string) ? (map as Fields)[key as string] : '',
    ),
  ],
  ['hasKey', of(['map', 'string'], ([map, key]) => Object.hasOwn(map as Fields, key as string))],
  [
    'keys',
    {
      parameters: [],
      variadic: 'map',
      call: (maps) => StringList.from(maps.flatMap((map) => sortedKeys(map as Fields))),
    },
  ],
  ['values', of(['map'], ([map]) => sortedKeys(map as Fields).map((key) => (map as Fields)[key]))],
  [
    'pick',
    {
      parameters: ['map'],
      variadic: 'string',
      call: ([map, ...keys]) => subset(map as Fields, (key) => keys.includes(key)),
    },
  ],
  [
    'omit',
    {
      parameters: ['map'],
      variadic: 'string',
      call: ([map, ...keys]) => subset(map as Fields, (key) => !keys.includes(key)),
    },
  ],
];

function refuse(message: string): never {
  throw new GoExecutionError(message);
}

function listOf(value: GoValue, name: string): readonly GoValue[] {
  if (Array.isArray(value)) return Array.from(value as unknown[]);
  const kind = value === null ? 'nil' : kindOf(value);
  return refuse(`error calling ${name}: list should be type of slice or array but ${kind}`);
}

/** reflect.Kind's word for a value. */
function kindOf(value: GoValue): string {
  if (value === null) return 'invalid';
  if (Array.isArray(value)) return 'slice';
  const type = typeNameOf(value);
  return type.startsWith('map') ? 'map' : type;
}

function divisor(value: bigint, name: string): bigint {
  return value === 0n ? refuse(`error calling ${name}: integer divide by zero`) : value;
}

/** reflect.DeepEqual: types count too, so 1 and 1.0 differ. */
function same(left: GoValue, right: GoValue): boolean {
  return typeNameOf(left) === typeNameOf(right) && jsonEqual(left, right);
}

function slice(list: readonly GoValue[], bounds: readonly GoValue[]): GoValue {
  if (list.length === 0) return null;
  const [from = 0, to = list.length] = bounds.map((bound) => Number(toWhole(bound)));
  if (from < 0 || from > to || to > list.length) return refuse('error calling slice: slice index out of bounds');
  return list.slice(from, to);
}

function dict(values: GoValue[]): GoValue {
  const made: Fields = newParameters();
  for (let index = 0; index < values.length; index += 2) {
    made[formatGoValue(values[index])] = index + 1 < values.length ? values[index + 1] : '';
  }
  return made;
}

/** Sorted where Go's order is random. */
function sortedKeys(map: Fields): string[] {
  return Object.keys(map).sort(compareBytes);
}

function subset(map: Fields, isTaken: (key: string) => boolean): Fields {
  return newParameters(Object.fromEntries(Object.entries(map).filter(([key]) => isTaken(key))));
}
