const QUANTITY = /^([+-]?)(\d{1,30})(?:\.(\d{1,30}))?(?:([eE][+-]?\d{1,2})|([numkMGTPE]|[KMGTPE]i)?)$/;
const DECIMAL: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const BINARY: Readonly<Record<string, number>> = { Ki: 1, Mi: 2, Gi: 3, Ti: 4, Pi: 5, Ei: 6 };
/** Exponents are shifted by this much so that whole-number arithmetic holds every quantity exactly. */
const SCALE = 120;

/** Whether two quantities are the same amount: `1` and `1000m`, `1Gi` and `1024Mi`. False when either is no quantity. */
export function sameQuantity(left: unknown, right: unknown): boolean {
  const amount = amountOf(left);
  return amount !== undefined && amount === amountOf(right);
}

function amountOf(value: unknown): bigint | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const match = QUANTITY.exec(String(value));
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', exponent, suffix = ''] = match;
  const power = exponent === undefined ? (DECIMAL[suffix] ?? 0) : Number(exponent.slice(1));
  const digits = BigInt(whole + fraction) * 1024n ** BigInt(BINARY[suffix] ?? 0);
  const amount = digits * 10n ** BigInt(SCALE + power - fraction.length);
  return sign === '-' ? -amount : amount;
}
