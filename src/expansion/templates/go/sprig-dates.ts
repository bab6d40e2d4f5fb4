import { formatDuration, parseDuration, roundedDuration } from './go-duration.js';
import { parseTime } from './go-layout-parse.js';
import { formatTime } from './go-layout.js';
import { GoTime } from './go-time.js';
import { UTC, zoneNamed } from './go-zone.js';
import type { CallContext, GoFunction } from './function.js';
import { of, ofAny, refuse, type NamedFunction } from './signatures.js';
import { Int64, wholeOf, type GoValue } from './values.js';

const SECOND = 1_000_000_000n;
const inZone: GoFunction = of(['string', 'any', 'string'], ([layout, date, zone], context) =>
  shown(layout as string, timeOf(date, context), { zone: zone as string, context }),
);
const modified = of(['string', 'time'], ([duration, time]) => later(duration as string, time as GoTime) ?? time);
const mustModify = of(
  ['string', 'time'],
  ([duration, time]) =>
    later(duration as string, time as GoTime) ??
    refuse('mustDateModify', `time: invalid duration ${JSON.stringify(duration)}`),
);

/** Sprig's dates. The hub's own zone is UTC, and `now` is an input of the expansion. */
export const SPRIG_DATES: readonly NamedFunction[] = [
  ['now', of([], (_none, context) => GoTime.of(context.now))],
  ['date', of(['string', 'any'], ([layout, date], context) => local(layout as string, date, context))],
  ['dateInZone', inZone],
  ['date_in_zone', inZone],
  ['htmlDate', ofAny((date, context) => local('2006-01-02', date, context))],
  [
    'htmlDateInZone',
    of(['any', 'string'], ([date, zone], context) =>
      shown('2006-01-02', timeOf(date, context), { zone: zone as string, context }),
    ),
  ],
  ['dateModify', modified],
  ['date_modify', modified],
  ['mustDateModify', mustModify],
  ['must_date_modify', mustModify],
  ['ago', ofAny((date, context) => formatDuration(toSeconds(age(date, context))))],
  ['duration', ofAny((seconds) => formatDuration(BigInt.asIntN(64, secondsOf(seconds) * SECOND)))],
  ['durationRound', ofAny((value, context) => roundedDuration(durationOf(value, context)))],
  ['toDate', of(['string', 'string'], ([layout, text]) => parsed(layout, text) ?? GoTime.zero())],
  [
    'mustToDate',
    of(
      ['string', 'string'],
      ([layout, text]) =>
        parsed(layout, text) ??
        refuse('mustToDate', `cannot parse ${JSON.stringify(text)} as ${JSON.stringify(layout)}`),
    ),
  ],
  ['unixEpoch', of(['time'], ([time]) => String((time as GoTime).seconds))],
];

/** What is neither a time nor a count of seconds since 1970 is now. */
function timeOf(date: GoValue, { now }: CallContext): GoTime {
  if (date instanceof GoTime) return date;
  const whole = typeof date === 'bigint' || date instanceof Int64 ? wholeOf(date) : undefined;
  return whole === undefined ? GoTime.of(now) : new GoTime(Number(whole));
}

function local(layout: string, date: GoValue, context: CallContext): string {
  return shown(layout, timeOf(date, context), { zone: 'Local', context });
}

/** A zone that does not exist is UTC. */
function shown(layout: string, time: GoTime, { zone, context }: { zone: string; context: CallContext }): string {
  const text = formatTime(time.in(zoneNamed(zone) ?? UTC), layout);
  context.charge(text.length);
  return text;
}

function later(duration: string, time: GoTime): GoTime | undefined {
  const nanoseconds = parseDuration(duration);
  return nanoseconds === undefined ? undefined : time.plus(nanoseconds);
}

function age(date: GoValue, context: CallContext): bigint {
  return GoTime.of(context.now).since(timeOf(date, context));
}

/** Rounded half away from zero. */
function toSeconds(nanoseconds: bigint): bigint {
  const half = nanoseconds < 0n ? -SECOND / 2n : SECOND / 2n;
  return ((nanoseconds + half) / SECOND) * SECOND;
}

function secondsOf(value: GoValue): bigint {
  if (value instanceof Int64) return value.value;
  return typeof value === 'string' && /^[-+]?[0-9]{1,19}$/.test(value) ? BigInt(value.replace('+', '')) : 0n;
}

function durationOf(value: GoValue, context: CallContext): bigint {
  if (typeof value === 'string') return parseDuration(value) ?? 0n;
  if (value instanceof Int64) return value.value;
  return value instanceof GoTime ? age(value, context) : 0n;
}

function parsed(layout: GoValue, text: GoValue): GoTime | undefined {
  return parseTime(layout as string, text as string);
}
