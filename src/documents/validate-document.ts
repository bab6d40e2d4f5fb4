import type { z } from 'zod';
import { FleetError, invalid, type FieldFault } from '../kernel/errors.js';
import { isObject, own } from '../kernel/json.js';
import type { KubernetesObject } from '../kernel/object.js';
import { metadataFaults } from './validate-metadata.js';

export interface Checked {
  /** The document with only its apiVersion, kind, clean metadata and body; status and server-given fields dropped. */
  document: KubernetesObject;
  /** Unknown fields, `unknown field "spec.x"`. */
  warnings: string[];
}

/** Type and name of anything that claims to be a document. Throws where it is none. */
export function readEnvelope(input: unknown): KubernetesObject {
  if (!isObject(input)) {
    throw new FleetError(
      'malformed',
      'NOT_A_DOCUMENT',
      'a document must be an object with apiVersion, kind and metadata',
    );
  }
  const faults: FieldFault[] = ['apiVersion', 'kind']
    .filter((key) => typeof own(input, key) !== 'string' || own(input, key) === '')
    .map((key) => ({ path: key, message: 'is required', expected: 'string', got: describe(own(input, key)) }));
  const metadata = own(input, 'metadata');
  if (!isObject(metadata))
    faults.push({ path: 'metadata', message: 'is required', expected: 'object', got: describe(metadata) });
  else faults.push(...metadataFaults(metadata));
  if (faults.length > 0) throw invalid('INVALID_DOCUMENT', summary('document', faults), faults);
  return input as KubernetesObject;
}

/** Checks the body by the kind's schema: unknown fields are warnings (faults when `strict`), everything else faults. */
export function checkDocument(input: KubernetesObject, schema: z.ZodType, strict: boolean): Checked {
  const { apiVersion, kind, metadata, status: _status, ...body } = input;
  const outcome = schema.safeParse(body, { reportInput: true });
  const issues = outcome.success ? [] : outcome.error.issues;
  const unknown = issues.flatMap(unknownFields);
  const faults = issues.flatMap((issue) => leaves(issue, [])).filter((fault) => fault !== undefined);
  if (strict) faults.push(...unknown.map((path) => ({ path, message: 'unknown field' })));
  if (faults.length > 0) throw invalid('INVALID_DOCUMENT', summary(`${kind} "${metadata.name}"`, faults), faults);
  const clean = {
    name: metadata.name,
    ...pick(metadata, ['namespace', 'labels', 'annotations', 'finalizers', 'ownerReferences', 'resourceVersion']),
  };
  return {
    document: { ...body, apiVersion, kind, metadata: clean },
    warnings: unknown.map((path) => `unknown field "${path}"`),
  };
}

type Issue = z.core.$ZodIssue;

function unknownFields(issue: Issue): string[] {
  if (issue.code !== 'unrecognized_keys') return [];
  return issue.keys.map((key) => pathText([...issue.path, key]));
}

function leaves(issue: Issue, prefix: readonly PropertyKey[]): FieldFault[] {
  if (issue.code === 'unrecognized_keys') return [];
  const path = [...prefix, ...issue.path];
  // A union's own message says nothing; its first member is the form that documents normally have.
  if (issue.code === 'invalid_union' && issue.errors[0]) return issue.errors[0].flatMap((inner) => leaves(inner, path));
  const expected = 'expected' in issue ? { expected: String(issue.expected) } : {};
  const missing = issue.code === 'invalid_type' && issue.input === undefined;
  return [
    { path: pathText(path), message: missing ? 'is required' : issue.message, ...expected, got: describe(issue.input) },
  ];
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${String(step)}`))
    .join('');
}

/** A value's type and, where short, itself; never a long or nested value, which may hold what must not be echoed. */
function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'object') return 'object';
  if (typeof value === 'string') return value.length <= 40 ? `string ${JSON.stringify(value)}` : 'string';
  return `${typeof value} ${String(value)}`;
}

function summary(subject: string, faults: readonly FieldFault[]): string {
  const [first] = faults;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
  return `${subject} is invalid: ${first?.path}: ${first?.message}${more}`;
}

function pick(source: object, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(source).filter(([key, value]) => keys.includes(key) && value !== undefined));
}
