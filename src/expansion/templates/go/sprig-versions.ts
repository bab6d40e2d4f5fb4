import { meetsConstraint } from './semver-constraint.js';
import { SemVer } from './semver-version.js';
import { ofText, ofTwoTexts, type NamedFunction } from './signatures.js';

/** Sprig's semantic versions. */
export const SPRIG_VERSIONS: readonly NamedFunction[] = [
  ['semver', ofText((text) => SemVer.parse(text))],
  ['semverCompare', ofTwoTexts((constraint, version) => meetsConstraint(constraint, SemVer.parse(version)))],
];
