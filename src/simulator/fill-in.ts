import { isObject } from '../kernel/json.js';
import type { KubernetesObject } from '../kernel/object.js';
import { canonicalQuantity } from '../kubernetes/quantity.js';

export type Fields = Record<string, unknown>;

/** `fields` with every default whose field is absent; the same object when nothing was missing. */
export function fillIn(fields: Fields, defaults: Fields): Fields {
  const missing = Object.keys(defaults).filter((name) => fields[name] === undefined || fields[name] === null);
  if (missing.length === 0) return fields;
  return { ...fields, ...Object.fromEntries(missing.map((name) => [name, defaults[name]])) };
}

/** An untrusted value as a map; anything else reads as an empty one. */
export function record(value: unknown): Fields {
  return isObject(value) ? value : {};
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** Every item of a list of maps changed; an absent list stays absent. */
export function eachItem(value: unknown, change: (item: Fields) => Fields): unknown {
  return Array.isArray(value) ? value.map((item) => change(record(item))) : value;
}

/** `requests`, `limits` and the like with every quantity in its stored spelling. */
export function withQuantities(fields: Fields, names: readonly string[]): Fields {
  const spelled = names.flatMap((name) => {
    if (!isObject(fields[name])) return [];
    const quantities = Object.entries(fields[name]).map(([key, value]) => [key, spell(value)]);
    return [[name, Object.fromEntries(quantities)] as const];
  });
  return spelled.length === 0 ? fields : { ...fields, ...Object.fromEntries(spelled) };
}

function spell(value: unknown): unknown {
  return typeof value === 'string' || typeof value === 'number' ? canonicalQuantity(value) : value;
}

/** The field when there is a value for it. */
export function present(name: string, value: unknown): Fields {
  return value === undefined ? {} : { [name]: value };
}

/** An object whose spec was filled in; the same object when nothing was missing. */
export function withSpec(object: KubernetesObject, fill: (spec: Fields) => Fields): KubernetesObject {
  const filled = fill(record(object.spec));
  return filled === object.spec ? object : { ...object, spec: filled };
}
