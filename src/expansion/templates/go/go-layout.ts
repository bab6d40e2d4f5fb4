import { MONTHS, WEEKDAYS } from './calendar-names.js';
import type { GoZone } from './go-zone.js';

/** What a layout is filled from. */
export interface Instant {
  readonly seconds: number;
  readonly nanoseconds: number;
  readonly zone: GoZone;
  readonly dayOfYear: number;
  wall(): Date;
}

const ELEMENT =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|002|0[1-6]|15|1|2006|__2|_2(?!006)|2|3|4|5|PM|pm|-070000|-07:00:00|-0700|-07:00|-07|Z070000|Z07:00:00|Z0700|Z07:00|Z07|[.,](?:0+|9+)(?![0-9])/g;

/** A part of a layout: literal text and, but for the last, the element after it. */
export interface LayoutPart {
  literal: string;
  element: string | undefined;
}

/** A Go layout taken apart: what stands for a part of the reference time, and the text between. */
export function layoutParts(layout: string): LayoutPart[] {
  const parts: LayoutPart[] = [];
  let at = 0;
  for (const match of layout.matchAll(ELEMENT)) {
    parts.push({ literal: layout.slice(at, match.index), element: match[0] });
    at = match.index + match[0].length;
  }
  return [...parts, { literal: layout.slice(at), element: undefined }];
}

/** Time.Format. */
export function formatTime(time: Instant, layout: string): string {
  const wall = time.wall();
  const { offset, abbreviation } = time.zone.at(time.seconds);
  const filled = (element: string): string => {
    const write = WRITERS.get(element);
    if (write) return write(wall);
    if (element === 'MST') return abbreviation || zoneText(offset, '-0700');
    if (element === '__2') return String(time.dayOfYear).padStart(3, ' ');
    if (element === '002') return String(time.dayOfYear).padStart(3, '0');
    if (/^[.,]/.test(element)) return fraction(time.nanoseconds, element);
    return zoneText(offset, element);
  };
  return layoutParts(layout)
    .map(({ literal, element }) => literal + (element === undefined ? '' : filled(element)))
    .join('');
}

const two = (value: number): string => String(value).padStart(2, '0');
const hour12 = (wall: Date): number => wall.getUTCHours() % 12 || 12;
const half = (wall: Date): string => (wall.getUTCHours() >= 12 ? 'PM' : 'AM');

const WRITERS: ReadonlyMap<string, (wall: Date) => string> = new Map<string, (wall: Date) => string>([
  ['January', (wall) => MONTHS[wall.getUTCMonth()] ?? ''],
  ['Jan', (wall) => (MONTHS[wall.getUTCMonth()] ?? '').slice(0, 3)],
  ['1', (wall) => String(wall.getUTCMonth() + 1)],
  ['01', (wall) => two(wall.getUTCMonth() + 1)],
  ['Monday', (wall) => WEEKDAYS[wall.getUTCDay()] ?? ''],
  ['Mon', (wall) => (WEEKDAYS[wall.getUTCDay()] ?? '').slice(0, 3)],
  ['2', (wall) => String(wall.getUTCDate())],
  ['_2', (wall) => String(wall.getUTCDate()).padStart(2, ' ')],
  ['02', (wall) => two(wall.getUTCDate())],
  ['15', (wall) => two(wall.getUTCHours())],
  ['3', (wall) => String(hour12(wall))],
  ['03', (wall) => two(hour12(wall))],
  ['4', (wall) => String(wall.getUTCMinutes())],
  ['04', (wall) => two(wall.getUTCMinutes())],
  ['5', (wall) => String(wall.getUTCSeconds())],
  ['05', (wall) => two(wall.getUTCSeconds())],
  ['2006', (wall) => year(wall.getUTCFullYear())],
  ['06', (wall) => two(Math.abs(wall.getUTCFullYear()) % 100)],
  ['PM', half],
  ['pm', (wall) => half(wall).toLowerCase()],
]);

function year(value: number): string {
  return `${value < 0 ? '-' : ''}${String(Math.abs(value)).padStart(4, '0')}`;
}

/** `.000` keeps its zeros, `.999` drops those at the end. */
function fraction(nanoseconds: number, element: string): string {
  const digits = String(nanoseconds)
    .padStart(9, '0')
    .slice(0, Math.min(element.length - 1, 9))
    .padEnd(element.length - 1, '0');
  if (element[1] === '0') return element.slice(0, 1) + digits;
  const kept = digits.replace(/0+$/, '');
  return kept === '' ? '' : element.slice(0, 1) + kept;
}

function zoneText(offset: number, element: string): string {
  if (element.startsWith('Z') && offset === 0) return 'Z';
  const size = Math.abs(offset);
  const parts = [Math.floor(size / 3600), Math.floor(size / 60) % 60, size % 60].map(two);
  const digits = element.replace(/[^0-9]/g, '').length;
  const shown = parts.slice(0, digits / 2).join(element.includes(':') ? ':' : '');
  return (offset < 0 ? '-' : '+') + shown;
}
