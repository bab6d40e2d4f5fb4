import { invalid, type FleetError } from '../kernel/errors.js';
import { isObject, jsonEqual, own, setOwn } from '../kernel/json.js';

/** More operations than any client sends; a longer patch is refused. */
const MAX_OPERATIONS = 10_000;

/** JSON patch (RFC 6902), all operations or none. Throws PATCH_INVALID when one cannot be carried out. */
export function jsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch) || patch.length > MAX_OPERATIONS) throw cannot('a JSON patch is a list of operations');
  return patch.reduce<unknown>((document, operation) => applyOperation(document, operation), target);
}

function applyOperation(document: unknown, operation: unknown): unknown {
  if (!isObject(operation)) throw cannot('an operation must be an object');
  const path = tokens(operation.path);
  switch (operation.op) {
    case 'add':
      return put(document, path, { value: operation.value, adds: true });
    case 'replace':
      get(document, path);
      return put(document, path, { value: operation.value, adds: false });
    case 'remove':
      return remove(document, path);
    case 'move': {
      const from = tokens(operation.from);
      return put(remove(document, from), path, { value: get(document, from), adds: true });
    }
    case 'copy':
      return put(document, path, { value: get(document, tokens(operation.from)), adds: true });
    case 'test':
      if (jsonEqual(get(document, path), operation.value)) return document;
      throw cannot(`testing value ${String(operation.path)} failed`);
    default:
      throw cannot(`unknown operation "${String(operation.op)}"`);
  }
}

function tokens(pointer: unknown): string[] {
  if (pointer === '') return [];
  if (typeof pointer !== 'string' || !pointer.startsWith('/'))
    throw cannot(`"${String(pointer)}" is not a JSON pointer`);
  return pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function get(node: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((current, token) => {
    if (Array.isArray(current)) return current[indexIn(current, token, 1)] as unknown;
    if (isObject(current) && Object.hasOwn(current, token)) return own(current, token);
    throw missing(path);
  }, node);
}

interface Put {
  value: unknown;
  /** In a list: before the item at the index, not in its place. */
  adds: boolean;
}

function put(node: unknown, path: readonly string[], change: Put): unknown {
  const [token, ...rest] = path;
  if (token === undefined) return change.value;
  if (Array.isArray(node)) {
    const inserts = rest.length === 0 && change.adds;
    const index = indexIn(node, token, inserts ? 0 : 1);
    return inserts ? node.toSpliced(index, 0, change.value) : node.with(index, put(node[index], rest, change));
  }
  if (!isObject(node)) throw missing(path);
  if (rest.length > 0 && !Object.hasOwn(node, token)) throw missing(path);
  const copy = { ...node };
  setOwn(copy, token, put(own(node, token), rest, change));
  return copy;
}

function remove(node: unknown, path: readonly string[]): unknown {
  const [token, ...rest] = path;
  if (token === undefined) return undefined;
  if (Array.isArray(node)) {
    const index = indexIn(node, token, 1);
    return rest.length === 0 ? node.toSpliced(index, 1) : node.with(index, remove(node[index], rest));
  }
  if (!isObject(node) || !Object.hasOwn(node, token)) throw missing(path);
  const copy = { ...node };
  if (rest.length === 0) delete copy[token];
  else setOwn(copy, token, remove(own(node, token), rest));
  return copy;
}

/** `short` is 1 where the index must name an item, 0 where it may name the place after the last (`-`). */
function indexIn(list: readonly unknown[], token: string, short: 0 | 1): number {
  const index = token === '-' ? list.length : Number(token);
  if ((token === '-' || /^(0|[1-9]\d*)$/.test(token)) && index <= list.length - short) return index;
  throw cannot(`index "${token}" is out of bounds of a list of ${list.length}`);
}

function missing(path: readonly string[]): FleetError {
  return cannot(`there is nothing at /${path.join('/')}`);
}

function cannot(message: string): FleetError {
  const rejected = 'the server rejected our request due to an error in our request';
  return invalid('PATCH_INVALID', `${rejected}: ${message}`, [{ path: '', message }]);
}
