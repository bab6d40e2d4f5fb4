import type { ObjectMeta } from '../../kernel/object.js';
import type { ApplicationSetSpec } from './application-set.js';

/** Keys that stay on a live Application although the template does not carry them. */
export interface PreservedFields {
  labels: ReadonlySet<string>;
  annotations: ReadonlySet<string>;
}

/** Written by the hub and by notification senders, so no template may take them away (argocd-behaviour.md 3.4). */
const ALWAYS = ['notified.notifications.argoproj.io', 'argocd.argoproj.io/refresh', 'argocd.argoproj.io/hydrate'];

export function preservedFieldsOf(spec: ApplicationSetSpec): PreservedFields {
  return {
    labels: new Set(spec.preservedFields?.labels ?? []),
    annotations: new Set([...ALWAYS, ...(spec.preservedFields?.annotations ?? [])]),
  };
}

/** `metadata` with the preserved keys of the live object added where it does not set them itself. */
export function withPreserved(
  metadata: ObjectMeta,
  live: ObjectMeta | undefined,
  preserved: PreservedFields,
): ObjectMeta {
  return {
    ...metadata,
    labels: { ...pick(live?.labels, preserved.labels), ...metadata.labels },
    annotations: { ...pick(live?.annotations, preserved.annotations), ...metadata.annotations },
  };
}

function pick(map: Record<string, string> | undefined, keys: ReadonlySet<string>): Record<string, string> {
  if (map === undefined) return {};
  const kept = [...keys].filter((key) => Object.hasOwn(map, key));
  return Object.fromEntries(kept.map((key) => [key, map[key] ?? '']));
}
