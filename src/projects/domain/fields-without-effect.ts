import type { AppProjectSpec } from './app-project.js';

/** Fields that are kept and have no effect in this version, as warnings for whoever writes them. */
export function fieldsWithoutEffect(spec: AppProjectSpec): string[] {
  const fields = [
    'syncWindows',
    'orphanedResources',
    'signatureKeys',
    'sourceIntegrity',
    'destinationServiceAccounts',
  ] as const;
  return fields
    .filter((field) => spec[field] !== undefined && spec[field] !== null)
    .map((field) => `spec.${field} is kept and has no effect in this version`);
}
