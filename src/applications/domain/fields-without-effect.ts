import type { ApplicationSpec } from './application.js';

/** Sync options that the agent carries out; `Name=value` or every value of a name. */
const OPTIONS_IN_EFFECT: ReadonlySet<string> = new Set([
  'CreateNamespace=true',
  'CreateNamespace=false',
  'ServerSideApply=true',
  'Prune=false',
  'Delete=false',
  'PruneLast=true',
  'SkipDryRunOnMissingResource=true',
]);

/** Fields that are kept and have no effect in this version, as warnings for whoever writes them. */
export function fieldsWithoutEffect({ syncPolicy, ignoreDifferences, sourceHydrator }: ApplicationSpec): string[] {
  const options = (syncPolicy?.syncOptions ?? []).filter((option) => !OPTIONS_IN_EFFECT.has(option));
  return [
    ...(ignoreDifferences && ignoreDifferences.length > 0 ? ['spec.ignoreDifferences'] : []),
    ...(syncPolicy?.managedNamespaceMetadata ? ['spec.syncPolicy.managedNamespaceMetadata'] : []),
    ...(syncPolicy?.retry ? ['spec.syncPolicy.retry'] : []),
    ...(sourceHydrator ? ['spec.sourceHydrator'] : []),
    ...options.map((option) => `spec.syncPolicy.syncOptions "${option}"`),
  ].map((field) => `${field} is kept and has no effect in this version`);
}
