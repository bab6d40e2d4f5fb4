import { fail, ok, type Result } from '../../../kernel/result.js';
import { SemanticVersion } from '../../../kernel/semantic-version.js';
import { VersionConstraint } from '../../../kernel/version-constraint.js';

/** Whether the text names one version; anything else is a range (argocd-behaviour.md 4.1). */
export function isVersion(text: string): boolean {
  return SemanticVersion.parse(text).ok;
}

/**
 * The version that is written exactly so, else the newest that meets the range; of equals the first. Undefined where
 * there is none; fails with what is wrong with the range.
 */
export function chooseVersion(wanted: string, versions: readonly string[]): Result<string | undefined, string> {
  if (versions.includes(wanted)) return ok(wanted);
  const range = VersionConstraint.parse(wanted.trim() === '' ? '*' : wanted);
  if (!range.ok) return fail(range.error);
  let newest: SemanticVersion | undefined;
  for (const text of versions) {
    const version = SemanticVersion.parse(text);
    if (!version.ok || !range.value.isMetBy(version.value)) continue;
    if (newest === undefined || version.value.compare(newest) > 0) newest = version.value;
  }
  return ok(newest?.original);
}

/** Tags hold no `+`. */
export function tagOf(version: string): string {
  return version.replaceAll('+', '_');
}

export function versionOfTag(tag: string): string {
  return tag.replaceAll('_', '+');
}
