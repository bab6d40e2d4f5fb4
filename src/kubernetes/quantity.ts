const QUANTITY = /^([+-]?)(\d*)(?:\.(\d*))?(?:([eE][+-]?\d{1,3})|(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E)?)$/;
const LONGEST = 64;

/** Nano-units: the smallest step a quantity can express. */
const SCALE = 1_000_000_000n;
/** Binary quantities stop where 64 bits do. */
const LARGEST = 9_223_372_036_854_775_807n;
const BINARY = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];

/**
 * The one spelling of a resource quantity that the API server stores: `1000m` is `1`, `0.5` is `500m`, `1024Mi` is `1Gi`.
 * The text is answered unchanged when it is no quantity. Finer than a nano rounds up, away from zero.
 */
export function canonicalQuantity(quantity: string | number): string {
  const text = String(quantity);
  const match = text.length <= LONGEST ? QUANTITY.exec(text) : null;
  const [, sign = '', whole = '', fraction = '', exponent, suffix = ''] = match ?? [];
  if (match === null || whole + fraction === '') return text;
  const power = exponent === undefined ? 0 : Number(exponent.slice(1));
  const exact = toNanos({ whole, fraction, suffix, power });
  const nanos = BINARY.includes(suffix) && exact > LARGEST * SCALE ? LARGEST * SCALE : exact;
  const spelled =
    BINARY.includes(suffix) && nanos % SCALE === 0n && nanos >= 1024n * SCALE
      ? binary(nanos)
      : decimal(nanos, exponent);
  return sign === '-' && nanos !== 0n ? `-${spelled}` : spelled;
}

interface Parts {
  whole: string;
  fraction: string;
  suffix: string;
  power: number;
}

function toNanos({ whole, fraction, suffix, power }: Parts): bigint {
  const digits = BigInt(whole + fraction);
  const binaryAt = BINARY.indexOf(suffix);
  const factor = binaryAt < 0 ? 1n : 1024n ** BigInt(binaryAt + 1);
  const decimalPower = binaryAt < 0 ? (DECIMAL.indexOf(suffix) - 3) * 3 : 0;
  const shift = 9 + decimalPower + power - fraction.length;
  if (shift >= 0) return digits * factor * 10n ** BigInt(shift);
  const divisor = 10n ** BigInt(-shift);
  return (digits * factor + divisor - 1n) / divisor;
}

function binary(nanos: bigint): string {
  let value = nanos / SCALE;
  let at = -1;
  while (at < BINARY.length - 1 && value % 1024n === 0n && value !== 0n) {
    value /= 1024n;
    at++;
  }
  return `${value}${at < 0 ? '' : BINARY[at]}`;
}

/** With an exponent where the text had one: `1e3` stays in that family. */
function decimal(nanos: bigint, exponent: string | undefined): string {
  if (nanos === 0n) return '0';
  let value = nanos;
  let at = 0;
  while (at < DECIMAL.length - 1 && value % 1000n === 0n) {
    value /= 1000n;
    at++;
  }
  if (exponent === undefined) return `${value}${DECIMAL[at]}`;
  const power = (at - 3) * 3;
  return power === 0 ? String(value) : `${value}e${power}`;
}
