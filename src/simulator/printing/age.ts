const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** How long ago, in the two or so leading units that kubectl's tables show: `90s`, `5m3s`, `2d4h`. */
export function ageOf(timestamp: unknown, now: Date): string {
  const then = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
  return Number.isNaN(then) ? '<unknown>' : humanDuration(now.getTime() - then);
}

/** A span of milliseconds, ever coarser as it grows. */
export function humanDuration(span: number): string {
  if (span < -SECOND) return '<invalid>';
  if (span < 0) return '0s';
  const whole = (unit: number): number => Math.floor(span / unit);
  if (span < 2 * MINUTE) return `${whole(SECOND)}s`;
  if (span < 10 * MINUTE) return two(span, [MINUTE, 'm'], [SECOND, 's']);
  if (span < 3 * HOUR) return `${whole(MINUTE)}m`;
  if (span < 8 * HOUR) return two(span, [HOUR, 'h'], [MINUTE, 'm']);
  if (span < 2 * DAY) return `${whole(HOUR)}h`;
  if (span < 8 * DAY) return two(span, [DAY, 'd'], [HOUR, 'h']);
  if (span < 2 * YEAR) return `${whole(DAY)}d`;
  return span < 8 * YEAR ? two(span, [YEAR, 'y'], [DAY, 'd']) : `${whole(YEAR)}y`;
}

type Unit = readonly [milliseconds: number, letter: string];

function two(span: number, [large, first]: Unit, [small, second]: Unit): string {
  const rest = Math.floor((span % large) / small);
  return `${Math.floor(span / large)}${first}${rest === 0 ? '' : `${rest}${second}`}`;
}
