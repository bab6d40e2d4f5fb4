/** A time zone: its name, its offset in seconds and its abbreviation at an instant. */
export interface GoZone {
  readonly name: string;
  at(seconds: number): { offset: number; abbreviation: string };
}

export const UTC: GoZone = { name: 'UTC', at: () => ({ offset: 0, abbreviation: 'UTC' }) };

const NAMED = /^[A-Z][A-Za-z0-9_+/-]*$/;
const LOCALES = ['en-US', 'en-GB', 'en-AU', 'en-IN', 'en-ZA'];
/** What Intl has no short English name for, and users have. */
const ABBREVIATIONS: Readonly<Record<string, string>> = {
  'Asia/Tokyo': 'JST',
  'Asia/Seoul': 'KST',
  'Asia/Shanghai': 'CST',
  'Asia/Hong_Kong': 'HKT',
  'Asia/Taipei': 'CST',
  'Asia/Manila': 'PST',
  'Asia/Jakarta': 'WIB',
  'Asia/Karachi': 'PKT',
  'Asia/Jerusalem': 'IST',
  'Europe/Moscow': 'MSK',
  'Africa/Nairobi': 'EAT',
  'Africa/Lagos': 'WAT',
};
const known = new Map<string, GoZone>();

/** The zone of that name in the time-zone database; the hub's own zone is UTC. Undefined where there is none. */
export function zoneNamed(name: string): GoZone | undefined {
  if (name === '' || name === 'UTC' || name === 'Local') return UTC;
  if (!NAMED.test(name)) return undefined;
  const zone = known.get(name) ?? make(name);
  if (zone) known.set(name, zone);
  return zone;
}

export function fixedZone(abbreviation: string, offset: number): GoZone {
  return { name: abbreviation, at: () => ({ offset, abbreviation }) };
}

function make(name: string): GoZone | undefined {
  try {
    const offsets = formatter('en-US', name, 'longOffset');
    const names = LOCALES.map((locale) => formatter(locale, name, 'short'));
    return {
      name,
      at: (seconds) => {
        const offset = offsetOf(zoneName(offsets, seconds));
        return { offset, abbreviation: abbreviationOf(name, { names, seconds, offset }) };
      },
    };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function formatter(locale: string, timeZone: string, timeZoneName: 'longOffset' | 'short'): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, { timeZone, timeZoneName });
}

function zoneName(format: Intl.DateTimeFormat, seconds: number): string {
  return format.formatToParts(seconds * 1000).find(({ type }) => type === 'timeZoneName')?.value ?? '';
}

function offsetOf(name: string): number {
  const match = /([-+])(\d\d):(\d\d)(?::(\d\d))?/.exec(name.replace('\u2212', '-'));
  if (!match) return 0;
  const [, sign, hours, minutes, rest = '0'] = match;
  const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(rest);
  return sign === '-' ? -size : size;
}

interface Moment {
  names: readonly Intl.DateTimeFormat[];
  seconds: number;
  offset: number;
}

/** The database itself writes `+03` where a zone has no letters. */
function abbreviationOf(name: string, { names, seconds, offset }: Moment): string {
  const fixed = Object.hasOwn(ABBREVIATIONS, name) ? ABBREVIATIONS[name] : undefined;
  if (fixed !== undefined) return fixed;
  const letters = names.map((format) => zoneName(format, seconds)).find((short) => /^[A-Z]{3,5}$/.test(short));
  return letters ?? numericZone(offset);
}

function numericZone(offset: number): string {
  const minutes = Math.abs(Math.trunc(offset / 60));
  const hours = String(Math.floor(minutes / 60)).padStart(2, '0');
  const rest = minutes % 60;
  return `${offset < 0 ? '-' : '+'}${hours}${rest === 0 ? '' : String(rest).padStart(2, '0')}`;
}
