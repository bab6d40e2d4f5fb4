import { HandlebarsSyntaxError } from './syntax-error.js';
import { INLINE_HELPERS, lookup, type InlineHelper } from './inline-helpers.js';
import { HandlebarsError, type Rendering } from './rendering.js';
import type { Scope } from './scope.js';

export type Evaluate = (scope: Scope, rendering: Rendering) => unknown;

type Expression = hbs.AST.Expression;

/** The value of a parameter, a literal or a helper's answer. A parameter that is not there is an error. */
export function compileExpression(expression: Expression): Evaluate {
  switch (expression.type) {
    case 'PathExpression':
      return compilePath(expression as hbs.AST.PathExpression);
    case 'SubExpression': {
      const { path, params, hash } = expression as hbs.AST.SubExpression;
      return compileHelper(path, params, hash);
    }
    case 'UndefinedLiteral':
      return () => undefined;
    case 'NullLiteral':
      return () => null;
    default: {
      const { value } = expression as hbs.AST.StringLiteral;
      return () => value;
    }
  }
}

/** The same, but undefined where a parameter is not there: what conditions and `default` look at. */
export function compileTolerant(expression: Expression): Evaluate {
  const evaluate = compileExpression(expression);
  return (scope, rendering) => {
    try {
      return evaluate(scope, rendering);
    } catch (error) {
      if (error instanceof HandlebarsError && error.isMissing) return undefined;
      throw error;
    }
  };
}

/** `{{name …}}`: a helper where there are arguments or one has that name, else a parameter. */
export function compileCall({ path, params, hash }: hbs.AST.MustacheStatement): Evaluate {
  if (path.type !== 'PathExpression') return compileExpression(path);
  const name = path as hbs.AST.PathExpression;
  return params.length > 0 || isHelper(name) ? compileHelper(name, params, hash) : compilePath(name);
}

function isHelper({ original, data, depth }: hbs.AST.PathExpression): boolean {
  return !data && depth === 0 && INLINE_HELPERS.has(original);
}

function compileHelper(path: hbs.AST.PathExpression, params: Expression[], hash?: hbs.AST.Hash): Evaluate {
  const { original: name, loc } = path;
  const helper = isHelper(path) ? INLINE_HELPERS.get(name) : undefined;
  if (!helper) {
    throw new HandlebarsSyntaxError(
      `there is no helper ${name}; use one of ${[...INLINE_HELPERS.keys()].join(', ')}`,
      loc,
    );
  }
  if (hash && hash.pairs.length > 0) throw new HandlebarsSyntaxError(`${name} takes no named arguments`, loc);
  refuseCount(name, helper, { count: params.length, loc });
  const args = params.map(helper.isTolerant === true ? compileTolerant : compileExpression);
  return (scope, rendering) => {
    rendering.spend(1);
    return helper.call(
      args.map((evaluate) => evaluate(scope, rendering)),
      rendering,
    );
  };
}

function refuseCount(
  name: string,
  { takes: [least, most] }: InlineHelper,
  { count, loc }: { count: number; loc: hbs.AST.SourceLocation },
): void {
  if (count >= least && count <= most) return;
  const wanted = least === most ? String(least) : `at least ${least}`;
  throw new HandlebarsSyntaxError(`${name} takes ${wanted} arguments, found ${count}`, loc);
}

function compilePath({ parts, depth, data, original }: hbs.AST.PathExpression): Evaluate {
  const [first, ...rest] = parts;
  if (data) return dataPath(first ?? '', rest, original);
  return (scope) => {
    const at = around(scope, depth);
    const named =
      depth === 0 && first !== undefined && !/^(?:this\b|\.)/.test(original) && Object.hasOwn(at.names, first);
    const value = named ? at.names[first] : at.value;
    return walk(value, named ? rest : parts, original);
  };
}

function dataPath(name: string, rest: readonly string[], original: string): Evaluate {
  return ({ data, root }) => {
    if (name === 'root') return walk(root, rest, original);
    if (!Object.hasOwn(data, name)) throw new HandlebarsError(`there is no ${original} here`);
    return walk(data[name], rest, original);
  };
}

function around(scope: Scope, depth: number): Scope {
  let at: Scope | undefined = scope;
  for (let level = 0; level < depth; level++) at = at?.parent;
  if (!at) throw new HandlebarsError('../ leads out of the template');
  return at;
}

function walk(from: unknown, parts: readonly string[], original: string): unknown {
  let value = from;
  for (const part of parts) {
    try {
      value = lookup(value, part);
    } catch {
      throw new HandlebarsError(`there is no parameter ${original}`, true);
    }
  }
  return value;
}
