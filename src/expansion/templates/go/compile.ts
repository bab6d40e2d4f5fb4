import type { Node, ParsedTemplate } from './nodes.js';
import { GoExecutionError } from './execution-error.js';
import { compilePipe, type Evaluate, type Functions } from './compile-pipe.js';
import type { MissingKey, Run } from './run.js';
import { Int64, isMap, printed, typeNameOf, wholeOf, type GoValue } from './values.js';
import { compareBytes } from '../../go-format.js';
import { truth, weigh } from './weigh.js';

/** Runs one node; a break or continue goes up to the range it stands in. */
type Step = (run: Run, dot: GoValue) => 'break' | 'continue' | undefined;

interface Scope {
  functions: Functions;
  missingKey: MissingKey;
  templates: Map<string, Step>;
}

const MAX_CALLS = 200;
/** Keys are sorted before the first is looked at. */
const STEPS_A_KEY = 4;

/** Closures for a parsed template, run with a fresh Run for each parameter set. */
export function compileGoTemplate(
  parsed: ParsedTemplate,
  functions: Functions,
  missingKey: MissingKey,
): (run: Run, data: GoValue) => void {
  const scope: Scope = { functions, missingKey, templates: new Map() };
  for (const [name, nodes] of parsed.defined) scope.templates.set(name, compileList(nodes, scope));
  const main = compileList(parsed.nodes, scope);
  return (run, data) => {
    main(run, data);
  };
}

function compileList(nodes: readonly Node[], scope: Scope): Step {
  const steps = nodes.map((node) => compileNode(node, scope));
  return (run, dot) => {
    for (const step of steps) {
      const leap = step(run, dot);
      if (leap) return leap;
    }
    return undefined;
  };
}

function compileNode(node: Node, scope: Scope): Step {
  switch (node.kind) {
    case 'text':
      return (run) => run.write(node.text);
    case 'action':
      return compileAction(compilePipe(node.pipe, scope), node.pipe.variables.length === 0);
    case 'if':
    case 'with':
      return compileCondition(node, scope);
    case 'range':
      return compileRange(node, scope);
    case 'template':
      return compileCall(node, scope);
    case 'break':
    case 'continue':
      return () => node.kind;
  }
}

function compileAction(evaluate: Evaluate, isPrinted: boolean): Step {
  return (run, dot) => {
    const value = evaluate(run, dot);
    if (isPrinted) {
      weigh(value, run);
      run.write(printed(value));
    }
    return undefined;
  };
}

function compileCondition(node: Extract<Node, { kind: 'if' | 'with' | 'range' }>, scope: Scope): Step {
  const evaluate = compilePipe(node.pipe, scope);
  const body = compileList(node.body, scope);
  const otherwise = compileList(node.otherwise, scope);
  const isWith = node.kind === 'with';
  return (run, dot) => {
    const mark = run.mark();
    const value = evaluate(run, dot);
    const leap = truth(value, run) ? body(run, isWith ? value : dot) : otherwise(run, dot);
    run.release(mark);
    return leap;
  };
}

function compileRange(node: Extract<Node, { kind: 'if' | 'with' | 'range' }>, scope: Scope): Step {
  const evaluate = compilePipe(node.pipe, scope);
  const body = compileList(node.body, scope);
  const otherwise = compileList(node.otherwise, scope);
  const { variables, isAssignment } = node.pipe;
  return (run, dot) => {
    const mark = run.mark();
    const entries = entriesOf(evaluate(run, dot), variables.length, run);
    const inner = run.mark();
    let isEmpty = true;
    for (const [index, element] of entries) {
      run.spend();
      isEmpty = false;
      const [first, second] = variables.length > 1 ? [index, element] : [element, undefined];
      if (isAssignment) run.assignAll(variables, [first, second]);
      else run.replaceTop(variables, [first, second]);
      const leap = body(run, element);
      run.release(inner);
      if (leap === 'break') break;
    }
    const leap = isEmpty ? otherwise(run, dot) : undefined;
    run.release(mark);
    // Go ends no more than this range, although its else stands in the one around it.
    return leap === 'break' ? undefined : leap;
  };
}

/** Index and element of each iteration; maps by key, as Go's templates sort them. */
function* entriesOf(value: GoValue, variables: number, run: Run): Generator<[GoValue, GoValue]> {
  if (value === undefined || value === null) return;
  const count = wholeOf(value);
  if (count !== undefined) {
    if (variables > 1) throw new GoExecutionError(`can't use ${count} to iterate over more than one variable`);
    for (let index = 0n; index < count; index++) yield [undefined, value instanceof Int64 ? new Int64(index) : index];
    return;
  }
  if (Array.isArray(value)) {
    for (const [index, element] of value.entries()) yield [BigInt(index), element];
    return;
  }
  if (!isMap(value))
    throw new GoExecutionError(`range can't iterate over ${printed(value)} of type ${typeNameOf(value)}`);
  const keys = Object.keys(value);
  run.spend(keys.length * STEPS_A_KEY);
  for (const key of keys.sort(compareBytes)) yield [key, value[key]];
}

function compileCall(node: Extract<Node, { kind: 'template' }>, scope: Scope): Step {
  const evaluate = node.pipe ? compilePipe(node.pipe, scope) : () => undefined;
  return (run, dot) => {
    const template = scope.templates.get(node.name);
    if (!template) throw new GoExecutionError(`template "${node.name}" not defined`);
    const data = evaluate(run, dot);
    if (run.calls >= MAX_CALLS) throw new GoExecutionError(`exceeded maximum template depth (${MAX_CALLS})`);
    template(run.inside(data), data);
    return undefined;
  };
}
