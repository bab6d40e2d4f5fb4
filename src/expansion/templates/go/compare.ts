import { compareBytes } from '../../go-format.js';
import { GoExecutionError } from './execution-error.js';
import { typeNameOf, wholeOf, type GoValue } from './values.js';

type Kind = 'bool' | 'int' | 'float' | 'string' | 'other';

function kindOf(value: GoValue): Kind {
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return 'float';
  if (typeof value === 'string') return 'string';
  return wholeOf(value) === undefined ? 'other' : 'int';
}

/** text/template's eq of two values: kinds must agree, and lists and maps equal nothing but nil. */
export function equal(left: GoValue, right: GoValue): boolean {
  const [leftKind, rightKind] = [kindOf(left), kindOf(right)];
  const isNil = left === undefined || right === undefined;
  if (leftKind !== rightKind) {
    if (isNil) return false;
    throw new GoExecutionError(`incompatible types for comparison: ${typeNameOf(left)} and ${typeNameOf(right)}`);
  }
  if (leftKind === 'int') return wholeOf(left) === wholeOf(right);
  if (leftKind !== 'other') return left === right;
  if (isNil) return left === right;
  throw new GoExecutionError(`non-comparable types ${typeNameOf(left)} and ${typeNameOf(right)}`);
}

export function lessThan(left: GoValue, right: GoValue): boolean {
  const [leftKind, rightKind] = [kindOf(left), kindOf(right)];
  if (leftKind === 'other' || rightKind === 'other') throw new GoExecutionError('invalid type for comparison');
  if (leftKind !== rightKind) {
    throw new GoExecutionError(`incompatible types for comparison: ${typeNameOf(left)} and ${typeNameOf(right)}`);
  }
  if (leftKind === 'bool') throw new GoExecutionError('invalid type for comparison');
  if (leftKind === 'int') return (wholeOf(left) ?? 0n) < (wholeOf(right) ?? 0n);
  if (leftKind === 'float') return (left as number) < (right as number);
  return compareBytes(left as string, right as string) < 0;
}
