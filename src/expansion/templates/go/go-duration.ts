const SECOND = 1_000_000_000n;
const MINUTE = 60n * SECOND;
const HOUR = 60n * MINUTE;

const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: SECOND,
  m: MINUTE,
  h: HOUR,
};
const PART = /(?:([0-9]+)(?:\.([0-9]*))?|\.([0-9]+))(ns|us|µs|μs|ms|s|m|h)/gy;
const LONGEST = 200;
const LARGEST = 2n ** 63n - 1n;

/** time.ParseDuration, in nanoseconds; undefined where the text is none. */
export function parseDuration(text: string): bigint | undefined {
  const sign = /^[-+]/.exec(text)?.[0] ?? '';
  const rest = text.slice(sign.length);
  if (rest === '0') return 0n;
  if (rest === '' || text.length > LONGEST) return undefined;
  let total = 0n;
  let end = 0;
  for (const match of rest.matchAll(PART)) {
    const [whole, before = '0', after = '', only = '', unit = ''] = match;
    const scale = UNITS[unit] ?? 0n;
    const fraction = only || after;
    total += BigInt(before) * scale + (BigInt(fraction || '0') * scale) / 10n ** BigInt(fraction.length);
    end = match.index + whole.length;
  }
  const most = sign === '-' ? LARGEST + 1n : LARGEST;
  if (end !== rest.length || total > most) return undefined;
  return sign === '-' ? -total : total;
}

/** Duration.String: `1h2m3.5s`, `1.5ms`, `0s`. */
export function formatDuration(duration: bigint): string {
  const sign = duration < 0n ? '-' : '';
  const size = duration < 0n ? -duration : duration;
  if (size === 0n) return '0s';
  if (size < 1_000n) return `${sign}${size}ns`;
  if (size < 1_000_000n) return `${sign}${scaled(size, 1_000n)}µs`;
  if (size < SECOND) return `${sign}${scaled(size, 1_000_000n)}ms`;
  const seconds = `${scaled(size % MINUTE, SECOND)}s`;
  if (size < MINUTE) return sign + seconds;
  const minutes = `${(size / MINUTE) % 60n}m${seconds}`;
  return size < HOUR ? sign + minutes : `${sign}${size / HOUR}h${minutes}`;
}

function scaled(value: bigint, unit: bigint): string {
  const width = String(unit).length - 1;
  const fraction = String(value % unit)
    .padStart(width, '0')
    .replace(/0+$/, '');
  return fraction === '' ? String(value / unit) : `${value / unit}.${fraction}`;
}

/** Sprig's durationRound: the largest unit it fills, such as `2mo`. */
export function roundedDuration(duration: bigint): string {
  const size = duration < 0n ? -duration : duration;
  const units: [bigint, string][] = [
    [HOUR * 24n * 365n, 'y'],
    [HOUR * 24n * 30n, 'mo'],
    [HOUR * 24n, 'd'],
    [HOUR, 'h'],
    [MINUTE, 'm'],
    [SECOND, 's'],
  ];
  const fitting = units.find(([unit]) => size > unit);
  return fitting ? `${size / fitting[0]}${fitting[1]}` : '0s';
}
