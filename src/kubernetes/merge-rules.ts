import { isObject, own } from '../kernel/json.js';
import { listMapKeys } from './list-map-keys.js';

/** How one kind's fields merge and are owned. Paths hold field names only; list levels are skipped. */
export interface MergeRules {
  /** The keys that pair items of a list, 'set' for sets of scalars, undefined for a list that is one value. */
  listKeys(path: readonly string[]): readonly string[] | 'set' | undefined;
  /** A map (or list item) that is owned and replaced as a whole. */
  isAtomicMap(path: readonly string[]): boolean;
}

/** Rules of a kind that every API server serves. */
export function builtInRules(group: string, kind: string): MergeRules {
  return {
    listKeys: (path) => listMapKeys(group, kind, path),
    isAtomicMap: (path) => ATOMIC_MAPS.has(path.at(-1) ?? ''),
  };
}

/** Rules of a custom resource, by the list and map types of its definition's OpenAPI schema (none: lists are atomic). */
export function schemaRules(schema: unknown): MergeRules {
  return {
    listKeys: (path) => (path[0] === 'metadata' ? listMapKeys('', '', path) : listType(schemaAt(schema, path))),
    isAtomicMap: (path) =>
      path[0] === 'metadata'
        ? path.at(-1) === 'ownerReferences'
        : own(itemSchema(schemaAt(schema, path)), 'x-kubernetes-map-type') === 'atomic',
  };
}

function listType(schema: Record<string, unknown>): readonly string[] | 'set' | undefined {
  const type = own(schema, 'x-kubernetes-list-type');
  if (type === 'set') return 'set';
  const keys = own(schema, 'x-kubernetes-list-map-keys');
  return type === 'map' && Array.isArray(keys) ? (keys as string[]) : undefined;
}

/** The node a path names; a list's own node, so that its list type can be read. Unknown fields give an empty schema. */
function schemaAt(schema: unknown, path: readonly string[]): Record<string, unknown> {
  let node = isObject(schema) ? schema : {};
  for (const name of path) {
    node = fieldSchema(itemSchema(node), name);
  }
  return node;
}

function itemSchema(schema: Record<string, unknown>): Record<string, unknown> {
  const items = own(schema, 'items');
  return isObject(items) ? items : schema;
}

function fieldSchema(schema: Record<string, unknown>, name: string): Record<string, unknown> {
  const properties = own(schema, 'properties');
  const field = isObject(properties) ? own(properties, name) : undefined;
  const found = field ?? own(schema, 'additionalProperties');
  return isObject(found) ? found : {};
}

/** Field names whose value is a reference or a selector, owned as a whole wherever it occurs as a map in built-in kinds (Kubernetes 1.36). */
const ATOMIC_MAPS: ReadonlySet<string> = new Set([
  'claimRef',
  'configMapKeyRef',
  'dataSource',
  'fieldRef',
  'fileKeyRef',
  'imagePullSecrets',
  'involvedObject',
  'labelSelector',
  'matchConstraints',
  'namespaceSelector',
  'nodePublishSecretRef',
  'nodeSelector',
  'objectSelector',
  'ownerReferences',
  'paramKind',
  'paramRef',
  'podSelector',
  'regarding',
  'related',
  'requiredDuringSchedulingIgnoredDuringExecution',
  'resourceFieldRef',
  'roleRef',
  'scopeSelector',
  'secretKeyRef',
  'secretRef',
  'secrets',
  'selector',
]);
