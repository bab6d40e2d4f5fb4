import { compareBytes } from '../../go-format.js';
import { GoExecutionError } from './execution-error.js';
import { GoObject } from './go-object.js';
import { isMap, isNilList, isNilMap, wholeOf, type GoValue } from './values.js';

/** `html-safe` escapes what HTML minds, `pretty` too and indents by two, `raw` leaves it. */
export type JsonStyle = 'html-safe' | 'pretty' | 'raw';

const ESCAPED: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

/** encoding/json's text: keys in byte order. Throws GoExecutionError for a number that JSON does not have. */
export function goJson(value: GoValue, style: JsonStyle = 'html-safe'): string {
  return written(value, style, '');
}

function written(value: GoValue, style: JsonStyle, indent: string): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return textOf(value, style);
  if (typeof value === 'number') return numberOf(value);
  const whole = wholeOf(value);
  if (whole !== undefined) return String(whole);
  if (value instanceof GoObject) return value.toJson();
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (isNilList(value)) return 'null';
    const items = Array.from(value as unknown[], (item) => written(item, style, inner));
    return enclosed(['[', ']'], items, style === 'pretty' ? indent : undefined);
  }
  if (!isMap(value)) return JSON.stringify(value);
  if (isNilMap(value)) return 'null';
  const colon = style === 'pretty' ? ': ' : ':';
  const keys = Object.keys(value).sort(compareBytes);
  const members = keys.map((key) => `${textOf(key, style)}${colon}${written(value[key], style, inner)}`);
  return enclosed(['{', '}'], members, style === 'pretty' ? indent : undefined);
}

function enclosed([open, close]: [string, string], items: readonly string[], indent: string | undefined): string {
  if (indent === undefined || items.length === 0) return `${open}${items.join(',')}${close}`;
  return `${open}\n${items.map((item) => `${indent}  ${item}`).join(',\n')}\n${indent}${close}`;
}

function numberOf(value: number): string {
  if (!Number.isFinite(value)) throw new GoExecutionError(`json: unsupported value: ${value}`);
  return Object.is(value, -0) ? '-0' : JSON.stringify(value);
}

function textOf(text: string, style: JsonStyle): string {
  const minded = style === 'raw' ? /[\u2028\u2029]/g : /[<>&\u2028\u2029]/g;
  return JSON.stringify(text).replace(minded, (character) => ESCAPED[character] ?? character);
}
