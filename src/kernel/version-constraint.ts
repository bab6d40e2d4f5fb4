import { RE2JS } from 're2js';
import { fail, ok, type Result } from './result.js';
import { comparePrereleases, SemanticVersion } from './semantic-version.js';

const NUMBERS = '[0-9|xX*]+';
const IDENTIFIERS = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*';
const VERSION = `v?(?:${NUMBERS})(?:\\.${NUMBERS})?(?:\\.${NUMBERS})?(?:-${IDENTIFIERS})?(?:\\+${IDENTIFIERS})?`;
const OPERATOR = '=||!=|>|<|>=|=>|<=|=<|~|~>|\\^';
const ONE = `(?:${OPERATOR})\\s*(?:${VERSION})`;

const LIST = RE2JS.compile(`^(?:\\s*${ONE}\\s*)(?:(?:\\s+|,\\s*)${ONE}\\s*)*$`);
const EACH = RE2JS.compile(ONE);
const RANGE = RE2JS.compile(`\\s*(${VERSION})\\s+-\\s+(${VERSION})\\s*`);
const PARTS = RE2JS.compile(
  `^\\s*(${OPERATOR})\\s*(v?(${NUMBERS})(\\.${NUMBERS})?(\\.${NUMBERS})?(-${IDENTIFIERS})?(?:\\+${IDENTIFIERS})?)\\s*$`,
);
const LONGEST = 1_000;

/** How much of a constraint's version is left open: `1.x` leaves minor, `1.2` patch, `*` everything. */
type Open = 'none' | 'patch' | 'minor' | 'all';

interface Comparator {
  operator: string;
  version: SemanticVersion;
  open: Open;
}

/** A range of versions, such as `>=1.2 <2 || 3.x`, by the rules of Masterminds/semver 3. */
export class VersionConstraint {
  private constructor(private readonly groups: readonly (readonly Comparator[])[]) {}

  /** Fails with what is wrong with the text. */
  static parse(text: string): Result<VersionConstraint, string> {
    if (text.length > LONGEST) return fail(improper(text));
    const groups: Comparator[][] = [];
    for (const part of withRanges(text).split('||')) {
      const group = comparatorsOf(part);
      if (!group.ok) return group;
      groups.push(group.value);
    }
    return ok(new VersionConstraint(groups));
  }

  isMetBy(version: SemanticVersion): boolean {
    return this.groups.some((group) => {
      const takesPrereleases = group.some((one) => one.version.parts.prerelease !== '');
      return group.every((one) => meets(version, one, takesPrereleases));
    });
  }
}

/** `1.2 - 2.0` is `>= 1.2, <= 2.0`. */
function withRanges(text: string): string {
  const matches = (RANGE.re2().findAllSubmatch(text, -1) ?? []) as string[][];
  return matches.reduce((written, [whole = '', from, to]) => {
    const at = written.indexOf(whole);
    return `${written.slice(0, at)}>= ${from}, <= ${to} ${written.slice(at + whole.length)}`;
  }, text);
}

function comparatorsOf(text: string): Result<Comparator[], string> {
  if (!LIST.matcher(text).find()) return fail(improper(text));
  const parts = (EACH.re2().findAll(text, -1) ?? [text]) as string[];
  const comparators: Comparator[] = [];
  for (const part of parts) {
    const comparator = comparatorOf(part);
    if (!comparator.ok) return comparator;
    comparators.push(comparator.value);
  }
  return ok(comparators);
}

function comparatorOf(text: string): Result<Comparator, string> {
  const matcher = PARTS.matcher(text);
  if (!matcher.find()) return fail(improper(text));
  const group = (number: number): string => matcher.group(number) ?? '';
  const [major, minor, patch] = [group(3), group(4).slice(1), group(5).slice(1)];
  const open = isOpen(major) ? 'all' : isOpen(minor) ? 'minor' : isOpen(patch) ? 'patch' : 'none';
  const before = group(6);
  const spelt: Readonly<Record<Open, string>> = {
    all: `0.0.0${before}`,
    minor: `${major}.0.0${before}`,
    patch: `${major}.${minor}.0${before}`,
    none: group(2),
  };
  const version = SemanticVersion.parse(spelt[open]);
  return version.ok ? ok({ operator: group(1), version: version.value, open }) : version;
}

function isOpen(part: string): boolean {
  return part === '' || part === 'x' || part === 'X' || part === '*';
}

function improper(text: string): string {
  return `improper constraint: ${JSON.stringify(text.slice(0, 80))}`;
}

/** A prerelease meets only what names one, or stands beside a constraint that does. */
function meets(version: SemanticVersion, constraint: Comparator, takesPrereleases: boolean): boolean {
  const { operator, open } = constraint;
  if (version.parts.prerelease !== '' && !takesPrereleases) return false;
  switch (operator) {
    case '!=':
      return isOther(version, constraint);
    case '>':
      return isGreater(version, constraint);
    case '<':
      return version.compare(constraint.version) < 0;
    case '>=':
    case '=>':
      return version.compare(constraint.version) >= 0;
    case '<=':
    case '=<':
      return isAtMost(version, constraint);
    case '^':
      return isCompatible(version, constraint);
    case '~':
    case '~>':
      return isClose(version, constraint);
    default:
      return open === 'none' ? version.compare(constraint.version) === 0 : isClose(version, constraint);
  }
}

function isOther(version: SemanticVersion, { version: wanted, open }: Comparator): boolean {
  const [given, not] = [version.parts, wanted.parts];
  if (open === 'none') return version.compare(wanted) !== 0;
  if (not.major !== given.major) return true;
  if (not.minor !== given.minor && open !== 'minor') return true;
  if (open === 'minor') return false;
  if (open === 'patch') return comparePrereleases(given.prerelease, not.prerelease) !== 0;
  return not.patch !== given.patch || version.compare(wanted) !== 0;
}

function isGreater(version: SemanticVersion, { version: least, open }: Comparator): boolean {
  const [given, than] = [version.parts, least.parts];
  if (open === 'none' || given.major === than.major) {
    if (open === 'minor') return false;
    return open === 'patch' ? given.minor > than.minor : version.compare(least) > 0;
  }
  return given.major > than.major;
}

function isAtMost(version: SemanticVersion, { version: most, open }: Comparator): boolean {
  if (open === 'none') return version.compare(most) <= 0;
  const [given, than] = [version.parts, most.parts];
  if (given.major > than.major) return false;
  return given.major !== than.major || given.minor <= than.minor || open === 'minor';
}

/** `~1.2` is at least 1.2.0 and below 1.3.0. */
function isClose(version: SemanticVersion, { version: least, open }: Comparator): boolean {
  const [given, from] = [version.parts, least.parts];
  if (version.compare(least) < 0) return false;
  const isZero = from.major === 0n && from.minor === 0n && from.patch === 0n;
  if (isZero && open !== 'minor' && open !== 'patch') return true;
  return given.major === from.major && (given.minor === from.minor || open === 'minor');
}

/** `^1.2` is at least 1.2.0 and below 2.0.0; below 1.0.0 the first number that is not 0 stays. */
function isCompatible(version: SemanticVersion, { version: least, open }: Comparator): boolean {
  const [given, from] = [version.parts, least.parts];
  if (version.compare(least) < 0) return false;
  if (from.major > 0n || open === 'minor') return given.major === from.major;
  if (given.major > 0n) return false;
  if (from.minor > 0n || open === 'patch') return given.minor === from.minor;
  return given.minor === 0n && given.patch === from.patch;
}
