import { compareBytes, formatGoFloat } from '../../go-format.js';
import { GoExecutionError } from './execution-error.js';
import { GoObject } from './go-object.js';
import { quoteText } from './quote.js';
import { isMap, isNilList, isNilMap, typeNameOf, wholeOf, type GoValue } from './values.js';

/** fmt's `%#v`: the value as Go source would write it. */
export function goSyntax(value: GoValue): string {
  return value === null || value === undefined ? '<nil>' : written(value);
}

function written(value: GoValue): string {
  if (value === null || value === undefined) return 'interface {}(nil)';
  if (typeof value === 'string') return quoteText(value);
  if (typeof value === 'number') return formatGoFloat(value);
  if (typeof value === 'boolean') return String(value);
  if (value instanceof GoObject) throw new GoExecutionError(`printf: %#v of ${value.typeName} is not supported`);
  const type = typeNameOf(value);
  if (Array.isArray(value)) {
    if (isNilList(value)) return `${type}(nil)`;
    return `${type}{${Array.from(value as unknown[], written).join(', ')}}`;
  }
  if (!isMap(value)) return String(wholeOf(value));
  if (isNilMap(value)) return `${type}(nil)`;
  const members = Object.keys(value)
    .sort(compareBytes)
    .map((key) => `${quoteText(key)}:${written(value[key])}`);
  return `${type}{${members.join(', ')}}`;
}
