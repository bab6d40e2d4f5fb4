import { isObject, own, setOwn } from '../../kernel/json.js';
import { ExpansionFailure } from '../failure.js';

type Fields = Record<string, unknown>;

const DELETE_FROM_LIST = '$deleteFromPrimitiveList/';
const ELEMENT_ORDER = '$setElementOrder/';

/**
 * Kubernetes' strategic merge patch by the tags of Argo CD's Application (argocd-behaviour.md 2.5): every list is
 * replaced as a whole but `metadata.finalizers`, which is a set; null deletes; `$patch` replaces, deletes or merges.
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
  if (directive !== undefined && directive !== 'merge') {
    const message = `$patch must be replace, delete or merge, it is ${JSON.stringify(directive)}`;
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
  if (isObject(known) && isObject(value)) setOwn(merged, key, mergeMaps(known, value, { ...place, at }));
  else if (at === 'metadata.finalizers' && Array.isArray(known) && Array.isArray(value)) {
    setOwn(merged, key, [...new Set([...(value as unknown[]), ...(known as unknown[])])]);
  } else setOwn(merged, key, settled(value));
}

/** What the original lacks is taken from the patch without its nulls and directives; lists are taken as they are. */
function settled(value: unknown): unknown {
  if (!isObject(value)) return value;
  const kept: Fields = {};
  for (const key of Object.keys(value)) {
    if (value[key] !== null && !isDirective(key)) setOwn(kept, key, settled(value[key]));
  }
  return kept;
}

function withoutDirectives(patch: Fields): Fields {
  const kept: Fields = {};
  for (const key of Object.keys(patch)) if (!isDirective(key)) setOwn(kept, key, patch[key]);
  return kept;
}
