import { formatGoFloat } from '../../go-format.js';
import { goJson } from './go-json.js';
import { GoObject } from './go-object.js';
import { isMap, isNilList, isNilMap, wholeOf, type GoValue } from './values.js';
import { yamlLine, yamlText, type YamlPlace } from './yaml-scalar.js';

const LONGEST_SIMPLE_KEY = 128;

/** sigs.k8s.io/yaml's Marshal: keys in natural order, lists not indented under their key. */
export function goYaml(value: GoValue): string {
  return `${written(value, { indent: '', column: 0 })}\n`;
}

/** The lines of a value that stands at `column`, the further ones by `indent`; `outer` is what holds a scalar. */
function written(value: GoValue, { indent, outer = indent, column }: Written): string {
  if (Array.isArray(value)) return listLines(value as unknown[], indent);
  return isMap(value) ? mapLines(value, indent) : scalar(value, { indent: `${outer}  `, column });
}

interface Written {
  indent: string;
  outer?: string;
  column: number;
}

function isBlock(value: GoValue): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return isMap(value) && Object.keys(value).length > 0;
}

function listLines(list: readonly GoValue[], indent: string): string {
  if (list.length === 0) return isNilList(list) ? 'null' : '[]';
  const place = { indent: `${indent}  `, outer: indent, column: indent.length + 2 };
  const items = Array.from(list, (item) => `- ${written(item, place)}`);
  return items.join(`\n${indent}`);
}

function mapLines(map: Record<string, unknown>, indent: string): string {
  const keys = Object.keys(map).sort(naturally);
  if (keys.length === 0) return isNilMap(map) ? 'null' : '{}';
  return keys.map((key) => member(key, map[key], indent)).join(`\n${indent}`);
}

function member(key: string, value: GoValue, indent: string): string {
  const isSimple = key.length <= LONGEST_SIMPLE_KEY && !/[\n\r]/.test(key);
  if (!isSimple) return complexMember(key, value, indent);
  const head = `${yamlLine(key)}:`;
  if (!isBlock(value)) return `${head} ${written(value, { indent, column: indent.length + lengthOf(head) + 1 })}`;
  const below = Array.isArray(value) ? indent : `${indent}  `;
  return `${head}\n${below}${written(value, { indent: below, column: below.length })}`;
}

function complexMember(key: string, value: GoValue, indent: string): string {
  const inner = `${indent}  `;
  const column = inner.length;
  const place = { indent: inner, outer: indent, column };
  return `? ${yamlText(key, { indent: inner, column })}\n${indent}: ${written(value, place)}`;
}

function lengthOf(text: string): number {
  return [...text].length;
}

function scalar(value: GoValue, place: YamlPlace): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return yamlText(value, place);
  if (typeof value === 'number') return numberText(value);
  if (value instanceof GoObject) return yamlText(JSON.parse(value.toJson()) as string, place);
  const whole = wholeOf(value);
  return String(whole ?? value);
}

const LARGEST = 2n ** 64n;

/** JSON stands between: a whole number keeps JSON's digits, unless it is too large for any of Go's integers. */
function numberText(value: number): string {
  const json = goJson(value);
  if (!/^-?[0-9]+$/.test(json)) return formatGoFloat(Number(json));
  const whole = BigInt(json);
  const isHeld = whole < LARGEST && whole >= -LARGEST / 2n;
  return isHeld ? String(whole) : formatGoFloat(value);
}

const DIGIT = /\p{Nd}/u;
const LETTER = /\p{L}/u;

/** go-yaml's order of keys: numbers within text by their value, letters after what is none. */
function naturally(left: string, right: string): number {
  const [a, b] = [[...left], [...right]];
  for (let at = 0; at < a.length && at < b.length; at++) {
    const [x = '', y = ''] = [a[at], b[at]];
    if (x === y) continue;
    const [isLetter, isOtherLetter] = [LETTER.test(x), LETTER.test(y)];
    if (isLetter && isOtherLetter) return codeOrder(x, y);
    if (isLetter || isOtherLetter) return isOtherLetter ? -1 : 1;
    return numbersOrder(a, b, at) || codeOrder(x, y);
  }
  return a.length - b.length;
}

function numbersOrder(a: readonly string[], b: readonly string[], at: number): number {
  const start = hasNumberBefore(a, b, at) ? '1' : '';
  const [x, y] = [start + digitsFrom(a, at), start + digitsFrom(b, at)];
  const difference = BigInt(x || '0') - BigInt(y || '0');
  if (difference !== 0n) return difference < 0n ? -1 : 1;
  return x.length - y.length;
}

function hasNumberBefore(a: readonly string[], b: readonly string[], at: number): boolean {
  if (a[at] !== '0' && b[at] !== '0') return false;
  for (let before = at - 1; before >= 0 && DIGIT.test(a[before] ?? ''); before--) {
    if (a[before] !== '0') return true;
  }
  return false;
}

function digitsFrom(characters: readonly string[], at: number): string {
  let end = at;
  while (end < characters.length && /[0-9]/.test(characters[end] ?? '')) end += 1;
  return characters.slice(at, Math.min(end, at + 40)).join('');
}

function codeOrder(left: string, right: string): number {
  return (left.codePointAt(0) ?? 0) - (right.codePointAt(0) ?? 0);
}
