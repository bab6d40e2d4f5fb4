import { isObject, own, setOwn } from '../../kernel/json.js';
import { typeNamed } from './built-in-schema.js';
import type { FieldShape, Scalar, SchemaType } from './field-shape.js';

type Fields = Record<string, unknown>;

/** An object as Go's types hold it, and what of it they do not know. */
export interface RoundTrip {
  object: Fields;
  /** Paths of fields that no type has; they are dropped. */
  unknown: string[];
  /** The first value of another type than its field's; nothing that was read counts then. */
  fault: TypeFault | undefined;
}

export interface TypeFault {
  path: string;
  /** The Go type that holds the field. */
  of: string;
  wanted: Scalar | 'array' | 'object';
  /** As JSON names it. */
  got: string;
}

/**
 * Reads an object of a built-in kind and prints it again, as the API server does: unknown fields go, so do empty lists
 * and maps and zero values that JSON omits; structs that are no pointers appear.
 */
export function goRoundTrip(type: SchemaType, object: Fields): RoundTrip {
  const reader = new Reader();
  const read = reader.struct(type, object, '') as Fields;
  return { object: read, unknown: reader.unknown, fault: reader.fault };
}

/** What an object of the kind holds when nothing is said of it: structs and required fields, all empty. */
export function blankOf(type: SchemaType): Fields {
  const blank: Fields = {};
  for (const [name, { shape, isRequired }] of type.fields) {
    if (shape.is === 'struct' && shape.isAlways) blank[name] = blankOf(typeNamed(shape.type));
    else if (shape.is === 'list' && (isRequired || shape.isAlways)) blank[name] = [];
    else if (shape.is === 'map' && (isRequired || shape.isAlways)) blank[name] = {};
    else if (shape.is === 'scalar' && shape.zero === 'always') blank[name] = zeroOf(shape.scalar);
    else if (isRequired) blank[name] = null;
  }
  return blank;
}

class Reader {
  readonly unknown: string[] = [];
  fault: TypeFault | undefined;
  private of = '';

  struct(type: SchemaType, value: Fields, path: string): Fields {
    const read: Fields = {};
    for (const [name, member] of Object.entries(value)) {
      this.of = type.name;
      const field = type.fields.get(name);
      const at = path === '' ? name : `${path}.${name}`;
      if (field === undefined) this.unknown.push(at);
      else this.keep(read, name, this.value(field.shape, member, at));
    }
    for (const [name, { shape }] of type.fields) {
      if (read[name] === undefined) this.keep(read, name, emptyOf(shape));
    }
    return read;
  }

  private keep(into: Fields, name: string, value: unknown): void {
    if (value !== undefined) setOwn(into, name, value);
  }

  /** Undefined for what is not printed. */
  private value(shape: FieldShape, value: unknown, path: string): unknown {
    if (value === null || value === undefined) return undefined;
    switch (shape.is) {
      case 'scalar':
        return this.scalar(shape, value, path);
      case 'struct':
        if (!isObject(value)) return this.mismatch(value, path, 'object');
        return this.struct(typeNamed(shape.type), value, path);
      case 'list':
        if (!Array.isArray(value)) return this.mismatch(value, path, 'array');
        if (value.length === 0) return shape.isAlways ? null : undefined;
        return value.map((item, index) => this.value(shape.items, item, `${path}[${index}]`) ?? zeroItem(shape.items));
      case 'map':
        return this.map(shape, value, path);
    }
  }

  private map(shape: FieldShape & { is: 'map' }, value: unknown, path: string): unknown {
    if (!isObject(value)) return this.mismatch(value, path, 'object');
    const read: Fields = {};
    for (const name of Object.keys(value)) {
      const member = this.value(shape.values, own(value, name), `${path}.${name}`);
      setOwn(read, name, member ?? zeroItem(shape.values));
    }
    if (Object.keys(read).length > 0) return read;
    return shape.isAlways ? null : undefined;
  }

  private scalar({ scalar, zero }: FieldShape & { is: 'scalar' }, value: unknown, path: string): unknown {
    if (!isScalar(scalar, value)) return this.mismatch(value, path, scalar);
    return zero === 'never' && value === zeroOf(scalar) ? undefined : value;
  }

  private mismatch(value: unknown, path: string, wanted: TypeFault['wanted']): undefined {
    this.fault ??= { path, of: this.of, wanted, got: jsonTypeOf(value) };
    return undefined;
  }
}

function emptyOf(shape: FieldShape): unknown {
  if (shape.is === 'scalar') return shape.zero === 'always' ? zeroOf(shape.scalar) : undefined;
  if (!shape.isAlways) return undefined;
  return shape.is === 'struct' ? new Reader().struct(typeNamed(shape.type), {}, '') : null;
}

function zeroItem(shape: FieldShape): unknown {
  if (shape.is === 'scalar') return zeroOf(shape.scalar);
  return shape.is === 'list' ? [] : {};
}

function zeroOf(scalar: Scalar): unknown {
  if (scalar === 'boolean') return false;
  if (scalar === 'integer' || scalar === 'number' || scalar === 'int-or-string') return 0;
  return scalar === 'quantity' ? '0' : '';
}

function isScalar(scalar: Scalar, value: unknown): boolean {
  switch (scalar) {
    case 'any':
      return true;
    case 'boolean':
      return typeof value === 'boolean';
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return typeof value === 'number';
    case 'quantity':
    case 'int-or-string':
      return typeof value === 'string' || typeof value === 'number';
    case 'string':
    case 'bytes':
    case 'time':
      return typeof value === 'string';
  }
}

function jsonTypeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'object' ? 'object' : typeof value;
}
