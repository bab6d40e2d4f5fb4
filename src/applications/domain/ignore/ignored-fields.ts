import { isObject, setOwn } from '../../../kernel/json.js';
import { fail, ok, type Result } from '../../../kernel/result.js';
import { jqPaths, type Path } from './jq-paths.js';
import { parseJq } from './parse-jq.js';

export interface IgnoredFields {
  jsonPointers?: readonly string[] | null | undefined;
  jqPathExpressions?: readonly string[] | null | undefined;
}

/** Takes places out of a document that is not changed itself. */
export type FieldRemoval = (document: unknown) => unknown;

export interface IgnoreFault {
  /** Where in the entry: `jqPathExpressions[0]`. */
  path: string;
  message: string;
}

/**
 * What `jsonPointers` and `jqPathExpressions` of one entry take out, in that order, each as if alone: a pointer that
 * leads nowhere and an expression that fails at a document change nothing (argocd-behaviour.md 3.4, 4.9).
 */
export function fieldRemoval({ jsonPointers, jqPathExpressions }: IgnoredFields): Result<FieldRemoval, IgnoreFault> {
  const removals: FieldRemoval[] = (jsonPointers ?? []).map((pointer) => {
    const path = pointerPath(pointer);
    return (document) => (path === undefined ? document : without(document, [path]));
  });
  for (const [index, source] of (jqPathExpressions ?? []).entries()) {
    const parsed = parseJq(source);
    if (!parsed.ok) return fail({ path: `jqPathExpressions[${index}]`, message: parsed.error });
    removals.push((document) => without(document, jqPaths(parsed.value, document)));
  }
  return ok((document) => removals.reduce((left, remove) => remove(left), document));
}

/** RFC 6901; undefined for a text that is no pointer, or is the whole document. */
function pointerPath(pointer: string): Path | undefined {
  if (!pointer.startsWith('/')) return undefined;
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Later items of a list go first, so that the places of the others stay true. */
function without(document: unknown, paths: readonly Path[]): unknown {
  return [...paths].sort((a, b) => comparePaths(b, a)).reduce((left, path) => withoutPath(left, path), document);
}

function withoutPath(value: unknown, [key, ...rest]: Path): unknown {
  if (key === undefined) return null;
  if (Array.isArray(value)) return withoutItem(value, String(key), rest);
  if (!isObject(value) || !Object.hasOwn(value, String(key))) return value;
  const { [key]: inner, ...others } = value;
  if (rest.length > 0) setOwn(others, String(key), withoutPath(inner, rest));
  return others;
}

function withoutItem(list: readonly unknown[], key: string, rest: Path): unknown {
  const index = /^(?:0|[1-9]\d*)$/.test(key) ? Number(key) : -1;
  if (index < 0 || index >= list.length) return list;
  return rest.length === 0 ? list.toSpliced(index, 1) : list.with(index, withoutPath(list[index], rest));
}

function comparePaths(a: Path, b: Path): number {
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right === undefined) return 1;
    if (left === right) continue;
    if (typeof left === 'number' && typeof right === 'number') return left - right;
    return String(left) < String(right) ? -1 : 1;
  }
  return a.length - b.length;
}
