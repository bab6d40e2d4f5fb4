/** What a schedule of five fields, or a name such as `@daily`, allows of each part of a time. */
export interface CronSchedule {
  minutes: ReadonlySet<number>;
  hours: ReadonlySet<number>;
  days: ReadonlySet<number>;
  months: ReadonlySet<number>;
  weekdays: ReadonlySet<number>;
  /** Where both name days, either is enough. */
  isEitherDay: boolean;
}

const NAMED: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Undefined for what is no schedule. */
export function parseCron(text: string): CronSchedule | undefined {
  const [minute = '', hour = '', day = '', month = '', weekday = '', ...rest] = (NAMED[text] ?? text)
    .trim()
    .split(/\s+/);
  const minutes = numbers(minute, { least: 0, most: 59 });
  const hours = numbers(hour, { least: 0, most: 23 });
  const days = numbers(day, { least: 1, most: 31 });
  const months = numbers(month, { least: 1, most: 12, names: MONTHS });
  const weekdays = numbers(weekday, { least: 0, most: 7, names: WEEKDAYS });
  if (!minutes || !hours || !days || !months || !weekdays || rest.length > 0) return undefined;
  const isEitherDay = !/^[*?]/.test(day) && !/^[*?]/.test(weekday);
  return { minutes, hours, days, months, weekdays: new Set([...weekdays].map((number) => number % 7)), isEitherDay };
}

/** The next time after `since`, in UTC; undefined when there is none within four years. */
export function nextTime(schedule: CronSchedule, since: Date): Date | undefined {
  const at = new Date(since);
  at.setUTCSeconds(60, 0);
  const last = since.getTime() + 4 * 366 * 86_400_000;
  while (at.getTime() <= last) {
    if (!isDay(schedule, at)) at.setUTCHours(24, 0, 0, 0);
    else if (!schedule.hours.has(at.getUTCHours())) at.setUTCMinutes(60, 0, 0);
    else if (!schedule.minutes.has(at.getUTCMinutes())) at.setUTCSeconds(60, 0);
    else return at;
  }
  return undefined;
}

function isDay({ months, days, weekdays, isEitherDay }: CronSchedule, at: Date): boolean {
  if (!months.has(at.getUTCMonth() + 1)) return false;
  const [isOfMonth, isOfWeek] = [days.has(at.getUTCDate()), weekdays.has(at.getUTCDay())];
  return isEitherDay ? isOfMonth || isOfWeek : isOfMonth && isOfWeek;
}

interface Range {
  least: number;
  most: number;
  names?: readonly string[];
}

function numbers(field: string, range: Range): Set<number> | undefined {
  const found = new Set<number>();
  for (const part of field.split(',')) {
    const [, from, to, step] = /^(\*|\?|\w+)(?:-(\w+))?(?:\/(\d{1,3}))?$/.exec(part) ?? [];
    if (from === undefined) return undefined;
    const isAll = from === '*' || from === '?';
    const first = isAll ? range.least : number(from, range);
    const single = isAll || step !== undefined ? range.most : first;
    const last = to === undefined ? single : number(to, range);
    const every = Number(step ?? 1);
    if (!(first >= range.least && last <= range.most && first <= last && every > 0)) return undefined;
    for (let value = first; value <= last; value += every) found.add(value);
  }
  return found;
}

/** NaN for what is neither a number nor a name. */
function number(word: string, { least, names = [] }: Range): number {
  const place = names.indexOf(word.toLowerCase());
  if (place >= 0) return place + least;
  return /^\d+$/.test(word) ? Number(word) : Number.NaN;
}
