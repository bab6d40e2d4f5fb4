import { isObject, own } from '../kernel/json.js';
import { fieldAt, itemShape, OBJECT_META, typeNamed, typeOfKind } from './schema/built-in-schema.js';
import { blankOf } from './schema/go-round-trip.js';
import type { ListMerge, SchemaType } from './schema/field-shape.js';

/** How one kind's fields merge and are owned. Paths hold field names only; list levels are skipped. */
export interface MergeRules {
  /** The keys that pair items of a list, 'set' for sets of scalars, undefined for a list that is one value. */
  listKeys(path: readonly string[]): readonly string[] | 'set' | undefined;
  /** A map (or list item) that is owned and replaced as a whole. */
  isAtomicMap(path: readonly string[]): boolean;
  /**
   * The key by which a strategic merge patch pairs items, 'set' for sets of scalars, undefined for a list it replaces.
   * Absent for custom resources, which take no such patch.
   */
  patchKey?(path: readonly string[]): string | undefined;
  /** What an object holds of which nothing was said: the first write of one does not own that. Empty when absent. */
  blank?: object;
  /** What a key field of a list's item is where the item does not say. */
  keyDefault(path: readonly string[], key: string): unknown;
}

/** Rules of a kind that every API server serves; of any other only the metadata is known. */
export function builtInRules(group: string, kind: string): MergeRules {
  const type = typeOfKind(group, kind);
  if (type === undefined) return schemaRules(undefined);
  return {
    blank: blankOf(type),
    listKeys: (path) => listMergeAt(type, path)?.keys,
    isAtomicMap: (path) => isAtomicAt(type, path),
    patchKey: (path) => listMergeAt(type, path)?.patchKey,
    keyDefault: (path, key) => fieldAt(type, [...path, key])?.keyDefault,
  };
}

/** Rules of a custom resource, by the list and map types of its definition's OpenAPI schema (none: lists are atomic). */
export function schemaRules(schema: unknown): MergeRules {
  return {
    listKeys: (path) => {
      if (path[0] === 'metadata') return listMergeAt(OBJECT_META, path.slice(1))?.keys;
      return listType(schemaAt(schema, path));
    },
    isAtomicMap: (path) => {
      if (path[0] === 'metadata') return isAtomicAt(OBJECT_META, path.slice(1));
      return own(itemSchema(schemaAt(schema, path)), 'x-kubernetes-map-type') === 'atomic';
    },
    keyDefault: (path, key) => own(fieldSchema(itemSchema(schemaAt(schema, path)), key), 'default'),
  };
}

function listMergeAt(type: SchemaType, path: readonly string[]): ListMerge | undefined {
  const shape = fieldAt(type, path)?.shape;
  return shape?.is === 'list' ? shape.merge : undefined;
}

function isAtomicAt(type: SchemaType, path: readonly string[]): boolean {
  const field = fieldAt(type, path);
  const shape = field && itemShape(field.shape);
  if (shape?.is === 'struct') return typeNamed(shape.type).isAtomic;
  return shape?.is === 'map' && shape.isAtomic;
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
