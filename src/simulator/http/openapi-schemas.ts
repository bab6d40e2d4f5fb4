import { BUILT_INS, typeNamed } from '../../kubernetes/schema/built-in-schema.js';
import type { FieldShape, Scalar, SchemaType } from '../../kubernetes/schema/field-shape.js';
import { apiVersionOf, type KindDefinition } from '../kind.js';

const SCALARS: Readonly<Record<Scalar, object>> = {
  string: { type: 'string' },
  integer: { type: 'integer', format: 'int32' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  bytes: { type: 'string', format: 'byte' },
  quantity: { oneOf: [{ type: 'string' }, { type: 'number' }] },
  'int-or-string': { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] },
  time: { type: 'string', format: 'date-time' },
  any: { type: 'object' },
};

/** OpenAPI v3 schemas of these kinds and of every type they hold; without descriptions, which the table leaves out. */
export function schemasOf(kinds: readonly KindDefinition[]): Record<string, object> {
  const schemas: Record<string, object> = {};
  const waiting: SchemaType[] = [];
  for (const kind of kinds) {
    const root = kind.type ? typeSchema(kind.type, waiting) : (kind.schema ?? { type: 'object' });
    const { group, version, kind: name } = kind;
    schemas[nameOf(kind)] = { ...root, 'x-kubernetes-group-version-kind': [{ group, version, kind: name }] };
  }
  for (let type = waiting.shift(); type !== undefined; type = waiting.shift()) {
    if (!Object.hasOwn(schemas, type.name)) schemas[type.name] = typeSchema(type, waiting);
  }
  return schemas;
}

/** A kind's own schema; a built-in's is called as its type. */
function nameOf(kind: KindDefinition): string {
  const known = BUILT_INS.find(({ group, kind: name }) => group === kind.group && name === kind.kind);
  return known?.type ?? `${apiVersionOf(kind).replaceAll('/', '.')}.${kind.kind}`;
}

function typeSchema(type: SchemaType, waiting: SchemaType[]): object {
  const fields = [...type.fields].map(([name, { shape }]) => [name, shapeSchema(shape, waiting)] as const);
  const required = [...type.fields].flatMap(([name, { isRequired }]) => (isRequired ? [name] : []));
  const properties = Object.fromEntries(fields);
  return { type: 'object', properties, ...(required.length === 0 ? {} : { required }) };
}

function shapeSchema(shape: FieldShape, waiting: SchemaType[]): object {
  switch (shape.is) {
    case 'scalar':
      return SCALARS[shape.scalar];
    case 'struct':
      waiting.push(typeNamed(shape.type));
      return { allOf: [{ $ref: `#/components/schemas/${shape.type}` }] };
    case 'list':
      return { type: 'array', items: shapeSchema(shape.items, waiting) };
    case 'map':
      return { type: 'object', additionalProperties: shapeSchema(shape.values, waiting) };
  }
}
