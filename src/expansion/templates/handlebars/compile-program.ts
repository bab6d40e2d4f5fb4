import { compareBytes } from '../../go-format.js';
import { compileCall, compileExpression, compileTolerant, type Evaluate } from './compile-expression.js';
import { isEmpty, textOf } from './inline-helpers.js';
import type { Rendering } from './rendering.js';
import { innerScope, type Scope } from './scope.js';
import { HandlebarsSyntaxError } from './syntax-error.js';

export type Step = (scope: Scope, rendering: Rendering) => void;

const NOTHING: Step = () => undefined;

/** Closures for a parsed template. Partials and decorators are refused. Throws HandlebarsSyntaxError. */
export function compileProgram(program: hbs.AST.Program | undefined): Step {
  if (!program) return NOTHING;
  const steps = program.body.map(compileStatement);
  return (scope, rendering) => {
    for (const step of steps) step(scope, rendering);
  };
}

function compileStatement(statement: hbs.AST.Statement): Step {
  switch (statement.type) {
    case 'ContentStatement': {
      const { value } = statement as hbs.AST.ContentStatement;
      return (_scope, rendering) => rendering.write(value);
    }
    case 'MustacheStatement': {
      const evaluate = compileCall(statement as hbs.AST.MustacheStatement);
      return (scope, rendering) => rendering.write(textOf(evaluate(scope, rendering)));
    }
    case 'BlockStatement':
      return compileBlock(statement as hbs.AST.BlockStatement);
    case 'CommentStatement':
      return NOTHING;
    default:
      throw new HandlebarsSyntaxError('partials and decorators are not supported', statement.loc);
  }
}

type Block = (subject: Evaluate, body: Step, otherwise: Step) => Step;

function compileBlock(block: hbs.AST.BlockStatement): Step {
  const { path, params, hash, program, inverse } = block;
  const body = compileProgram(program);
  const otherwise = compileProgram(inverse);
  const names = program?.blockParams ?? [];
  if (hash && hash.pairs.length > 0)
    throw new HandlebarsSyntaxError(`${path.original} takes no named arguments`, block.loc);
  if (params.length === 0) return section(compileTolerant(path), body, otherwise);
  const [subject] = params;
  const make = BLOCKS.get(path.original)?.(names);
  if (!make || !subject || params.length > 1) {
    throw new HandlebarsSyntaxError(`there is no block ${path.original} of ${params.length} arguments`, block.loc);
  }
  const isTolerant = path.original === 'if' || path.original === 'unless';
  return make(isTolerant ? compileTolerant(subject) : compileExpression(subject), body, otherwise);
}

const BLOCKS: ReadonlyMap<string, (names: readonly string[]) => Block> = new Map<
  string,
  (names: readonly string[]) => Block
>([
  ['if', () => conditional],
  ['unless', () => (subject, body, otherwise) => conditional(subject, otherwise, body)],
  ['with', (names) => (subject, body, otherwise) => within(subject, { body, otherwise, names })],
  ['each', (names) => (subject, body, otherwise) => each(subject, { body, otherwise, names })],
]);

function conditional(subject: Evaluate, body: Step, otherwise: Step): Step {
  return (scope, rendering) => {
    rendering.spend(1);
    (isEmpty(subject(scope, rendering)) ? otherwise : body)(scope, rendering);
  };
}

interface Parts {
  body: Step;
  otherwise: Step;
  names: readonly string[];
}

function within(subject: Evaluate, { body, otherwise, names }: Parts): Step {
  return (scope, rendering) => {
    const value = subject(scope, rendering);
    if (isEmpty(value)) otherwise(scope, rendering);
    else body(innerScope(scope, value, { names: named(names, [value]) }), rendering);
  };
}

function each(subject: Evaluate, parts: Parts): Step {
  return (scope, rendering) => repeat(subject(scope, rendering), parts, { scope, rendering });
}

function repeat(
  value: unknown,
  { body, otherwise, names }: Parts,
  { scope, rendering }: { scope: Scope; rendering: Rendering },
): void {
  const entries = entriesOf(value);
  rendering.spend(entries.length);
  if (entries.length === 0) otherwise(scope, rendering);
  for (const [index, [key, item]] of entries.entries()) {
    rendering.spend(1);
    const data = { index, key, first: index === 0, last: index === entries.length - 1 };
    body(innerScope(scope, item, { data, names: named(names, [item, key]) }), rendering);
  }
}

/** Items by index, members by sorted key. */
function entriesOf(value: unknown): (readonly [string | number, unknown])[] {
  if (Array.isArray(value)) return Array.from(value as unknown[], (item, index) => [index, item] as const);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).sort(([left], [right]) => compareBytes(left, right));
}

function named(names: readonly string[], values: readonly unknown[]): Record<string, unknown> | undefined {
  if (names.length === 0) return undefined;
  return Object.fromEntries(names.slice(0, values.length).map((name, index) => [name, values[index]]));
}

/** `{{#name}}…{{/name}}` without a helper: each item of a list, the inside of an object, or a condition. */
function section(subject: Evaluate, body: Step, otherwise: Step): Step {
  return (scope, rendering) => {
    rendering.spend(1);
    const value = subject(scope, rendering);
    if (Array.isArray(value)) repeat(value, { body, otherwise, names: [] }, { scope, rendering });
    else if (value === undefined || value === null || value === false) otherwise(scope, rendering);
    else body(value === true ? scope : innerScope(scope, value), rendering);
  };
}
