import { isStringMap } from '../../parameters.js';
import { GoExecutionError } from './execution-error.js';
import { assigned, parameterType, refuseCount, type GoFunction, type ParameterType } from './function.js';
import type { Command, Operand, Pipe } from './nodes.js';
import type { MissingKey, Run } from './run.js';
import { GoObject } from './go-object.js';
import { isMap, typeNameOf, type GoValue } from './values.js';
import { truth, weigh, weighShallow } from './weigh.js';

export type Functions = ReadonlyMap<string, GoFunction>;
export type Evaluate = (run: Run, dot: GoValue) => GoValue;

/** `final` is the value of the command before it in the pipeline, or NOTHING. */
type EvaluateWith = (run: Run, dot: GoValue, final: GoValue) => GoValue;

interface Scope {
  functions: Functions;
  missingKey: MissingKey;
}

const NOTHING = Symbol('no value comes before');

/** A pipeline's value; each stage is the last argument of the next, and nil becomes an invalid value. */
export function compilePipe(pipe: Pipe, scope: Scope): Evaluate {
  const commands = pipe.commands.map((command) => compileCommand(command, scope));
  const { variables, isAssignment } = pipe;
  return (run, dot) => {
    run.spend();
    let value: GoValue = NOTHING;
    for (const command of commands) value = command(run, dot, value) ?? undefined;
    for (const name of variables) {
      if (isAssignment) run.assign(name, value);
      else run.declare(name, value);
    }
    return value;
  };
}

function compileCommand({ operands }: Command, scope: Scope): EvaluateWith {
  const [first, ...rest] = operands;
  if (!first) throw new Error('the parser lets no command be empty');
  if (first.kind === 'function') return compileFunction(first.name, rest, scope);
  if (first.kind === 'nil') return failing('nil is not a command');
  const evaluate = compileOperand(first, scope);
  const withArguments = compileMethod(first, rest, scope);
  if (rest.length > 0) return withArguments;
  return (run, dot, final) => (final === NOTHING ? evaluate(run, dot) : withArguments(run, dot, final));
}

/** A field with arguments must be a method; which one, and so the types it takes, only its receiver can tell. */
function compileMethod(operand: Operand, rest: readonly Operand[], scope: Scope): EvaluateWith {
  const names = 'names' in operand ? operand.names : [];
  const last = names.at(-1);
  if (last === undefined) return failing("can't give argument to non-function");
  const evaluate = compileOperand({ ...operand, names: names.slice(0, -1) } as Operand, scope);
  return (run, dot, final) => {
    const method = methodOf(evaluate(run, dot), last);
    if (!method) throw new GoExecutionError(`${last} is not a method but has arguments`);
    return compileCall(last, { called: method, operands: rest }, scope)(run, dot, final);
  };
}

function methodOf(receiver: GoValue, name: string): GoFunction | undefined {
  return receiver instanceof GoObject ? receiver.method(name) : undefined;
}

function compileOperand(operand: Operand, scope: Scope): Evaluate {
  switch (operand.kind) {
    case 'dot':
      return (_run, dot) => dot;
    case 'nil':
      return () => null;
    case 'constant':
      return () => operand.value;
    case 'pipe':
      return compilePipe(operand, scope);
    case 'field':
      return fieldsOf((_run, dot) => dot, operand.names, scope);
    case 'variable':
      return fieldsOf((run) => run.variable(operand.name), operand.names, scope);
    case 'chain':
      return fieldsOf(compileOperand(operand.of, scope), operand.names, scope);
    case 'function': {
      const call = compileFunction(operand.name, [], scope);
      return (run, dot) => call(run, dot, NOTHING);
    }
  }
}

function fieldsOf(evaluate: Evaluate, names: readonly string[], { missingKey }: Scope): Evaluate {
  if (names.length === 0) return evaluate;
  return (run, dot) => {
    let value = evaluate(run, dot);
    for (const name of names) {
      value = value instanceof GoObject ? callBare(value, name, run) : field(value, name, missingKey);
    }
    return value;
  };
}

function callBare(receiver: GoObject, name: string, run: Run): GoValue {
  const method = receiver.method(name);
  if (!method) throw new GoExecutionError(`can't evaluate field ${name} in type ${receiver.typeName}`, true);
  refuseCount(name, method, 0);
  return method.call([], run);
}

function field(receiver: GoValue, name: string, missingKey: MissingKey): GoValue {
  if (receiver === undefined) {
    if (missingKey === 'error') throw new GoExecutionError(`nil data; no entry for key "${name}"`, true);
    return undefined;
  }
  if (receiver === null) throw new GoExecutionError(`nil pointer evaluating interface {}.${name}`);
  if (!isMap(receiver)) {
    throw new GoExecutionError(`can't evaluate field ${name} in type ${typeNameOf(receiver)}`, true);
  }
  if (Object.hasOwn(receiver, name)) return receiver[name];
  if (missingKey === 'error') throw new GoExecutionError(`map has no entry for key "${name}"`, true);
  if (missingKey === 'default') return undefined;
  return isStringMap(receiver) ? '' : null;
}

function compileFunction(name: string, operands: readonly Operand[], scope: Scope): EvaluateWith {
  const called = scope.functions.get(name);
  if (!called) throw new Error(`the parser lets no unknown function pass, such as ${name}`);
  if (name === 'and' || name === 'or') return shortCircuit(name, operands, scope);
  return compileCall(name, { called, operands }, scope);
}

interface Call {
  called: GoFunction;
  operands: readonly Operand[];
}

function compileCall(name: string, { called, operands }: Call, scope: Scope): EvaluateWith {
  const args = operands.map((operand, index) => compileArgument(operand, parameterType(called, index), scope));
  const weight = called.isShallow === true ? weighShallow : weigh;
  return (run, dot, final) => {
    run.spend();
    const count = args.length + Number(final !== NOTHING);
    refuseCount(name, called, count);
    const values = args.map((evaluate) => evaluate(run, dot));
    if (final !== NOTHING) values.push(assigned(final, parameterType(called, args.length)));
    for (const value of values) weight(value, run);
    return called.call(values, run);
  };
}

/** `and` and `or` stop at the first argument that decides. */
function shortCircuit(name: string, operands: readonly Operand[], scope: Scope): EvaluateWith {
  const args = operands.map((operand) => compileArgument(operand, 'value', scope));
  return (run, dot, final) => {
    if (args.length === 0 && final === NOTHING) {
      throw new GoExecutionError(`wrong number of args for ${name}: want at least 1 got 0`);
    }
    let value: GoValue;
    for (const evaluate of args) {
      value = evaluate(run, dot);
      if (truth(value, run) === (name === 'or')) return value;
    }
    return final === NOTHING ? value : final;
  };
}

function compileArgument(operand: Operand, type: ParameterType, scope: Scope): Evaluate {
  if (operand.kind === 'constant') return compileConstant(operand.value, type);
  if (operand.kind === 'nil') return compileNil(type);
  const evaluate = compileOperand(operand, scope);
  return (run, dot) => assigned(evaluate(run, dot), type);
}

/** A written nil is a nil map, or a nil interface. */
function compileNil(type: ParameterType): Evaluate {
  if (type === 'map') return () => ({});
  return type === 'any' || type === 'value' ? () => assigned(null, type) : failing(`cannot assign nil to ${type}`);
}

/** A written number has no type yet: 1 may be a float64, 1.0 an int. */
function compileConstant(constant: string | boolean | number | bigint, type: ParameterType): Evaluate {
  if (type === 'float64' && typeof constant === 'bigint') return () => Number(constant);
  if (type === 'int' && Number.isInteger(constant)) return () => BigInt(constant as number);
  return () => assigned(constant, type);
}

function failing(message: string): () => never {
  return () => {
    throw new GoExecutionError(message);
  };
}
