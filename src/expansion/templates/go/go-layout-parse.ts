import { MONTHS, WEEKDAYS } from './calendar-names.js';
import { layoutParts } from './go-layout.js';
import { GoTime } from './go-time.js';
import { fixedZone, UTC, type GoZone } from './go-zone.js';

interface Read {
  year?: number;
  month?: number;
  day?: number;
  dayOfYear?: number;
  hour?: number;
  half?: string;
  minute?: number;
  second?: number;
  nanoseconds?: number;
  offset?: number;
  abbreviation?: string;
}

interface Reader {
  pattern: RegExp;
  read(text: string, into: Read): void;
}

const LONGEST = 1_000;

/** time.Parse, for a zone of UTC; undefined where the text is not of the layout, or no time. */
export function parseTime(layout: string, text: string): GoTime | undefined {
  if (layout.length > LONGEST || text.length > LONGEST) return undefined;
  const found: Read = {};
  let rest: string | undefined = text;
  for (const { literal, element } of layoutParts(layout)) {
    rest = skipped(rest, literal);
    if (rest === undefined) return undefined;
    if (element === undefined) continue;
    rest = taken(rest, element, found);
    if (rest === undefined) return undefined;
    if (
      (element === '05' || element === '5') &&
      !/^[.,][09]/.test(layout.slice(layout.indexOf(element) + element.length))
    )
      rest = taken(rest, '.9', found);
    if (rest === undefined) return undefined;
  }
  return rest === '' ? timeOf(found) : undefined;
}

/** The text after a literal, in which a run of spaces stands for one of any length. */
function skipped(text: string, literal: string): string | undefined {
  let rest = text;
  let left = literal;
  while (left !== '') {
    if (left.startsWith(' ')) {
      if (rest !== '' && !rest.startsWith(' ')) return undefined;
      left = left.replace(/^ +/, '');
      rest = rest.replace(/^ +/, '');
    } else {
      if (rest[0] !== left[0]) return undefined;
      left = left.slice(1);
      rest = rest.slice(1);
    }
  }
  return rest;
}

function taken(text: string, element: string, into: Read): string | undefined {
  const reader = READERS.get(element) ?? (/^[.,]/.test(element) ? fractionReader(element) : zoneReader(element));
  const match = reader.pattern.exec(text);
  if (!match) return undefined;
  reader.read(match[0], into);
  return text.slice(match[0].length);
}

const number = (pattern: RegExp, name: keyof Read, shift = 0): Reader => ({
  pattern,
  read: (text, into) => Object.assign(into, { [name]: Number(text.trim()) + shift }),
});
const named = (names: readonly string[], name: 'month' | 'weekday', length?: number): Reader => {
  const spelt = names.map((full) => full.slice(0, length).toLowerCase());
  return {
    pattern: new RegExp(`^(?:${spelt.join('|')})`, 'i'),
    read: (text, into) => {
      if (name === 'month') into.month = spelt.indexOf(text.toLowerCase()) + 1;
    },
  };
};
const half: Reader = { pattern: /^[AP]M/, read: (text, into) => (into.half = text) };

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['2006', number(/^[0-9]{4}/, 'year')],
  [
    '06',
    { pattern: /^[0-9]{2}/, read: (text, into) => (into.year = Number(text) + (Number(text) >= 69 ? 1900 : 2000)) },
  ],
  ['January', named(MONTHS, 'month')],
  ['Jan', named(MONTHS, 'month', 3)],
  ['1', number(/^[0-9]{1,2}/, 'month')],
  ['01', number(/^[0-9]{2}/, 'month')],
  ['Monday', named(WEEKDAYS, 'weekday')],
  ['Mon', named(WEEKDAYS, 'weekday', 3)],
  ['2', number(/^[0-9]{1,2}/, 'day')],
  ['_2', number(/^ ?[0-9]{1,2}/, 'day')],
  ['02', number(/^[0-9]{2}/, 'day')],
  ['__2', number(/^ {0,2}[0-9]{1,3}/, 'dayOfYear')],
  ['002', number(/^[0-9]{3}/, 'dayOfYear')],
  ['15', number(/^[0-9]{1,2}/, 'hour')],
  ['3', number(/^[0-9]{1,2}/, 'hour')],
  ['03', number(/^[0-9]{2}/, 'hour')],
  ['4', number(/^[0-9]{1,2}/, 'minute')],
  ['04', number(/^[0-9]{2}/, 'minute')],
  ['5', number(/^[0-9]{1,2}/, 'second')],
  ['05', number(/^[0-9]{2}/, 'second')],
  ['PM', half],
  ['pm', { pattern: /^[ap]m/, read: (text, into) => (into.half = text.toUpperCase()) }],
  [
    'MST',
    {
      pattern: /^(?:UTC|GMT[-+][0-9]{1,2}|ChST|MeST|[A-Z]{3,4}(?![A-Z])|[A-Z]{4}T(?![A-Z])|[-+][0-9]{2})/,
      read: readZone,
    },
  ],
]);

function readZone(text: string, into: Read): void {
  into.abbreviation = text;
  const hours = /^(?:GMT)?([-+][0-9]{1,2})$/.exec(text)?.[1];
  if (hours !== undefined) into.offset ??= Number(hours) * 3600;
}

function fractionReader(element: string): Reader {
  const digits = element.length - 1;
  return {
    pattern: element[1] === '0' ? new RegExp(`^[.,][0-9]{${digits}}`) : /^(?:[.,][0-9]+)?/,
    read: (text, into) => {
      if (text !== '') into.nanoseconds = Number(text.slice(1, 10).padEnd(9, '0'));
    },
  };
}

function zoneReader(element: string): Reader {
  const colon = element.includes(':') ? ':' : '';
  const parts = Array<string>(element.replace(/[^0-9]/g, '').length / 2).fill('[0-9]{2}');
  const plain = `[-+]${parts.join(colon)}`;
  return {
    pattern: new RegExp(element.startsWith('Z') ? `^(?:Z|${plain})` : `^${plain}`),
    read: (text, into) => {
      const [hours = '0', minutes = '0', seconds = '0'] = text.slice(1).replaceAll(':', '').match(/../g) ?? [];
      const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
      into.offset = text.startsWith('-') ? -size : size;
    },
  };
}

function timeOf(found: Read): GoTime | undefined {
  const { minute = 0, second = 0, nanoseconds = 0, offset, abbreviation } = found;
  const date = dateOf(found);
  const hour = hourOf(found);
  if (date === undefined || hour > 23 || minute > 59 || second > 59) return undefined;
  const wall = date + hour * 3600 + minute * 60 + second;
  return new GoTime(wall - (offset ?? 0), nanoseconds, zoneOf(offset, abbreviation));
}

function hourOf({ hour = 0, half }: Read): number {
  if (half === 'PM' && hour < 12) return hour + 12;
  return half === 'AM' && hour === 12 ? 0 : hour;
}

/** Seconds at the start of the day; undefined where the month has no such day. */
function dateOf({ year = 0, month, day, dayOfYear }: Read): number | undefined {
  const start = new Date(0);
  if (dayOfYear !== undefined && month === undefined && day === undefined) start.setUTCFullYear(year, 0, dayOfYear);
  else start.setUTCFullYear(year, (month ?? 1) - 1, day ?? 1);
  const isSame =
    dayOfYear !== undefined || (start.getUTCMonth() === (month ?? 1) - 1 && start.getUTCDate() === (day ?? 1));
  return isSame && start.getUTCFullYear() === year ? start.getTime() / 1000 : undefined;
}

function zoneOf(offset: number | undefined, abbreviation: string | undefined): GoZone {
  if (abbreviation === 'UTC' || (abbreviation === undefined && (offset === undefined || offset === 0))) return UTC;
  return fixedZone(abbreviation ?? '', offset ?? 0);
}
