import { setOwn } from '../../kernel/json.js';
import { rfc3339 } from '../../kernel/clock.js';
import { typeNamed } from '../../kubernetes/schema/built-in-schema.js';
import type { FieldShape, Scalar, SchemaType } from '../../kubernetes/schema/field-shape.js';
import { badRequest } from '../admission.js';
import { fieldTree, type FieldTree } from './field-numbers.js';
import { readMessage, readPacked, type WireMessage, type WireValue } from './wire.js';

type Fields = Record<string, unknown>;

export const PROTOBUF = 'application/vnd.kubernetes.protobuf';
const MAGIC = Buffer.from('k8s\0', 'latin1');

/**
 * Reads a body in Kubernetes' protobuf, which `kubectl create` sends: an envelope that names apiVersion and kind, and in
 * it a message of the type. Throws BAD_REQUEST on anything else.
 */
export function decodeObject(body: Uint8Array, type: SchemaType): Fields {
  if (!MAGIC.equals(body.subarray(0, 4))) throw badRequest('provided data does not appear to be a protobuf message');
  const envelope = readMessage(body.subarray(4));
  const named = readMessage(bytesOf(last(envelope, 1)));
  const object = struct(type, readMessage(bytesOf(last(envelope, 2))));
  return { apiVersion: textOf(last(named, 1)), kind: textOf(last(named, 2)), ...object };
}

function struct(type: SchemaType, message: WireMessage): Fields {
  const read: Fields = {};
  collect(fieldTree(type.name), message, (name, values) => {
    const shape = type.fields.get(name)?.shape;
    const value = shape && fieldValue(shape, values);
    if (value !== undefined) setOwn(read, name, value);
  });
  return read;
}

type Keep = (name: string, values: readonly WireValue[]) => void;

function collect(tree: FieldTree, message: WireMessage, keep: Keep): void {
  for (const [number, values] of message) {
    const found = tree.get(number);
    if (typeof found === 'string') keep(found, values);
    else if (found !== undefined) collect(found, readMessage(bytesOf(values.at(-1))), keep);
  }
}

/** Undefined for a zero value that JSON would leave out. */
function fieldValue(shape: FieldShape, values: readonly WireValue[]): unknown {
  switch (shape.is) {
    case 'list':
      return values.flatMap((value) => listItems(shape.items, value));
    case 'map':
      return Object.fromEntries(values.map((entry) => mapEntry(shape.values, bytesOf(entry))));
    case 'struct':
      return struct(typeNamed(shape.type), readMessage(bytesOf(values.at(-1))));
    case 'scalar': {
      const value = scalarValue(shape.scalar, values.at(-1));
      const isZero = value === '' || value === 0 || value === false;
      return isZero && shape.zero === 'never' ? undefined : value;
    }
  }
}

function listItems(items: FieldShape, value: WireValue): unknown[] {
  const isPacked = items.is === 'scalar' && items.scalar === 'integer' && typeof value !== 'bigint';
  return (isPacked ? readPacked(value) : [value]).map((item) => itemValue(items, item));
}

function mapEntry(values: FieldShape, entry: Uint8Array): [string, unknown] {
  const message = readMessage(entry);
  return [textOf(last(message, 1)), itemValue(values, last(message, 2))];
}

/** A list within a map stands in a message of its own. */
function itemValue(shape: FieldShape, value: WireValue | undefined): unknown {
  if (shape.is === 'list') return fieldValue(shape, readMessage(bytesOf(value)).get(1) ?? []);
  if (shape.is === 'scalar') return scalarValue(shape.scalar, value);
  return fieldValue(shape, value === undefined ? [] : [value]);
}

function scalarValue(scalar: Scalar, value: WireValue | undefined): unknown {
  switch (scalar) {
    case 'string':
      return textOf(value);
    case 'integer':
      return numberOf(value);
    case 'boolean':
      return numberOf(value) !== 0;
    case 'number':
      return value instanceof Uint8Array && value.length === 8 ? viewOf(value).getFloat64(0, true) : 0;
    case 'bytes':
      return Buffer.from(bytesOf(value)).toString('base64');
    case 'quantity':
      return textOf(last(readMessage(bytesOf(value)), 1));
    case 'int-or-string':
      return intOrString(readMessage(bytesOf(value)));
    case 'time':
      return timeOf(readMessage(bytesOf(value)));
    case 'any':
      return jsonOf(last(readMessage(bytesOf(value)), 1));
  }
}

function intOrString(message: WireMessage): unknown {
  return numberOf(last(message, 1)) === 1 ? textOf(last(message, 3)) : numberOf(last(message, 2));
}

/** The zero time is an empty message. */
function timeOf(message: WireMessage): string | undefined {
  const seconds = last(message, 1);
  if (seconds === undefined) return undefined;
  const at = new Date(numberOf(seconds) * 1_000);
  return Number.isNaN(at.getTime()) ? undefined : rfc3339(at);
}

function jsonOf(value: WireValue | undefined): unknown {
  const text = textOf(value);
  try {
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  } catch {
    throw badRequest('a raw field holds no JSON');
  }
}

const last = (message: WireMessage, number: number): WireValue | undefined => message.get(number)?.at(-1);
const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const textOf = (value: WireValue | undefined): string => Buffer.from(bytesOf(value)).toString('utf8');
const numberOf = (value: WireValue | undefined): number =>
  typeof value === 'bigint' ? Number(BigInt.asIntN(64, value)) : 0;

function bytesOf(value: WireValue | undefined): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array();
}
