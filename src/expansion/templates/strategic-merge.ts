import { isObject, own, setOwn } from '../../kernel/json.js';
import { ExpansionFailure } from '../failure.js';

type Fields = Record<string, unknown>;

const DELETE_FROM_LIST = '$deleteFromPrimitiveList/';
const ELEMENT_ORDER = '$setElementOrder/';

/**
 * Kubernetes' strategic merge patch by the tags of Argo CD's Application (argocd-behaviour.md 2.5): every list is
 * replaced as a whole but `metadata.finalizers`, which is a set; null deletes; `$patch` replaces or deletes.
 */
export function applyStrategicPatch(original: Fields, patch: Fields, path: string): Fields {
  return mergeMaps(original, patch, { path, at: '' });
}

interface Place {
  /** Of the patch, for errors. */
  path: string;
  /** Dotted place in the Application. */
  at: string;
}

function mergeMaps(original: Fields, patch: Fields, place: Place): Fields {
  const directive = own(patch, '$patch');
  if (directive === 'delete') return {};
  if (directive === 'replace') return withoutDirectives(patch);
  if (directive !== undefined) {
    const message = `$patch must be replace or delete, it is ${JSON.stringify(directive)}`;
    throw new ExpansionFailure('TEMPLATE_PATCH_DIRECTIVE', message, place.path);
  }
  const merged = retained(original, own(patch, '$retainKeys'));
  for (const key of Object.keys(patch)) {
    if (key.startsWith(DELETE_FROM_LIST)) deleteItems(merged, key.slice(DELETE_FROM_LIST.length), patch[key]);
    else if (!isDirective(key)) mergeMember(merged, key, patch[key], place);
  }
  return merged;
}

function retained(original: Fields, keys: unknown): Fields {
  const merged: Fields = {};
  for (const key of Object.keys(original)) {
    if (!Array.isArray(keys) || keys.includes(key)) setOwn(merged, key, original[key]);
  }
  return merged;
}

function deleteItems(merged: Fields, key: string, items: unknown): void {
  const list = own(merged, key);
  if (Array.isArray(list) && Array.isArray(items))
    setOwn(
      merged,
      key,
      list.filter((item) => !items.includes(item)),
    );
}

function isDirective(key: string): boolean {
  return key === '$patch' || key === '$retainKeys' || key.startsWith(ELEMENT_ORDER);
}

function mergeMember(merged: Fields, key: string, value: unknown, place: Place): void {
  if (value === null) {
    delete merged[key];
    return;
  }
  const known = own(merged, key);
  const at = place.at === '' ? key : `${place.at}.${key}`;
  const next =
    isObject(known) && isObject(value) ? mergeMaps(known, value, { ...place, at }) : replaced(known, value, at);
  if (next !== undefined) setOwn(merged, key, next);
}

function replaced(known: unknown, value: unknown, at: string): unknown {
  if (!Array.isArray(value)) return settled(value);
  if (at === 'metadata.finalizers' && Array.isArray(known)) return mergeSets(known, value);
  return value.filter((item) => !isObject(item) || !Object.hasOwn(item, '$patch'));
}

/** The patch's items in its order; what only the original has keeps its place before those it preceded, else follows. */
function mergeSets(original: readonly unknown[], patch: readonly unknown[]): unknown[] {
  const left = original.filter((item) => !patch.includes(item));
  const merged: unknown[] = [];
  for (const item of new Set(patch)) {
    const place = original.indexOf(item);
    while (left.length > 0 && place >= 0 && original.indexOf(left[0]) < place) merged.push(left.shift());
    merged.push(item);
  }
  return [...merged, ...left];
}

/** What the original lacks is taken from the patch without its nulls; a map with a directive then stands for nothing. */
function settled(value: unknown): unknown {
  if (!isObject(value)) return value;
  if (Object.hasOwn(value, '$patch')) return undefined;
  const kept: Fields = {};
  for (const key of Object.keys(value)) {
    const member = value[key] === null || isDirective(key) ? undefined : settled(value[key]);
    if (member !== undefined) setOwn(kept, key, member);
  }
  return kept;
}

function withoutDirectives(patch: Fields): Fields {
  const kept: Fields = {};
  for (const key of Object.keys(patch)) if (!isDirective(key)) setOwn(kept, key, patch[key]);
  return kept;
}
