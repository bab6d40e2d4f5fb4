import type { ApplicationSet } from './application-set.js';

/** Fields that are kept and have no effect in this version, as warnings for whoever writes them. */
export function fieldsWithoutEffect({ spec }: ApplicationSet): string[] {
  return [
    ...(spec.ignoreApplicationDifferences && spec.ignoreApplicationDifferences.length > 0
      ? ['spec.ignoreApplicationDifferences']
      : []),
  ].map((field) => `${field} is kept and has no effect in this version`);
}
