import { isObject, own, setOwn } from '../../kernel/json.js';

type Fields = Record<string, unknown>;

/** The node of a structural schema beneath a field; undefined where the schema knows none. */
function propertyOf(schema: Fields, name: string): Fields | undefined {
  const properties = own(schema, 'properties');
  const property = isObject(properties) ? own(properties, name) : undefined;
  const found = property ?? own(schema, 'additionalProperties');
  if (found === true) return { 'x-kubernetes-preserve-unknown-fields': true };
  return isObject(found) ? found : undefined;
}

const preserves = (schema: Fields): boolean => own(schema, 'x-kubernetes-preserve-unknown-fields') === true;

export interface Pruned {
  value: unknown;
  /** Paths of the fields that went. */
  dropped: string[];
}

/** A custom resource without the fields that its schema does not specify; apiVersion, kind and metadata always stay. */
export function pruned(object: Fields, schema: Fields): Pruned {
  const pruner = new Pruner();
  const root = { ...schema, properties: { ...(own(schema, 'properties') as Fields | undefined), ...ENVELOPE } };
  return { value: pruner.value(object, root, ''), dropped: pruner.dropped };
}

const ANYTHING: Fields = { 'x-kubernetes-preserve-unknown-fields': true };
const ENVELOPE: Fields = { apiVersion: ANYTHING, kind: ANYTHING, metadata: ANYTHING };

class Pruner {
  readonly dropped: string[] = [];

  value(value: unknown, schema: Fields, path: string): unknown {
    if (Array.isArray(value)) {
      const items = own(schema, 'items');
      if (!isObject(items)) return value;
      return value.map((item, index) => this.value(item, items, `${path}[${index}]`));
    }
    return isObject(value) ? this.fields(value, schema, path) : value;
  }

  private fields(value: Fields, schema: Fields, path: string): Fields {
    const kept: Fields = {};
    for (const [name, member] of Object.entries(value)) {
      const property = propertyOf(schema, name);
      const at = path === '' ? name : `${path}.${name}`;
      if (property !== undefined) setOwn(kept, name, this.value(member, property, at));
      else if (preserves(schema) || isEmbeddedField(schema, name)) setOwn(kept, name, member);
      else this.dropped.push(at);
    }
    return kept;
  }
}

function isEmbeddedField(schema: Fields, name: string): boolean {
  return own(schema, 'x-kubernetes-embedded-resource') === true && Object.hasOwn(ENVELOPE, name);
}

/** A custom resource with the defaults of its schema, at every level that is there. */
export function withSchemaDefaults(value: unknown, schema: Fields): unknown {
  if (Array.isArray(value)) {
    const items = own(schema, 'items');
    return isObject(items) ? value.map((item) => withSchemaDefaults(item, items)) : value;
  }
  if (!isObject(value)) return value;
  const filled: Fields = { ...value };
  const properties = own(schema, 'properties');
  for (const [name, property] of Object.entries(isObject(properties) ? properties : {})) {
    const fallback = isObject(property) ? own(property, 'default') : undefined;
    const isNull = own(filled, name) === null && isObject(property) && own(property, 'nullable') !== true;
    if ((own(filled, name) === undefined || isNull) && fallback !== undefined) setOwn(filled, name, fallback);
  }
  for (const [name, member] of Object.entries(filled)) {
    const property = propertyOf(schema, name);
    if (property !== undefined) setOwn(filled, name, withSchemaDefaults(member, property));
  }
  return filled;
}
