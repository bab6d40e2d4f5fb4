import { GoExecutionError } from './execution-error.js';
import type { RandomSource } from './random-source.js';
import { isMap, nilMap, typeNameOf, type GoValue } from './values.js';

/** Types a function's parameters may have; `value` is a builtin's own view, in which nil is an invalid value. */
export type ParameterType = 'any' | 'value' | 'string' | 'int' | 'float64' | 'bool' | 'map' | 'time';

/** What a running template may still spend, and what it reads that is no parameter. */
export interface CallContext {
  /** Charges characters about to be made; throws where too many. */
  charge(characters: number): void;
  /** Charges steps of work about to be done; throws where too many. */
  spend(steps?: number): void;
  readonly now: Date;
  random(): RandomSource;
}

/** A function of a template: its types decide what is refused before it runs, as in Go. */
export interface GoFunction {
  parameters: readonly ParameterType[];
  /** Type of any further arguments. */
  variadic?: ParameterType;
  /** Looks no deeper than its arguments themselves, which are then not weighed before the call. */
  isShallow?: boolean;
  call(args: GoValue[], context: CallContext): GoValue;
}

export function refuseCount(name: string, { parameters, variadic }: GoFunction, count: number): void {
  const wanted = parameters.length;
  if (variadic === undefined ? count === wanted : count >= wanted) return;
  const least = variadic === undefined ? '' : 'at least ';
  throw new GoExecutionError(`wrong number of args for ${name}: want ${least}${wanted} got ${count}`);
}

export function parameterType({ parameters, variadic }: GoFunction, index: number): ParameterType {
  return parameters[index] ?? variadic ?? 'any';
}

/** The argument as the parameter takes it; throws where Go's reflection would not assign it. */
export function assigned(value: GoValue, type: ParameterType): GoValue {
  if (type === 'any') return value ?? null;
  if (type === 'value') return value ?? undefined;
  if (isOfType(value, type)) return value;
  if (value === undefined && type !== 'map') throw new GoExecutionError(`invalid value; expected ${type}`);
  if (value === undefined) return nilMap();
  throw new GoExecutionError(`wrong type for value; expected ${goName(type)}; got ${typeNameOf(value)}`);
}

function isOfType(value: GoValue, type: ParameterType): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string';
    case 'int':
      return typeof value === 'bigint';
    case 'float64':
      return typeof value === 'number';
    case 'bool':
      return typeof value === 'boolean';
    case 'map':
      return isMap(value) && typeNameOf(value) === 'map[string]interface {}';
    case 'time':
      return typeNameOf(value) === 'time.Time';
    case 'any':
    case 'value':
      return true;
  }
}

function goName(type: ParameterType): string {
  if (type === 'time') return 'time.Time';
  return type === 'map' ? 'map[string]interface {}' : type;
}
