import { fail, ok, type Result } from './result.js';

export interface VersionParts {
  major: bigint;
  minor: bigint;
  patch: bigint;
  prerelease: string;
  metadata: string;
}

const VERSION =
  /^v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/;
const LARGEST = 2n ** 64n - 1n;
const LONGEST = 1_000;

/** A version as Masterminds/semver 3 reads it: a leading v, and a missing minor or patch number, are forgiven. */
export class SemanticVersion {
  constructor(
    readonly parts: VersionParts,
    /** As it was written. */
    readonly original: string,
  ) {}

  /** Fails with what is wrong with the text. */
  static parse(text: string): Result<SemanticVersion, string> {
    const match = text.length > LONGEST ? null : VERSION.exec(text);
    if (!match) return fail(`Invalid Semantic Version: ${JSON.stringify(text.slice(0, 80))}`);
    const [, major = '0', minor = '0', patch = '0', prerelease = '', metadata = ''] = match;
    if (prerelease.split('.').some((part) => /^0[0-9]+$/.test(part))) {
      return fail(`Version segment starts with 0: ${JSON.stringify(text)}`);
    }
    const numbers = { major: BigInt(major), minor: BigInt(minor), patch: BigInt(patch) };
    if (Object.values(numbers).some((number) => number > LARGEST)) {
      return fail(`Error parsing version segment: ${JSON.stringify(text)} is out of range`);
    }
    return ok(new SemanticVersion({ ...numbers, prerelease, metadata }, text));
  }

  toString(): string {
    const { major, minor, patch, prerelease, metadata } = this.parts;
    const before = prerelease === '' ? '' : `-${prerelease}`;
    return `${major}.${minor}.${patch}${before}${metadata === '' ? '' : `+${metadata}`}`;
  }

  /** Negative, 0 or positive; metadata does not count. */
  compare(other: SemanticVersion): number {
    const [left, right] = [this.parts, other.parts];
    for (const name of ['major', 'minor', 'patch'] as const) {
      if (left[name] !== right[name]) return left[name] < right[name] ? -1 : 1;
    }
    return comparePrereleases(left.prerelease, right.prerelease);
  }
}

/** A version without a prerelease comes after one with; numbers come before words. */
export function comparePrereleases(left: string, right: string): number {
  if (left === right) return 0;
  if (left === '') return 1;
  if (right === '') return -1;
  const [a, b] = [left.split('.'), right.split('.')];
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const order = comparePart(a[index], b[index]);
    if (order !== 0) return order;
  }
  return 0;
}

function comparePart(left: string | undefined, right: string | undefined): number {
  if (left === right) return 0;
  if (left === undefined) return -1;
  if (right === undefined) return 1;
  const [isNumber, isOther] = [/^[0-9]+$/.test(left), /^[0-9]+$/.test(right)];
  if (isNumber && isOther) return BigInt(left) > BigInt(right) ? 1 : -1;
  if (isNumber !== isOther) return isNumber ? -1 : 1;
  return left > right ? 1 : -1;
}
