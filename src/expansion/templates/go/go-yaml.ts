import { formatGoFloat } from '../../go-format.js';
import { GoObject } from './go-object.js';
import { isMap, isNilList, wholeOf, type GoValue } from './values.js';
import { yamlLine, yamlText } from './yaml-scalar.js';

const LONGEST_SIMPLE_KEY = 128;

/** sigs.k8s.io/yaml's Marshal: keys in natural order, lists not indented under their key. */
export function goYaml(value: GoValue): string {
  return `${written(value, '')}\n`;
}

/** The lines of a value, its first one without indentation; `outer` is the indentation of what holds it. */
function written(value: GoValue, indent: string, outer = indent): string {
  if (Array.isArray(value)) return listLines(value as unknown[], indent);
  return isMap(value) ? mapLines(value, indent) : scalar(value, `${outer}  `);
}

function isBlock(value: GoValue): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return isMap(value) && Object.keys(value).length > 0;
}

function listLines(list: readonly GoValue[], indent: string): string {
  if (list.length === 0) return isNilList(list) ? 'null' : '[]';
  const items = Array.from(list, (item) => `- ${written(item, `${indent}  `, indent)}`);
  return items.join(`\n${indent}`);
}

function mapLines(map: Record<string, unknown>, indent: string): string {
  const keys = Object.keys(map).sort(naturally);
  if (keys.length === 0) return '{}';
  return keys.map((key) => member(key, map[key], indent)).join(`\n${indent}`);
}

function member(key: string, value: GoValue, indent: string): string {
  const isSimple = key.length <= LONGEST_SIMPLE_KEY && !key.includes('\n');
  const head = isSimple ? `${yamlLine(key)}:` : `? ${yamlText(key, `${indent}  `)}\n${indent}:`;
  if (!isBlock(value) || !isSimple) return `${head} ${written(value, indent)}`;
  const below = Array.isArray(value) ? indent : `${indent}  `;
  return `${head}\n${below}${written(value, below)}`;
}

function scalar(value: GoValue, indent: string): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return yamlText(value, indent);
  if (typeof value === 'number') return numberText(value);
  if (value instanceof GoObject) return yamlLine(JSON.parse(value.toJson()) as string);
  const whole = wholeOf(value);
  return String(whole ?? value);
}

const LARGEST = 2 ** 64;

/** JSON stands between: a whole number is written as one, unless it is too large for any of Go's integers. */
function numberText(value: number): string {
  const isHeld = Number.isInteger(value) && value < LARGEST && value >= -LARGEST / 2;
  return isHeld && !Object.is(value, -0) ? String(BigInt(value)) : formatGoFloat(value);
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
