import { FleetError, invalid } from '../kernel/errors.js';
import type { KubernetesObject } from '../kernel/object.js';
import { goRoundTrip, type TypeFault } from '../kubernetes/schema/go-round-trip.js';
import { pruned } from './custom-resources/structural-schema.js';
import { apiVersionOf, type KindDefinition } from './kind.js';

/** What a write says of fields that its kind does not have: refuse it, warn of them, or drop them silently. */
export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

export interface Decoding {
  /** By which kind of write the object came: each is refused in its own way. */
  form: 'object' | 'patch' | 'apply';
  validation: FieldValidation;
}

/** An object that cannot be server-side applied as its schema has it; API servers answer an internal error. */
class TypedPatchError extends Error {
  constructor({ apiVersion, kind, metadata }: KubernetesObject, why: string) {
    super(
      `failed to create typed patch object (${metadata.namespace ?? ''}/${metadata.name}; ${apiVersion}, Kind=${kind}): ${why}`,
    );
  }
}

/**
 * Holds an object to the fields of its kind. Answers warnings about those it does not have. Throws as the API server
 * refuses: what has another type, and unknown fields where the write is strict or an apply.
 */
export function requireKnownFields(kind: KindDefinition, object: KubernetesObject, decoding: Decoding): string[] {
  const { unknown, fault } = readFields(kind, object);
  if (decoding.form === 'apply') {
    if (fault !== undefined)
      throw new TypedPatchError(object, `.${fault.path}: expected ${typedName(fault)}, got ${fault.got}`);
    const [first] = unknown;
    if (first !== undefined) throw new TypedPatchError(object, `.${first}: field not declared in schema`);
    return [];
  }
  if (fault !== undefined) throw refusal(kind, decoding, unmarshalText(fault));
  const words = unknown.map((path) => `unknown field "${path}"`);
  if (words.length > 0 && decoding.validation === 'Strict') {
    throw refusal(kind, decoding, `strict decoding error: ${words.join(', ')}`);
  }
  return decoding.validation === 'Ignore' ? [] : words;
}

function readFields(
  kind: KindDefinition,
  object: KubernetesObject,
): { unknown: string[]; fault?: TypeFault | undefined } {
  const { metadata, ...fields } = object;
  const { managedFields: _entries, ...meta } = metadata;
  if (kind.type !== undefined) return goRoundTrip(kind.type, { ...fields, metadata: meta });
  return kind.schema === undefined ? { unknown: [] } : { unknown: pruned(object, kind.schema).dropped };
}

function refusal(kind: KindDefinition, { form }: Decoding, why: string): FleetError {
  if (form === 'patch') {
    const message = `Invalid value: ${why}`;
    return invalid('INVALID_PATCH', ` "" is invalid: patch: ${message}`, [{ path: 'patch', message }]);
  }
  const { kind: name, version } = kind;
  const message = `${name} in version "${version}" cannot be handled as a ${name}: ${why}`;
  return new FleetError('malformed', 'BAD_REQUEST', message, { hint: `Write it as ${apiVersionOf(kind)} has it.` });
}

function unmarshalText({ path, of, wanted, got }: TypeFault): string {
  return `json: cannot unmarshal ${got} into Go struct field ${of}.${path} of type ${GO_TYPES[wanted] ?? wanted}`;
}

const GO_TYPES: Readonly<Record<string, string>> = {
  boolean: 'bool',
  integer: 'int32',
  number: 'float64',
  bytes: '[]uint8',
  quantity: 'resource.Quantity',
  'int-or-string': 'intstr.IntOrString',
  time: 'v1.Time',
};

function typedName({ wanted }: TypeFault): string {
  if (wanted === 'integer' || wanted === 'number') return 'numeric (int or float)';
  if (wanted === 'array') return 'list';
  return wanted === 'object' ? 'map' : wanted === 'boolean' ? 'boolean' : 'string';
}
