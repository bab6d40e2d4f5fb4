import { isObject, own } from '../../../kernel/json.js';
import { compareValues, isTrue, JQ_BINARY, JQ_UNARY, jqFailure, JqFailure } from './jq-functions.js';
import type { Jq } from './parse-jq.js';

export type Path = readonly (string | number)[];

/** Steps that one expression may take in one document, each as dear as its place is deep; more, and it names nothing. */
const FUEL = 500_000;

/** A value on its way through an expression, and where in the document it is; computed values are nowhere. */
interface Place {
  value: unknown;
  path: Path | undefined;
}

/**
 * The places that an expression names in a document. None when it fails there, in whole or in part, or names what is no
 * place, as `del` in jq then removes nothing (argocd-behaviour.md 4.9).
 */
export function jqPaths(expression: Jq, document: unknown): Path[] {
  try {
    const found = new Evaluation().run(expression, { value: document, path: [] });
    return found.map(({ path }) => path ?? jqFailure('not a path'));
  } catch (error) {
    if (error instanceof JqFailure) return [];
    throw error;
  }
}

class Evaluation {
  private fuel = FUEL;

  run(node: Jq, at: Place): Place[] {
    this.charge(at);
    switch (node.op) {
      case 'identity':
        return [at];
      case 'recurse':
        return this.everything(at);
      case 'iterate':
        return children(at);
      case 'member':
        return [memberOf(at, node.key)];
      case 'item':
        return [itemOf(at, node.index)];
      case 'literal':
        return [computed(node.value)];
      case 'pipe':
        return this.run(node.left, at).flatMap((each) => this.run(node.right, each));
      case 'comma':
        return [...this.run(node.left, at), ...this.run(node.right, at)];
      case 'try':
        return this.attempt(node.of, at);
      case 'select':
        return this.run(node.of, at).flatMap(({ value }) => (isTrue(value) ? [at] : []));
      case 'and':
      case 'or':
        return this.connected(node, at).map(computed);
      case 'compare':
        return this.compared(node, at).map(computed);
      case 'unary':
        return [computed(JQ_UNARY[node.name](at.value))];
      case 'binary':
        return this.run(node.argument, at).map(({ value }) => computed(JQ_BINARY[node.name](at.value, value)));
    }
  }

  private charge({ path }: Place): void {
    this.fuel -= 1 + (path?.length ?? 0);
    if (this.fuel < 0) jqFailure('too many steps');
  }

  private connected({ op, left, right }: Extract<Jq, { op: 'and' | 'or'; left: Jq }>, at: Place): boolean[] {
    const decides = op === 'or';
    return this.run(left, at).flatMap(({ value }) =>
      isTrue(value) === decides ? [decides] : this.run(right, at).map((other) => isTrue(other.value)),
    );
  }

  private compared({ by, left, right }: Extract<Jq, { op: 'compare' }>, at: Place): boolean[] {
    const others = this.run(right, at);
    return this.run(left, at).flatMap((one) => others.map((other) => compareValues(one.value, by, other.value)));
  }

  private attempt(node: Jq, at: Place): Place[] {
    try {
      return this.run(node, at);
    } catch (error) {
      if (error instanceof JqFailure && this.fuel > 0) return [];
      throw error;
    }
  }

  private everything(at: Place): Place[] {
    this.charge(at);
    const nested = Array.isArray(at.value) || isObject(at.value);
    return nested ? [at, ...children(at).flatMap((each) => this.everything(each))] : [at];
  }
}

function computed(value: unknown): Place {
  return { value, path: undefined };
}

function children({ value, path }: Place): Place[] {
  if (Array.isArray(value))
    return value.map((item: unknown, index) => ({ value: item, path: path && [...path, index] }));
  if (isObject(value)) return Object.keys(value).map((key) => ({ value: value[key], path: path && [...path, key] }));
  return jqFailure('cannot iterate');
}

function memberOf({ value, path }: Place, key: string): Place {
  const inner = path && [...path, key];
  if (isObject(value)) return { value: own(value, key) ?? null, path: inner };
  return value === null || value === undefined ? { value: null, path: inner } : jqFailure('has no members');
}

function itemOf({ value, path }: Place, index: number): Place {
  if (value === null || value === undefined) return { value: null, path: path && [...path, index] };
  if (!Array.isArray(value)) return jqFailure('has no items');
  const place = index < 0 ? value.length + index : index;
  return { value: (value[place] as unknown) ?? null, path: path && [...path, place] };
}
