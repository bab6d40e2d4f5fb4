import { isObject, jsonEqual, own } from '../../kernel/json.js';
import type { FaultList } from '../validation/fault-list.js';

type Fields = Record<string, unknown>;

/** Longest text a pattern is tried on, and longest pattern: definitions come from repositories. */
const LONGEST_TEXT = 4_096;
const LONGEST_PATTERN = 512;

/** Where a value stands, and where its faults are told. */
interface Place {
  path: string;
  faults: FaultList;
}

/** What a schema's types, required fields, bounds, enums and patterns refuse of a value. Rules in CEL are not run. */
export function validateBySchema(value: unknown, schema: Fields, at: Place): void {
  const { path, faults } = at;
  if (value === null && own(schema, 'nullable') === true) return;
  if (!hasType(value, schema)) {
    const type = String(own(schema, 'type'));
    const got = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
    faults.add(path, `Invalid value: "${got}": ${path} in body must be of type ${type}: "${got}"`);
    return;
  }
  validateChoice(value, schema, at);
  if (typeof value === 'string') validateText(value, schema, at);
  if (typeof value === 'number') validateNumber(value, schema, at);
  if (Array.isArray(value)) validateList(value, schema, at);
  else if (isObject(value)) validateFields(value, schema, at);
}

function hasType(value: unknown, schema: Fields): boolean {
  if (own(schema, 'x-kubernetes-int-or-string') === true) return Number.isInteger(value) || typeof value === 'string';
  switch (own(schema, 'type')) {
    case 'object':
      return isObject(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return typeof value === 'number';
    case 'string':
      return typeof value === 'string';
    case 'boolean':
      return typeof value === 'boolean';
    default:
      return true;
  }
}

function validateChoice(value: unknown, schema: Fields, { path, faults }: Place): void {
  const choices = own(schema, 'enum');
  if (!Array.isArray(choices) || choices.some((choice) => jsonEqual(choice, value))) return;
  const supported = choices.map((choice) => JSON.stringify(choice)).join(', ');
  faults.add(path, `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported}`);
}

function validateText(value: string, schema: Fields, { path, faults }: Place): void {
  const [least, most, pattern] = [own(schema, 'minLength'), own(schema, 'maxLength'), own(schema, 'pattern')];
  const length = [...value].length;
  const quoted = JSON.stringify(value);
  if (typeof least === 'number' && length < least) {
    faults.add(path, `Invalid value: ${quoted}: ${path} in body should be at least ${least} chars long`);
  }
  if (typeof most === 'number' && length > most) faults.add(path, `Too long: may not be more than ${most} bytes`);
  if (typeof pattern !== 'string' || pattern.length > LONGEST_PATTERN || value.length > LONGEST_TEXT) return;
  const matcher = matcherOf(pattern);
  if (matcher === undefined || matcher.test(value)) return;
  faults.add(path, `Invalid value: ${quoted}: ${path} in body should match '${pattern}'`);
}

/** Undefined for a pattern that JavaScript does not read as Go does. */
function matcherOf(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    return undefined;
  }
}

function validateNumber(value: number, schema: Fields, { path, faults }: Place): void {
  const [least, most] = [own(schema, 'minimum'), own(schema, 'maximum')];
  if (typeof least === 'number' && value < least) {
    faults.add(path, `Invalid value: ${value}: ${path} in body should be greater than or equal to ${least}`);
  }
  if (typeof most === 'number' && value > most) {
    faults.add(path, `Invalid value: ${value}: ${path} in body should be less than or equal to ${most}`);
  }
}

function validateList(value: readonly unknown[], schema: Fields, { path, faults }: Place): void {
  const [least, most, items] = [own(schema, 'minItems'), own(schema, 'maxItems'), own(schema, 'items')];
  if (typeof least === 'number' && value.length < least) {
    faults.add(path, `Invalid value: ${value.length}: ${path} in body should have at least ${least} items`);
  }
  if (typeof most === 'number' && value.length > most)
    faults.add(path, `Too many: ${value.length}: must have at most ${most} items`);
  if (isObject(items))
    value.forEach((item, index) => validateBySchema(item, items, { path: `${path}[${index}]`, faults }));
}

function validateFields(value: Fields, schema: Fields, { path, faults }: Place): void {
  const beneath = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const required = own(schema, 'required');
  for (const name of Array.isArray(required) ? required : []) {
    if (own(value, String(name)) === undefined) faults.add(beneath(String(name)), 'Required value');
  }
  const properties = own(schema, 'properties');
  const others = own(schema, 'additionalProperties');
  for (const [name, member] of Object.entries(value)) {
    const property = (isObject(properties) ? own(properties, name) : undefined) ?? others;
    const isEnvelope = path === '' && ['apiVersion', 'kind', 'metadata'].includes(name);
    if (isObject(property) && !isEnvelope) validateBySchema(member, property, { path: beneath(name), faults });
  }
}
