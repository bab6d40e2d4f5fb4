import { isObject } from '../../kernel/json.js';

/**
 * A spec as Argo CD compares it (argocd-behaviour.md 3.5): an empty project is `default`; source options and sync
 * policies that say nothing are dropped; null is absent.
 */
export function normaliseSpec(spec: Record<string, unknown>): Record<string, unknown> {
  const { syncPolicy, source, sources, project, ...rest } = holdsNull(spec) ? withoutNulls(spec) : spec;
  return {
    ...rest,
    project: project === undefined || project === '' ? 'default' : project,
    ...(source === undefined ? {} : { source: normaliseSource(source) }),
    ...(Array.isArray(sources) ? { sources: sources.map(normaliseSource) } : {}),
    ...(saysNothing(syncPolicy) ? {} : { syncPolicy }),
  };
}

const SOURCE_OPTIONS = ['kustomize', 'helm', 'directory'];

function normaliseSource(source: unknown): unknown {
  if (!isObject(source) || !SOURCE_OPTIONS.some((key) => Object.hasOwn(source, key) && isEmpty(source[key]))) {
    return source;
  }
  return Object.fromEntries(
    Object.entries(source).filter(([key, value]) => !(SOURCE_OPTIONS.includes(key) && isEmpty(value))),
  );
}

/** `automated: {}` does say something: it turns automation on (argocd-behaviour.md 4.1). */
function saysNothing(syncPolicy: unknown): boolean {
  if (!isObject(syncPolicy)) return true;
  return Object.values(syncPolicy).every((value) => Array.isArray(value) && value.length === 0);
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (isObject(value) && Object.values(value).every(isZero));
}

function isZero(value: unknown): boolean {
  return (
    value === '' || value === false || value === 0 || (Array.isArray(value) && value.length === 0) || isEmpty(value)
  );
}

/** Asked first, since specs seldom do and copying each of thousands is what planning would spend its time on. */
function holdsNull(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  return typeof value === 'object' && Object.values(value).some(holdsNull);
}

function withoutNulls(spec: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(spec)
      .filter(([, member]) => member !== null && member !== undefined)
      .map(([key, member]) => [key, cleaned(member)]),
  );
}

function cleaned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cleaned);
  return isObject(value) ? withoutNulls(value) : value;
}
