import type { GoFunction } from './function.js';
import { GoExecutionError } from './execution-error.js';
import { GoObject } from './go-object.js';
import { Uint64, type GoValue } from './values.js';

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

/** A version as Masterminds/semver reads it: a leading v, and a missing minor or patch number, are forgiven. */
export class SemVer extends GoObject {
  private constructor(
    readonly parts: VersionParts,
    readonly original: string,
  ) {
    super();
  }

  /** Throws GoExecutionError. */
  static parse(text: string): SemVer {
    const match = text.length > LONGEST ? null : VERSION.exec(text);
    if (!match) throw new GoExecutionError(`Invalid Semantic Version: ${JSON.stringify(text.slice(0, 80))}`);
    const [, major = '0', minor = '0', patch = '0', prerelease = '', metadata = ''] = match;
    if (prerelease.split('.').some((part) => /^0[0-9]+$/.test(part))) {
      throw new GoExecutionError(`Version segment starts with 0: ${JSON.stringify(text)}`);
    }
    const numbers = { major: BigInt(major), minor: BigInt(minor), patch: BigInt(patch) };
    if (Object.values(numbers).some((number) => number > LARGEST)) {
      throw new GoExecutionError(`Error parsing version segment: ${JSON.stringify(text)} is out of range`);
    }
    return new SemVer({ ...numbers, prerelease, metadata }, text);
  }

  get typeName(): string {
    return '*semver.Version';
  }

  get kind(): string {
    return 'ptr';
  }

  toString(): string {
    const { major, minor, patch, prerelease, metadata } = this.parts;
    const before = prerelease === '' ? '' : `-${prerelease}`;
    return `${major}.${minor}.${patch}${before}${metadata === '' ? '' : `+${metadata}`}`;
  }

  toJson(): string {
    return JSON.stringify(String(this));
  }

  /** Negative, 0 or positive; metadata does not count. */
  compare(other: SemVer): number {
    const [left, right] = [this.parts, other.parts];
    for (const name of ['major', 'minor', 'patch'] as const) {
      if (left[name] !== right[name]) return left[name] < right[name] ? -1 : 1;
    }
    return comparePrereleases(left.prerelease, right.prerelease);
  }

  method(name: string): GoFunction | undefined {
    const call = METHODS.get(name);
    if (call) return { parameters: [], call: () => call(this) };
    const compared = COMPARISONS.get(name);
    return compared && { parameters: ['any'], call: ([other]) => compared(this.compare(versionOf(other))) };
  }

  /** The next version: what stands behind the part that is raised starts again. */
  raised(part: 'major' | 'minor' | 'patch'): SemVer {
    const { major, minor, patch, prerelease } = this.parts;
    const plain = { prerelease: '', metadata: '' };
    const next = {
      major: { major: major + 1n, minor: 0n, patch: 0n, ...plain },
      minor: { major, minor: minor + 1n, patch: 0n, ...plain },
      patch: { major, minor, patch: prerelease === '' ? patch + 1n : patch, ...plain },
    }[part];
    const prefix = this.original.startsWith('v') ? 'v' : '';
    return new SemVer(next, `${prefix}${new SemVer(next, '')}`);
  }
}

const METHODS: ReadonlyMap<string, (version: SemVer) => GoValue> = new Map<string, (version: SemVer) => GoValue>([
  ['Major', ({ parts }) => new Uint64(parts.major)],
  ['Minor', ({ parts }) => new Uint64(parts.minor)],
  ['Patch', ({ parts }) => new Uint64(parts.patch)],
  ['Prerelease', ({ parts }) => parts.prerelease],
  ['Metadata', ({ parts }) => parts.metadata],
  ['Original', ({ original }) => original],
  ['String', (version) => String(version)],
  ['IncMajor', (version) => version.raised('major')],
  ['IncMinor', (version) => version.raised('minor')],
  ['IncPatch', (version) => version.raised('patch')],
]);

const COMPARISONS: ReadonlyMap<string, (order: number) => GoValue> = new Map<string, (order: number) => GoValue>([
  ['Compare', (order) => BigInt(order)],
  ['Equal', (order) => order === 0],
  ['LessThan', (order) => order < 0],
  ['LessThanEqual', (order) => order <= 0],
  ['GreaterThan', (order) => order > 0],
  ['GreaterThanEqual', (order) => order >= 0],
]);

function versionOf(value: GoValue): SemVer {
  if (value instanceof SemVer) return value;
  throw new GoExecutionError('wrong type for value; expected *semver.Version');
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
