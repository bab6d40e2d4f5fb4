import { canonicalJson, isObject, own } from '../../../kernel/json.js';
import { groupOf, type KubernetesObject } from '../../../kernel/object.js';
import { itemsByElement, type ListPlace } from '../../../kubernetes/list-items.js';
import { builtInRules, type MergeRules } from '../../../kubernetes/merge-rules.js';
import { sameQuantity } from './quantity.js';

/** One field whose live value is not what is wanted. `live` is undefined where the field is absent. */
export interface DriftedField {
  path: string;
  live: unknown;
}

/** Metadata that a manifest may carry but only the API server decides. */
const SERVER_METADATA = new Set([
  'creationTimestamp',
  'deletionTimestamp',
  'generation',
  'managedFields',
  'resourceVersion',
  'selfLink',
  'uid',
]);
/** Fields under these names hold quantities, which the API server may respell. */
const QUANTITY_FIELDS = new Set([
  'capacity',
  'default',
  'defaultRequest',
  'hard',
  'limits',
  'max',
  'min',
  'overhead',
  'requests',
  'sizeLimit',
]);
const OPAQUE_FIELDS = new Set(['binaryData', 'data', 'metadata', 'stringData']);
/** A wholly different object needs no longer list. */
const MOST_FIELDS = 50;

/**
 * Which wanted fields the live object lacks or has otherwise. Fields that only the live object has belong to someone
 * else and do not count; neither does `status`. Values the API server is known to respell or drop are equal: quantities,
 * zero values and empty maps that it omits, a Secret's `stringData` (argocd-behaviour.md 4.9).
 */
export function findDrift(desired: KubernetesObject, live: KubernetesObject): DriftedField[] {
  const comparison = new Comparison(builtInRules(groupOf(desired.apiVersion), desired.kind));
  for (const [field, wanted] of Object.entries(foldStringData(desired))) {
    if (field === 'apiVersion' || field === 'kind' || field === 'status') continue;
    const value = field === 'metadata' ? withoutServerMetadata(wanted) : wanted;
    comparison.value(value, own(live, field), [field], field);
  }
  return comparison.drifted;
}

function foldStringData(object: KubernetesObject): Record<string, unknown> {
  const { stringData, ...rest } = object;
  if (object.kind !== 'Secret' || !isObject(stringData)) return object;
  const encoded = Object.entries(stringData).map(([key, text]) => [key, toBase64(text)] as const);
  return { ...rest, data: { ...(isObject(rest.data) ? rest.data : {}), ...Object.fromEntries(encoded) } };
}

function toBase64(text: unknown): unknown {
  return typeof text === 'string' ? Buffer.from(text, 'utf8').toString('base64') : text;
}

function withoutServerMetadata(metadata: unknown): unknown {
  if (!isObject(metadata)) return metadata;
  return Object.fromEntries(Object.entries(metadata).filter(([name]) => !SERVER_METADATA.has(name)));
}

/** `path` holds field names for the merge rules, `where` the spelling for people. */
class Comparison {
  readonly drifted: DriftedField[] = [];

  constructor(private readonly rules: MergeRules) {}

  value(wanted: unknown, live: unknown, path: readonly string[], where: string): void {
    if (this.drifted.length >= MOST_FIELDS) return;
    if (isObject(wanted) && isObject(live)) return this.map(wanted, live, path, where);
    if (Array.isArray(wanted) && Array.isArray(live)) return this.list(wanted, live, path, where);
    if (!sameScalar(wanted, live, path)) this.drifted.push({ path: where, live });
  }

  private map(wanted: Record<string, unknown>, live: Record<string, unknown>, path: readonly string[], where: string) {
    for (const [name, value] of Object.entries(wanted)) {
      this.value(value, own(live, name), [...path, name], `${where}.${name}`);
    }
    if (!this.rules.isAtomicMap(path) || Object.keys(wanted).length === 0) return;
    for (const name of Object.keys(live)) {
      if (!Object.hasOwn(wanted, name) && !isZero(own(live, name)) && isMatchTerm(path)) {
        this.drifted.push({ path: `${where}.${name}`, live: own(live, name) });
      }
    }
  }

  private list(wanted: unknown[], live: unknown[], path: readonly string[], where: string): void {
    const keys = this.rules.listKeys(path);
    const pairs = keys === undefined ? undefined : pairByKeys(wanted, live, keys, { rules: this.rules, path });
    if (pairs) {
      for (const { element, item, match } of pairs) this.value(item, match, path, `${where}[${element}]`);
      return;
    }
    if (wanted.length !== live.length) {
      this.drifted.push({ path: where, live });
      return;
    }
    wanted.forEach((item, index) => this.value(item, live[index], path, `${where}[${index}]`));
  }
}

interface Pair {
  element: string;
  item: unknown;
  match: unknown;
}

/** Undefined when the items cannot be told apart by their keys: the list is then compared by position. */
function pairByKeys(
  wanted: unknown[],
  live: unknown[],
  keys: readonly string[] | 'set',
  place: ListPlace,
): Pair[] | undefined {
  try {
    const found = itemsByElement(live, keys, place);
    return [...itemsByElement(wanted, keys, place)].map(([element, item]) => ({
      element: element.slice(2),
      item,
      match: found.get(element),
    }));
  } catch {
    return undefined;
  }
}

/** A selector's own maps: an extra label in one changes what it selects. Other atomic maps gain defaults from the server. */
function isMatchTerm(path: readonly string[]): boolean {
  const name = path.at(-1);
  return name === 'selector' || name === 'matchLabels' || name === 'nodeSelector';
}

function sameScalar(wanted: unknown, live: unknown, path: readonly string[]): boolean {
  if (wanted === live) return true;
  if (isZero(wanted) && (live === undefined || live === null)) return true;
  if (holdsQuantity(path) && sameQuantity(wanted, live)) return true;
  return isObject(wanted) || Array.isArray(wanted) ? canonicalJson(wanted) === canonicalJson(live) : false;
}

/** What the API server leaves out when it writes an object: Go's zero values, maps and lists of nothing but those. */
function isZero(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === 0 || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.values(value).every(isZero);
}

function holdsQuantity(path: readonly string[]): boolean {
  return !OPAQUE_FIELDS.has(path[0] ?? '') && path.some((name) => QUANTITY_FIELDS.has(name));
}
