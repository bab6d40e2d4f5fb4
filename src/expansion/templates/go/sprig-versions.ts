import { VersionConstraint } from '../../../kernel/version-constraint.js';
import { GoExecutionError } from './execution-error.js';
import { SemVer } from './semver-version.js';
import { ofText, ofTwoTexts, type NamedFunction } from './signatures.js';

/** Sprig's semantic versions. */
export const SPRIG_VERSIONS: readonly NamedFunction[] = [
  ['semver', ofText((text) => SemVer.parse(text))],
  ['semverCompare', ofTwoTexts((constraint, version) => meetsConstraint(constraint, SemVer.parse(version)))],
];

function meetsConstraint(text: string, { version }: SemVer): boolean {
  const constraint = VersionConstraint.parse(text);
  if (!constraint.ok) throw new GoExecutionError(constraint.error);
  return constraint.value.isMetBy(version);
}
