import { isObject, own } from '../kernel/json.js';
import { ExpansionFailure } from './failure.js';

type Fields = Record<string, unknown>;

/** Typed reads of an untrusted generator; null counts as absent, as in Kubernetes. Throw ExpansionFailure FIELD_TYPE. */
export function textField(fields: Fields, key: string, path: string): string {
  const value = own(fields, key) ?? '';
  if (typeof value !== 'string') throw wrongType(value, 'text', `${path}.${key}`);
  return value;
}

export function flagField(fields: Fields, key: string, path: string): boolean {
  const value = own(fields, key) ?? false;
  if (typeof value !== 'boolean') throw wrongType(value, 'true or false', `${path}.${key}`);
  return value;
}

export function listField(fields: Fields, key: string, path: string): readonly unknown[] {
  const value = own(fields, key) ?? [];
  if (!Array.isArray(value)) throw wrongType(value, 'a list', `${path}.${key}`);
  return value;
}

export function textListField(fields: Fields, key: string, path: string): string[] {
  return listField(fields, key, path).map((item, index) => {
    if (typeof item !== 'string') throw wrongType(item, 'text', `${path}.${key}[${index}]`);
    return item;
  });
}

export function textMapField(fields: Fields, key: string, path: string): [string, string][] {
  const map = objectOf(own(fields, key) ?? {}, `${path}.${key}`);
  return Object.entries(map).map(([name, value]) => {
    if (typeof value !== 'string') throw wrongType(value, 'text', `${path}.${key}.${name}`);
    return [name, value];
  });
}

export function objectOf(value: unknown, path: string): Fields {
  if (!isObject(value)) throw wrongType(value, 'an object', path);
  return value;
}

function wrongType(value: unknown, expected: string, path: string): ExpansionFailure {
  return new ExpansionFailure('FIELD_TYPE', `${path} must be ${expected}, it is ${typeName(value)}`, path);
}

export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'boolean') return 'true or false';
  return `a ${typeof value}`;
}
