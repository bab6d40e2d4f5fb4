import { compareBytes, formatGoValue } from '../../go-format.js';
import { isStringMap, newParameters, StringList } from '../../parameters.js';
import { copyValue } from './copy-value.js';
import { mergeInto } from './map-merge.js';
import type { CallContext, GoFunction } from './function.js';
import { of, ofAny, ofMany, refuse, shallow, withMust, type NamedFunction } from './signatures.js';
import { isMap, isNilMap, type GoValue } from './values.js';
import { weigh } from './weigh.js';

type Fields = Record<string, unknown>;

const ofKey = (call: (map: Fields, key: string) => GoValue): GoFunction =>
  shallow(of(['map', 'string'], ([map, key]) => call(map as Fields, key as string)));
const ofKeys = (isTaken: (key: string, keys: readonly GoValue[]) => boolean): GoFunction => ({
  parameters: ['map'],
  variadic: 'string',
  call: ([map, ...keys]) => subset(map as Fields, (key) => isTaken(key, keys)),
});
const merging = (overwrites: boolean): GoFunction => ({
  parameters: ['map'],
  variadic: 'map',
  call: ([target, ...sources]) => merged(target as Fields, sources as Fields[], overwrites),
});

/** Sprig's functions on maps. Keys are sorted where Go's order is random. */
export const SPRIG_MAPS: readonly NamedFunction[] = [
  ['dict', shallow(ofMany([], dict))],
  ['get', ofKey((map, key) => (Object.hasOwn(map, key) ? map[key] : ''))],
  ['hasKey', ofKey((map, key) => Object.hasOwn(map, key))],
  [
    'set',
    shallow(
      of(['map', 'string', 'any'], ([map, key, value]) => {
        if (isNilMap(map as Fields)) return refuse('set', 'assignment to entry in nil map');
        (map as Fields)[key as string] = value;
        return map;
      }),
    ),
  ],
  [
    'unset',
    ofKey((map, key) => {
      delete map[key];
      return map;
    }),
  ],
  ['pluck', { parameters: ['string'], variadic: 'map', call: ([key, ...maps]) => pluck(key as string, maps) }],
  [
    'keys',
    {
      parameters: [],
      variadic: 'map',
      call: (maps) => StringList.from(maps.flatMap((map) => sortedKeys(map as Fields))),
    },
  ],
  ['values', of(['map'], ([map]) => sortedKeys(map as Fields).map((key) => (map as Fields)[key]))],
  ['pick', ofKeys((key, keys) => keys.includes(key))],
  ['omit', ofKeys((key, keys) => !keys.includes(key))],
  ['dig', shallow(ofMany([], dig))],
  ...withMust('merge', merging(false)),
  ...withMust('mergeOverwrite', merging(true)),
  ...withMust('deepCopy', ofAny(copied)),
];

/** Functions that change a map they are given. */
export const MUTATING_FUNCTIONS: ReadonlySet<string> = new Set([
  'set',
  'unset',
  'merge',
  'mustMerge',
  'mergeOverwrite',
  'mustMergeOverwrite',
]);

function dict(values: GoValue[], context: CallContext): GoValue {
  const made: Fields = newParameters();
  for (let index = 0; index < values.length; index += 2) {
    weigh(values[index], context);
    made[formatGoValue(values[index])] = index + 1 < values.length ? values[index + 1] : '';
  }
  return made;
}

function pluck(key: string, maps: readonly GoValue[]): GoValue[] {
  return maps.filter((map) => Object.hasOwn(map as Fields, key)).map((map) => (map as Fields)[key]);
}

function sortedKeys(map: Fields): string[] {
  return Object.keys(map).sort(compareBytes);
}

function subset(map: Fields, isTaken: (key: string) => boolean): Fields {
  return newParameters(Object.fromEntries(Object.entries(map).filter(([key]) => isTaken(key))));
}

/** `dig "a" "b" fallback map`: the value at that path. What lies on the way must be a map. */
function dig(args: readonly GoValue[]): GoValue {
  if (args.length < 3) return refuse('dig', 'dig needs at least three arguments');
  const keys = args.slice(0, -2);
  if (!keys.every((key) => typeof key === 'string')) return refuse('dig', 'the keys must be text');
  let value: GoValue = args.at(-1);
  for (const key of keys as string[]) {
    if (!isMap(value) || isStringMap(value))
      return refuse('dig', `what holds the key ${JSON.stringify(key)} must be a map`);
    if (!Object.hasOwn(value, key)) return args.at(-2);
    value = value[key];
  }
  return value;
}

function merged(given: Fields, sources: readonly Fields[], overwrites: boolean): Fields {
  const target = isNilMap(given) ? newParameters() : given;
  for (const source of sources) mergeInto(target, source, overwrites);
  return target;
}

function copied(value: GoValue, context: CallContext): GoValue {
  context.spend();
  return value === null ? refuse('deepCopy', 'reflect: call of Value.Type on zero Value') : copyValue(value);
}
