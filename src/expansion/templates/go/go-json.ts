import { compareBytes } from '../../go-format.js';
import { isMap, wholeOf, type GoValue } from './values.js';

const ESCAPED: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

/** encoding/json's text: keys in byte order, characters that HTML minds escaped. */
export function goJson(value: GoValue): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return goText(value);
  const whole = wholeOf(value);
  if (whole !== undefined) return String(whole);
  if (Array.isArray(value)) return `[${value.map(goJson).join(',')}]`;
  if (!isMap(value)) return JSON.stringify(value);
  const keys = Object.keys(value).sort(compareBytes);
  return `{${keys.map((key) => `${goText(key)}:${goJson(value[key])}`).join(',')}}`;
}

function goText(text: string): string {
  return JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, (character) => ESCAPED[character] ?? character);
}
