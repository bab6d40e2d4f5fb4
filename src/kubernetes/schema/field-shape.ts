/** What a scalar holds; `any` is anything, objects among them. */
export type Scalar =
  'string' | 'integer' | 'number' | 'boolean' | 'bytes' | 'quantity' | 'int-or-string' | 'time' | 'any';

/** What a field of a built-in kind holds. */
export type FieldShape =
  /** `zero`: whether a zero value is printed even when nothing was said, never, or as it was said. */
  | { is: 'scalar'; scalar: Scalar; zero: 'always' | 'never' | 'as-said' }
  /** `isAlways`: printed even when nothing was said of it: a struct as empty, a list or map as null. */
  | { is: 'struct'; type: string; isAlways: boolean }
  | { is: 'list'; items: FieldShape; merge: ListMerge; isAlways: boolean }
  | { is: 'map'; values: FieldShape; isAtomic: boolean; isAlways: boolean };

export interface ListMerge {
  /** Server-side apply pairs items by these keys, as a set of scalars, or (undefined) takes the list as one value. */
  keys: readonly string[] | 'set' | undefined;
  /** Strategic merge patches pair items by this key, as a set of scalars, or (undefined) replace the list. */
  patchKey: string | 'set' | undefined;
}

export interface SchemaField {
  shape: FieldShape;
  isRequired: boolean;
  /** A strategic merge patch says which of the other fields stay (`$retainKeys`). */
  retainsKeys: boolean;
  /** What an item's key is where the item does not say. */
  keyDefault?: string;
}

export interface SchemaType {
  name: string;
  /** Owned and replaced as a whole. */
  isAtomic: boolean;
  fields: ReadonlyMap<string, SchemaField>;
}

const SCALARS: Readonly<Record<string, Scalar>> = {
  s: 'string',
  i: 'integer',
  n: 'number',
  b: 'boolean',
  y: 'bytes',
  q: 'quantity',
  x: 'int-or-string',
  t: 'time',
  o: 'any',
};

const ZEROS: Readonly<Record<string, 'always' | 'never'>> = { '!': 'always', '?': 'never' };

/**
 * Reads a line of the schema table: `Name@ field*:^shape=default …`. `@` atomic, `*` required, `^` retains keys. A shape
 * is a scalar's letter (`!` its zero value is always printed, `?` never), a type's name (`!` always printed), `[keys~patch key]items`
 * or `{}values` (`{atomic}`), with `!` behind the bracket where null is printed.
 */
export function readType(line: string): SchemaType {
  const [head = '', ...fields] = line.split(' ');
  const isAtomic = head.endsWith('@');
  return { name: isAtomic ? head.slice(0, -1) : head, isAtomic, fields: new Map(fields.map(readField)) };
}

function readField(text: string): [name: string, field: SchemaField] {
  const [, name = '', star, caret, shape = '', keyDefault] = /^([^*:]+)(\*?):(\^?)([^=]+)(?:=(.*))?$/.exec(text) ?? [];
  const field = { shape: readShape(shape), isRequired: star === '*', retainsKeys: caret === '^' };
  return [name, keyDefault === undefined ? field : { ...field, keyDefault }];
}

function readShape(text: string): FieldShape {
  const list = /^\[([^\]]*)\](!?)(.+)$/.exec(text);
  if (list) {
    const [, merge = '', mark, items = ''] = list;
    return { is: 'list', items: readShape(items), merge: readMerge(merge), isAlways: mark === '!' };
  }
  const map = /^\{(\w*)\}(!?)(.+)$/.exec(text);
  if (map) {
    const [, kind, mark, values = ''] = map;
    return { is: 'map', values: readShape(values), isAtomic: kind === 'atomic', isAlways: mark === '!' };
  }
  const scalar = SCALARS[text[0] ?? ''];
  if (scalar !== undefined && text.length <= 2)
    return { is: 'scalar', scalar, zero: ZEROS[text[1] ?? ''] ?? 'as-said' };
  const isAlways = text.endsWith('!');
  return { is: 'struct', type: isAlways ? text.slice(0, -1) : text, isAlways };
}

function readMerge(text: string): ListMerge {
  const [keys = '', patchKey] = text.split('~');
  return {
    keys: keys === 'set' ? 'set' : keys === '' ? undefined : keys.split(','),
    patchKey: patchKey === '' ? 'set' : patchKey,
  };
}
