import { compareBytes } from '../../go-format.js';
import { padded, type Directive } from './directive.js';
import { GoExecutionError } from './execution-error.js';
import { formatFloat, formatInteger } from './format-number.js';
import { GoObject } from './go-object.js';
import { quoteText } from './quote.js';
import { isMap, isNilList, isNilMap, typeNameOf, wholeOf, type GoValue } from './values.js';

/** fmt's `%#v`: the value as Go source would write it; flags and sizes go for each of its parts. */
export function goSyntax(value: GoValue, directive: Directive): string {
  if (value === null || value === undefined) return 'interface {}(nil)';
  if (typeof value === 'string') return quoted(value, directive);
  if (typeof value === 'number') return formatFloat(value, { ...directive, verb: 'g' }) ?? '';
  if (typeof value === 'boolean') return padded(String(value), directive);
  if (value instanceof GoObject) throw new GoExecutionError(`printf: %#v of ${value.typeName} is not supported`);
  const type = typeNameOf(value);
  if (Array.isArray(value)) {
    if (isNilList(value)) return `${type}(nil)`;
    return `${type}{${Array.from(value as unknown[], (item) => goSyntax(item, directive)).join(', ')}}`;
  }
  if (!isMap(value)) return wholeSyntax(value, type, directive);
  if (isNilMap(value)) return `${type}(nil)`;
  const members = Object.keys(value)
    .sort(compareBytes)
    .map((key) => `${quoted(key, directive)}:${goSyntax(value[key], directive)}`);
  return `${type}{${members.join(', ')}}`;
}

function quoted(text: string, directive: Directive): string {
  const { precision } = directive;
  return padded(quoteText(precision === undefined ? text : [...text].slice(0, precision).join('')), directive);
}

/** Unsigned numbers are written in hexadecimal. */
function wholeSyntax(value: GoValue, type: string, directive: Directive): string {
  const isUnsigned = type.startsWith('uint');
  return formatInteger(wholeOf(value) ?? 0n, { ...directive, verb: isUnsigned ? 'x' : 'd', sharp: isUnsigned }) ?? '';
}
