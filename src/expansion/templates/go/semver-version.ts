import { SemanticVersion } from '../../../kernel/semantic-version.js';
import type { GoFunction } from './function.js';
import { GoExecutionError } from './execution-error.js';
import { GoObject } from './go-object.js';
import { Uint64, type GoValue } from './values.js';

/** A version as Sprig hands it to templates. */
export class SemVer extends GoObject {
  constructor(readonly version: SemanticVersion) {
    super();
  }

  /** Throws GoExecutionError. */
  static parse(text: string): SemVer {
    const version = SemanticVersion.parse(text);
    if (!version.ok) throw new GoExecutionError(version.error);
    return new SemVer(version.value);
  }

  get typeName(): string {
    return '*semver.Version';
  }

  get kind(): string {
    return 'ptr';
  }

  toString(): string {
    return String(this.version);
  }

  toJson(): string {
    return JSON.stringify(String(this));
  }

  method(name: string): GoFunction | undefined {
    const call = METHODS.get(name);
    if (call) return { parameters: [], call: () => call(this) };
    const compared = COMPARISONS.get(name);
    return (
      compared && {
        parameters: ['any'],
        call: ([other]) => compared(this.version.compare(versionOf(other).version)),
      }
    );
  }

  /** The next version: what stands behind the part that is raised starts again. */
  raised(part: 'major' | 'minor' | 'patch'): SemVer {
    const { major, minor, patch, prerelease } = this.version.parts;
    const plain = { prerelease: '', metadata: '' };
    const next = {
      major: { major: major + 1n, minor: 0n, patch: 0n, ...plain },
      minor: { major, minor: minor + 1n, patch: 0n, ...plain },
      patch: { major, minor, patch: prerelease === '' ? patch + 1n : patch, ...plain },
    }[part];
    const prefix = this.version.original.startsWith('v') ? 'v' : '';
    return new SemVer(new SemanticVersion(next, `${prefix}${new SemanticVersion(next, '')}`));
  }
}

const METHODS: ReadonlyMap<string, (version: SemVer) => GoValue> = new Map<string, (version: SemVer) => GoValue>([
  ['Major', ({ version: { parts } }) => new Uint64(parts.major)],
  ['Minor', ({ version: { parts } }) => new Uint64(parts.minor)],
  ['Patch', ({ version: { parts } }) => new Uint64(parts.patch)],
  ['Prerelease', ({ version: { parts } }) => parts.prerelease],
  ['Metadata', ({ version: { parts } }) => parts.metadata],
  ['Original', ({ version: { original } }) => original],
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
