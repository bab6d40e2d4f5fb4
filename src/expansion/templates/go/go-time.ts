import type { GoFunction } from './function.js';
import { GoExecutionError } from './execution-error.js';
import { formatTime } from './go-layout.js';
import { GoObject } from './go-object.js';
import { MONTHS, WEEKDAYS } from './calendar-names.js';
import { UTC, type GoZone } from './go-zone.js';
import { NamedInt } from './named-int.js';
import { Int64, type GoValue } from './values.js';

const RFC3339 = '2006-01-02T15:04:05.999999999Z07:00';
const DEFAULT_LAYOUT = '2006-01-02 15:04:05.999999999 -0700 MST';
const LARGEST_SECONDS = 8.64e12;
const NANOSECONDS = 1_000_000_000n;
const ZERO_SECONDS = -62_135_596_800;

/** time.Time: an instant to the nanosecond, seen from a time zone. */
export class GoTime extends GoObject {
  /** Throws GoExecutionError beyond the years that JavaScript's dates know, some 270,000 either way. */
  constructor(
    readonly seconds: number,
    readonly nanoseconds = 0,
    readonly zone: GoZone = UTC,
  ) {
    super();
    if (Math.abs(seconds) > LARGEST_SECONDS) throw new GoExecutionError('the time is out of range');
  }

  static of(date: Date): GoTime {
    const milliseconds = date.getTime();
    const seconds = Math.floor(milliseconds / 1000);
    return new GoTime(seconds, (milliseconds - seconds * 1000) * 1_000_000);
  }

  static zero(): GoTime {
    return new GoTime(ZERO_SECONDS);
  }

  get typeName(): string {
    return 'time.Time';
  }

  get kind(): string {
    return 'struct';
  }

  toString(): string {
    return formatTime(this, DEFAULT_LAYOUT);
  }

  toJson(): string {
    return JSON.stringify(formatTime(this, RFC3339));
  }

  in(zone: GoZone): GoTime {
    return new GoTime(this.seconds, this.nanoseconds, zone);
  }

  /** Later by so many nanoseconds. */
  plus(duration: bigint): GoTime {
    const total = BigInt(this.nanoseconds) + duration;
    const rest = ((total % NANOSECONDS) + NANOSECONDS) % NANOSECONDS;
    return new GoTime(this.seconds + Number((total - rest) / NANOSECONDS), Number(rest), this.zone);
  }

  /** Nanoseconds from `other` to this instant. */
  since(other: GoTime): bigint {
    return BigInt(this.seconds - other.seconds) * NANOSECONDS + BigInt(this.nanoseconds - other.nanoseconds);
  }

  /** The wall clock of the zone, to be read by the UTC getters. */
  wall(): Date {
    return new Date((this.seconds + this.zone.at(this.seconds).offset) * 1000);
  }

  get dayOfYear(): number {
    const wall = this.wall();
    const start = new Date(0);
    start.setUTCFullYear(wall.getUTCFullYear(), 0, 1);
    return Math.floor((wall.getTime() - start.getTime()) / 86_400_000) + 1;
  }

  method(name: string): GoFunction | undefined {
    if (name === 'Format') {
      return {
        parameters: ['string'],
        call: ([layout], context) => {
          const text = formatTime(this, layout as string);
          context.charge(text.length);
          return text;
        },
      };
    }
    if (name === 'AddDate') {
      return { parameters: ['int', 'int', 'int'], call: (parts) => this.plusDate(parts.map(Number)) };
    }
    const read = READERS.get(name);
    if (read) return { parameters: [], call: () => read(this) };
    const compared = COMPARISONS.get(name);
    return compared && { parameters: ['time'], call: ([other]) => compared(this.since(other as GoTime)) };
  }

  private plusDate([years = 0, months = 0, days = 0]: number[]): GoTime {
    const wall = this.wall();
    const moved = new Date(wall);
    moved.setUTCFullYear(wall.getUTCFullYear() + years, wall.getUTCMonth() + months, wall.getUTCDate() + days);
    return new GoTime(this.seconds + (moved.getTime() - wall.getTime()) / 1000, this.nanoseconds, this.zone);
  }
}

const nanosecondsOf = ({ seconds, nanoseconds }: GoTime): bigint => BigInt(seconds) * NANOSECONDS + BigInt(nanoseconds);
const asInt64 = (value: bigint): Int64 => new Int64(BigInt.asIntN(64, value));

const READERS: ReadonlyMap<string, (time: GoTime) => GoValue> = new Map<string, (time: GoTime) => GoValue>([
  ['Unix', ({ seconds }) => new Int64(BigInt(seconds))],
  ['UnixMilli', (time) => asInt64(nanosecondsOf(time) / 1_000_000n)],
  ['UnixMicro', (time) => asInt64(nanosecondsOf(time) / 1_000n)],
  ['UnixNano', (time) => asInt64(nanosecondsOf(time))],
  ['Year', (time) => BigInt(time.wall().getUTCFullYear())],
  ['Month', (time) => monthOf(time)],
  ['Day', (time) => BigInt(time.wall().getUTCDate())],
  ['Weekday', (time) => weekdayOf(time)],
  ['YearDay', (time) => BigInt(time.dayOfYear)],
  ['Hour', (time) => BigInt(time.wall().getUTCHours())],
  ['Minute', (time) => BigInt(time.wall().getUTCMinutes())],
  ['Second', (time) => BigInt(time.wall().getUTCSeconds())],
  ['Nanosecond', ({ nanoseconds }) => BigInt(nanoseconds)],
  ['UTC', (time) => time.in(UTC)],
  ['Local', (time) => time.in(UTC)],
  ['String', (time) => String(time)],
  ['IsZero', ({ seconds, nanoseconds }) => seconds === ZERO_SECONDS && nanoseconds === 0],
]);

const COMPARISONS: ReadonlyMap<string, (difference: bigint) => GoValue> = new Map<
  string,
  (difference: bigint) => GoValue
>([
  ['After', (difference) => difference > 0n],
  ['Before', (difference) => difference < 0n],
  ['Equal', (difference) => difference === 0n],
  ['Compare', (difference) => (difference === 0n ? 0n : difference < 0n ? -1n : 1n)],
]);

function monthOf(time: GoTime): NamedInt {
  const month = time.wall().getUTCMonth();
  return new NamedInt('time.Month', BigInt(month + 1), MONTHS[month] ?? '');
}

function weekdayOf(time: GoTime): NamedInt {
  const day = time.wall().getUTCDay();
  return new NamedInt('time.Weekday', BigInt(day), WEEKDAYS[day] ?? '');
}
