import { shortest } from './decimal.js';

/** coefficient × 10^exponent, exactly. */
interface Decimal {
  coefficient: bigint;
  exponent: number;
}

const DIVISION_DIGITS = 16;
/** Exponents of doubles; what is beyond would only cost memory. */
const WIDEST = 2_000;

export type DecimalOperation = 'add' | 'sub' | 'mul' | 'div';

/** Sprig's addf and kin: doubles as decimals, so that 0.1 + 0.2 is 0.3; undefined where it cannot be computed. */
export function computeDecimal(operation: DecimalOperation, values: readonly number[]): number | undefined {
  const [first, ...rest] = values.map(decimalOf);
  if (!first) return 0;
  let result: Decimal | undefined = first;
  for (const operand of rest) {
    if (!result || !operand || Math.abs(result.exponent) > WIDEST) return undefined;
    result = OPERATIONS[operation](result, operand);
  }
  return result && Number(`${result.coefficient}e${result.exponent}`);
}

const OPERATIONS: Readonly<Record<DecimalOperation, (left: Decimal, right: Decimal) => Decimal | undefined>> = {
  add: (left, right) => sum(left, right, 1n),
  sub: (left, right) => sum(left, right, -1n),
  mul: (left, right) => ({
    coefficient: left.coefficient * right.coefficient,
    exponent: left.exponent + right.exponent,
  }),
  div: quotient,
};

function decimalOf(value: number): Decimal | undefined {
  if (!Number.isFinite(value)) return undefined;
  const { digits, exponent } = shortest(value);
  const coefficient = BigInt(digits) * (value < 0 ? -1n : 1n);
  return { coefficient, exponent: exponent - digits.length + 1 };
}

function sum(left: Decimal, right: Decimal, sign: bigint): Decimal {
  const exponent = Math.min(left.exponent, right.exponent);
  const coefficient = aligned(left, exponent) + sign * aligned(right, exponent);
  return { coefficient, exponent };
}

function aligned({ coefficient, exponent }: Decimal, to: number): bigint {
  return coefficient * 10n ** BigInt(exponent - to);
}

/** Rounded half away from zero to 16 digits after the point. */
function quotient(left: Decimal, right: Decimal): Decimal | undefined {
  if (right.coefficient === 0n) return undefined;
  const shift = left.exponent - right.exponent + DIVISION_DIGITS;
  const numerator = left.coefficient * (shift > 0 ? 10n ** BigInt(shift) : 1n);
  const denominator = right.coefficient * (shift < 0 ? 10n ** BigInt(-shift) : 1n);
  const whole = numerator / denominator;
  const twice = absolute((numerator % denominator) * 2n);
  const isNegative = numerator < 0n !== denominator < 0n;
  const away = twice >= absolute(denominator) ? (isNegative ? -1n : 1n) : 0n;
  return { coefficient: whole + away, exponent: -DIVISION_DIGITS };
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}
