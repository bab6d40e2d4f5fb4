import { formatGoValue } from '../../go-format.js';
import { StringList } from '../../parameters.js';
import { toWhole } from './cast.js';
import { deepEqual } from './deep-equal.js';
import type { CallContext, GoFunction } from './function.js';
import { itemsOf, of, ofMany, refuse, shallow, withMust, type NamedFunction } from './signatures.js';
import { IntList, kindOf, ListOfLists, nilList, type GoValue } from './values.js';
import { truth, weigh } from './weigh.js';

const ofList = (name: string, call: (list: readonly GoValue[], context: CallContext) => GoValue): GoFunction =>
  shallow(of(['any'], ([list], context) => call(itemsOf(list, name), context)));

/** Sprig's functions on lists. */
export const SPRIG_LISTS: readonly NamedFunction[] = [
  ['list', shallow(ofMany([], (values) => values))],
  ['tuple', shallow(ofMany([], (values) => values))],
  ...withMust(
    'first',
    ofList('first', (list) => list[0] ?? null),
  ),
  ...withMust(
    'last',
    ofList('last', (list) => list.at(-1) ?? null),
  ),
  ...withMust(
    'rest',
    ofList('rest', (list) => (list.length === 0 ? nilList([]) : list.slice(1))),
  ),
  ...withMust(
    'initial',
    ofList('initial', (list) => (list.length === 0 ? nilList([]) : list.slice(0, -1))),
  ),
  ...withMust(
    'reverse',
    ofList('reverse', (list) => list.toReversed()),
  ),
  ...withMust(
    'compact',
    ofList('compact', (list, context) => list.filter((item) => truth(item, context))),
  ),
  ...withMust('append', appending('append')),
  ...withMust('push', appending('push')),
  ...withMust('prepend', shallow(of(['any', 'any'], ([list, value]) => [value, ...itemsOf(list, 'prepend')]))),
  ['concat', shallow(ofMany([], concatenated))],
  ...withMust(
    'has',
    of(['any', 'any'], ([value, list], context) => has(value, list, context)),
  ),
  ...withMust(
    'without',
    ofMany(['any'], ([list, ...omit], context) => without(list, omit, context)),
  ),
  ...withMust(
    'uniq',
    of(['any'], ([list], context) => unique(itemsOf(list, 'uniq'), context)),
  ),
  ...withMust('slice', shallow(ofMany(['any'], ([list, ...bounds]) => sliced(list, bounds)))),
  ...withMust('chunk', shallow(of(['int', 'any'], ([size, list]) => chunked(size as bigint, itemsOf(list, 'chunk'))))),
  ['until', of(['int'], ([count], context) => until(count as bigint, context))],
  [
    'untilStep',
    of(['int', 'int', 'int'], ([start, stop, step], context) =>
      counted({ start: start as bigint, stop: stop as bigint, step: step as bigint }, context),
    ),
  ],
  ['seq', { parameters: [], variadic: 'int', call: (params, context) => sequence(params as bigint[], context) }],
];

function appending(name: string): GoFunction {
  return shallow(of(['any', 'any'], ([list, value]) => [...itemsOf(list, name), value]));
}

function concatenated(lists: readonly GoValue[], context: CallContext): GoValue {
  const joined = lists.flatMap((list) => {
    const items = itemsOf(list, 'concat');
    context.spend(items.length);
    return items;
  });
  return joined.length === 0 ? nilList([]) : joined;
}

function has(value: GoValue, list: GoValue, context: CallContext): boolean {
  if (list === null) return false;
  const items = itemsOf(list, 'has');
  context.spend(items.length);
  return items.some((item) => deepEqual(item, value));
}

function without(list: GoValue, omit: readonly GoValue[], context: CallContext): GoValue {
  const items = itemsOf(list, 'without');
  for (const item of omit) context.spend(items.length * comparisonsWith(item));
  return items.filter((item) => !omit.some((value) => deepEqual(item, value)));
}

function unique(items: readonly GoValue[], context: CallContext): GoValue {
  const kept: GoValue[] = [];
  for (const item of items) {
    context.spend(kept.length * comparisonsWith(item));
    if (!kept.some((other) => deepEqual(other, item))) kept.push(item);
  }
  return kept;
}

const MEMBERS_A_STEP = 4;

/** What comparing a value with another may take, in steps. */
function comparisonsWith(value: GoValue): number {
  let weight = 0;
  weigh(value, { spend: (steps = 1) => (weight += steps) });
  return 1 + Math.floor(weight / MEMBERS_A_STEP);
}

/** The list keeps its type. */
function sliced(list: GoValue, bounds: readonly GoValue[]): GoValue {
  if (!Array.isArray(list)) {
    return refuse('slice', `list should be type of slice or array but ${list === null ? 'nil' : kindOf(list)}`);
  }
  if (list.length === 0) return null;
  const [from = 0, to = list.length] = bounds.map((bound) => Number(toWhole(bound)));
  if (from < 0 || from > to || to > list.length) return refuse('slice', 'slice index out of bounds');
  return list.slice(from, to);
}

function chunked(size: bigint, items: readonly GoValue[]): GoValue {
  const chunks = new ListOfLists();
  if (size <= 0n) return refuse('chunk', `the size is ${size}, it must be more than 0`);
  const step = size > BigInt(items.length) ? Math.max(items.length, 1) : Number(size);
  for (let at = 0; at < items.length; at += step) chunks.push(items.slice(at, at + step));
  return chunks;
}

interface Count {
  start: bigint;
  stop: bigint;
  step: bigint;
}

function until(stop: bigint, context: CallContext): IntList {
  return counted({ start: 0n, stop, step: stop < 0n ? -1n : 1n }, context);
}

function counted({ start, stop, step }: Count, context: CallContext): IntList {
  const list = new IntList();
  const isDown = stop < start;
  if (isDown ? step >= 0n : step <= 0n) return list;
  for (let value = start; isDown ? value > stop : value < stop; value += step) {
    context.spend();
    list.push(value);
  }
  return list;
}

/** Like the shell's seq: both ends count. */
function sequence(params: readonly bigint[], context: CallContext): string {
  const [first = 1n, second = 1n, third = 1n] = params;
  switch (params.length) {
    case 1:
      return spelt({ start: 1n, stop: first, step: first < 1n ? -1n : 1n }, context);
    case 2:
      return spelt({ start: first, stop: second, step: second < first ? -1n : 1n }, context);
    case 3:
      if (third < first && second > 0n) return '';
      return spelt({ start: first, stop: third, step: second }, context);
    default:
      return '';
  }
}

function spelt({ start, stop, step }: Count, context: CallContext): string {
  const beyond = stop < start ? stop - 1n : stop + 1n;
  const list = counted({ start, stop: beyond, step }, context);
  return StringList.from(list, formatGoValue).join(' ');
}
