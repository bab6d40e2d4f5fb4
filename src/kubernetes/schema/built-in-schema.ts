import { BUILT_IN_KINDS, BUILT_IN_TYPES } from './built-in-data.js';
import { readType, type FieldShape, type SchemaField, type SchemaType } from './field-shape.js';

/** A kind that every API server of the table's version serves. */
export interface BuiltInKind {
  group: string;
  version: string;
  kind: string;
  /** The name in paths: `deployments`. */
  resource: string;
  namespaced: boolean;
  subresources: readonly string[];
  shortNames: readonly string[];
  categories: readonly string[];
  type: string;
}

const listOf = (text: string, separator: string): string[] => (text === '-' ? [] : text.split(separator));

export const BUILT_INS: readonly BuiltInKind[] = BUILT_IN_KINDS.trim()
  .split('\n')
  .map((line) => {
    const [
      group = '',
      version = '',
      kind = '',
      resource = '',
      scope,
      subresources = '',
      short = '',
      all = '',
      type = '',
    ] = line.split(' ');
    return {
      ...{ group: group === '-' ? '' : group, version, kind, resource, type, namespaced: scope === 'N' },
      subresources: listOf(subresources, '+'),
      shortNames: listOf(short, ','),
      categories: listOf(all, ','),
    };
  });

const KINDS = new Map(BUILT_INS.map((known) => [`${known.group}/${known.kind}`, known]));
const LINES = new Map(
  BUILT_IN_TYPES.trim()
    .split('\n')
    .map((line) => [/^[^ @]+/.exec(line)?.[0] ?? '', line]),
);
const types = new Map<string, SchemaType>();

/** The type of a kind's objects; undefined for custom resources. */
export function typeOfKind(group: string, kind: string): SchemaType | undefined {
  const known = KINDS.get(`${group}/${kind}`);
  return known && typeNamed(known.type);
}

/** A type that a shape names; lines are read when they are first asked for. */
export function typeNamed(name: string): SchemaType {
  const known = types.get(name);
  if (known !== undefined) return known;
  const line = LINES.get(name);
  if (line === undefined) throw new Error(`the schema table has no type ${name}`);
  const type = readType(line);
  types.set(name, type);
  return type;
}

/** The field that a path of names leads to, through items of lists and members of maps; undefined where none does. */
export function fieldAt(type: SchemaType, path: readonly string[]): SchemaField | undefined {
  let field: SchemaField = {
    shape: { is: 'struct', type: type.name, isAlways: true },
    isRequired: true,
    retainsKeys: false,
  };
  for (const name of path) {
    const shape = itemShape(field.shape);
    const next = shape.is === 'struct' ? typeNamed(shape.type).fields.get(name) : valueField(shape);
    if (next === undefined) return undefined;
    field = next;
  }
  return field;
}

function valueField(shape: FieldShape): SchemaField | undefined {
  return shape.is === 'map' ? { shape: shape.values, isRequired: false, retainsKeys: false } : undefined;
}

/** What a list holds; any other shape as it is. */
export function itemShape(shape: FieldShape): FieldShape {
  return shape.is === 'list' ? itemShape(shape.items) : shape;
}

/** The metadata of every object, custom resources among them. */
export const OBJECT_META = typeNamed('ObjectMeta');
