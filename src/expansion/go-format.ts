/** A value of a Go type that JSON does not know, such as int64 or time.Time; it says its own text. */
export abstract class GoTyped {
  abstract get typeName(): string;
  /** reflect.Kind's word. */
  abstract get kind(): string;
  abstract toString(): string;
}

/** Go's `%v` of a JSON value: `<nil>`, `1e+06`, `map[a:b]` with sorted keys, `[a b]`. */
export function formatGoValue(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '<nil>';
  if (typeof value === 'number') return formatGoFloat(value);
  if (Array.isArray(value)) return `[${value.map(formatGoValue).join(' ')}]`;
  if (typeof value !== 'object' || value instanceof GoTyped) return String(value);
  const members = Object.entries(value)
    .sort(([left], [right]) => compareBytes(left, right))
    .map(([key, member]) => `${key}:${formatGoValue(member)}`);
  return `map[${members.join(' ')}]`;
}

/** Go's `%v` of a float64: the shortest digits, with an exponent below 1e-4 and from 1e6 on. */
export function formatGoFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const size = Math.abs(value);
  if (size >= 1e-4 && size < 1e6) return String(value);
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  return `${mantissa}e${exponent.slice(0, 1)}${exponent.slice(1).padStart(2, '0')}`;
}

/** Order of UTF-8 bytes, as Go sorts text. JavaScript's own order differs beyond the basic plane. */
export function compareBytes(left: string, right: string): number {
  if (left === right) return 0;
  const isPlain = !/[\uD800-\uFFFF]/.test(left + right);
  if (isPlain) return left < right ? -1 : 1;
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
