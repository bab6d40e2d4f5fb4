import { isObject, own } from '../../kernel/json.js';
import { ageOf } from './age.js';
import type { Cell, Column } from './column.js';

/** A column of a custom resource, as its definition's `additionalPrinterColumns` describe it. */
export interface PrinterColumn {
  name: string;
  type: string;
  jsonPath: string;
  priority?: number;
}

const TYPES: readonly string[] = ['string', 'integer', 'number', 'boolean', 'date'];

export function definedColumns(columns: readonly PrinterColumn[]): Column[] {
  return columns.map(({ name, type, jsonPath, priority = 0 }) => ({
    name,
    type: (TYPES.includes(type) ? type : 'string') as Column['type'],
    wide: priority > 0,
    cell: (object, now) => cellOf(valuesAt(object, jsonPath)[0], type, now),
  }));
}

function cellOf(value: unknown, type: string, now: Date): Cell {
  if (value === undefined || value === null) return null;
  if (type === 'date') return ageOf(value, now);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const STEP =
  /^(?:\.?([A-Za-z_][\w-]*)|\.?\['((?:[^'\\]|\\.)+)'\]|\[(\*|\d+)\]|\[\?\(@\.([\w.-]+)\s*==\s*["']([^"']*)["']\)\])/;

/** The values that a path of the simple JSONPath of printer columns finds; none where it does not lead on. */
export function valuesAt(object: unknown, path: string): unknown[] {
  let values: unknown[] = [object];
  for (let rest = path; rest !== '';) {
    const step = STEP.exec(rest);
    if (step === null) return [];
    values = values.flatMap((value) => follow(value, step));
    rest = rest.slice(step[0].length);
  }
  return values;
}

function follow(value: unknown, [, name, quoted, index, field, wanted]: RegExpExecArray): unknown[] {
  const key = name ?? quoted?.replaceAll('\\', '');
  if (key !== undefined) return isObject(value) && Object.hasOwn(value, key) ? [own(value, key)] : [];
  if (!Array.isArray(value)) return [];
  if (index === '*') return value;
  if (index !== undefined) return value.slice(Number(index), Number(index) + 1);
  return value.filter((item) => valuesAt(item, `.${field}`)[0] === wanted);
}
