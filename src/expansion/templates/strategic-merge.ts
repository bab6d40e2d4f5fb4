import { isObject, own, setOwn } from '../../kernel/json.js';
import { ExpansionFailure } from '../failure.js';

type Fields = Record<string, unknown>;

const DELETE_FROM_LIST = '$deleteFromPrimitiveList/';
const RETAIN_KEYS = '$retainKeys';
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
  const merged = retained(original, patch, place);
  for (const key of Object.keys(patch)) {
    if (key.startsWith(DELETE_FROM_LIST)) deleteItems(merged, key.slice(DELETE_FROM_LIST.length), patch[key]);
    else if (!isDirective(key)) mergeMember(merged, key, patch[key], place);
  }
  return merged;
}

/** `$retainKeys` must name every key that the patch sets; what else the original has goes. */
function retained(original: Fields, patch: Fields, place: Place): Fields {
  const keys = own(patch, RETAIN_KEYS);
  if (keys === undefined) return fieldsOf(Object.entries(original));
  const listed = new Set<unknown>(Array.isArray(keys) ? keys : []);
  const isListed = (key: string): boolean => listed.has(key);
  const isStray = (key: string): boolean => patch[key] !== null && !key.startsWith('$') && !isListed(key);
  if (!Array.isArray(keys) || Object.keys(patch).some(isStray)) {
    throw new ExpansionFailure(
      'TEMPLATE_PATCH_DIRECTIVE',
      `${RETAIN_KEYS} must list every key of the patch`,
      place.path,
    );
  }
  return fieldsOf(Object.entries(original).filter(([key]) => isListed(key)));
}

function fieldsOf(entries: readonly (readonly [string, unknown])[]): Fields {
  const fields: Fields = {};
  for (const [key, value] of entries) setOwn(fields, key, value);
  return fields;
}

function deleteItems(merged: Fields, key: string, items: unknown): void {
  const list = own(merged, key);
  if (!Array.isArray(list) || !Array.isArray(items)) return;
  const unwanted = new Set<unknown>(items);
  setOwn(
    merged,
    key,
    list.filter((item) => !unwanted.has(item)),
  );
}

function isDirective(key: string): boolean {
  return key === '$patch' || key === RETAIN_KEYS || key.startsWith(ELEMENT_ORDER);
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

/** A list takes the place of a list as it is; one without items is as good as none. */
function replaced(known: unknown, value: unknown, at: string): unknown {
  if (!Array.isArray(value) || !Array.isArray(known) || known.length === 0) return settled(value);
  return at === 'metadata.finalizers' ? mergeSets(known, value) : value;
}

/** The patch's items in its order; what only the original has keeps its place before those it preceded, else follows. */
function mergeSets(original: readonly unknown[], patch: readonly unknown[]): unknown[] {
  const places = new Map<unknown, number>();
  for (const item of original) if (!places.has(item)) places.set(item, places.size);
  const wanted = new Set(patch);
  const left = [...places.keys()].filter((item) => !wanted.has(item));
  const merged: unknown[] = [];
  let taken = 0;
  for (const item of wanted) {
    const place = places.get(item) ?? -1;
    while (taken < left.length && (places.get(left[taken]) ?? 0) < place) merged.push(left[taken++]);
    merged.push(item);
  }
  return [...merged, ...left.slice(taken)];
}

/** What the original lacks is taken from the patch without nulls and without the maps that hold a directive. */
function settled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(settled).filter((item) => item !== undefined);
  if (!isObject(value)) return value;
  if (Object.hasOwn(value, '$patch')) return undefined;
  const members = Object.keys(value).map(
    (key) => [key, value[key] === null ? undefined : settled(value[key])] as const,
  );
  return fieldsOf(members.filter(([, member]) => member !== undefined));
}

function withoutDirectives(patch: Fields): Fields {
  return fieldsOf(Object.entries(patch).filter(([key]) => !isDirective(key)));
}
