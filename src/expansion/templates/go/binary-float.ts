import { binary } from './decimal.js';

/** %b of |value|: `4503599627370496p-52`. */
export function binaryFloat(value: number): string {
  const { mantissa, exponent } = binary(value);
  return `${mantissa}p${exponent < 0 ? '' : '+'}${exponent}`;
}

const FRACTION_DIGITS = 13;
const ONE = 1n << BigInt(4 * FRACTION_DIGITS);

/** %x of |value|: `0x1.9p+06`, rounded to so many hexadecimal digits after the point, or as many as it needs. */
export function hexFloat(value: number, precision: number | undefined): string {
  let { mantissa, exponent } = binary(value);
  exponent = mantissa === 0n ? 0 : exponent + 4 * FRACTION_DIGITS;
  while (mantissa > 0n && mantissa < ONE) {
    mantissa <<= 1n;
    exponent -= 1;
  }
  const rounded = precision === undefined || precision >= FRACTION_DIGITS ? mantissa : roundedTo(mantissa, precision);
  if (rounded >= 2n * ONE) return spell(rounded >> 1n, exponent + 1, precision);
  return spell(rounded, exponent, precision);
}

/** Ties go to the even digit. */
function roundedTo(mantissa: bigint, precision: number): bigint {
  const unit = 1n << BigInt(4 * (FRACTION_DIGITS - precision));
  const whole = mantissa / unit;
  const twice = (mantissa % unit) * 2n;
  return (twice > unit || (twice === unit && whole % 2n === 1n) ? whole + 1n : whole) * unit;
}

function spell(mantissa: bigint, exponent: number, precision: number | undefined): string {
  const digits = (mantissa % ONE).toString(16).padStart(FRACTION_DIGITS, '0');
  const fraction =
    precision === undefined ? digits.replace(/0+$/, '') : digits.slice(0, precision).padEnd(precision, '0');
  const power = String(Math.abs(exponent)).padStart(2, '0');
  return `0x${mantissa / ONE}${fraction === '' ? '' : '.'}${fraction}p${exponent < 0 ? '-' : '+'}${power}`;
}
