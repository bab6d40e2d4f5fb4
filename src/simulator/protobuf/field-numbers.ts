import { typeNamed } from '../../kubernetes/schema/built-in-schema.js';
import { FIELD_NUMBERS } from './field-numbers-data.js';

/** Which field of a type a number stands for: its name, or further fields that protobuf holds in a message of their own. */
export type FieldTree = ReadonlyMap<number, string | FieldTree>;

const LINES = new Map(
  FIELD_NUMBERS.trim()
    .split('\n')
    .map((line) => {
      const [name = '', ...numbers] = line.split(' ');
      return [name, numbers] as const;
    }),
);
const trees = new Map<string, FieldTree>();

/** The fields of a type of the schema table by number; lines are read when they are first asked for. */
export function fieldTree(typeName: string): FieldTree {
  const known = trees.get(typeName);
  if (known !== undefined) return known;
  const tree: MutableTree = new Map();
  const names = [...typeNamed(typeName).fields.keys()];
  (LINES.get(typeName) ?? []).forEach((path, index) => {
    const name = names[index];
    if (path !== '-' && name !== undefined) put(tree, path.split('.').map(Number), name);
  });
  trees.set(typeName, tree);
  return tree;
}

type MutableTree = Map<number, string | MutableTree>;

function put(tree: MutableTree, [number = 0, ...rest]: number[], name: string): void {
  if (rest.length === 0) return void tree.set(number, name);
  const found = tree.get(number);
  const inner: MutableTree = found instanceof Map ? found : new Map<number, string | MutableTree>();
  tree.set(number, inner);
  put(inner, rest, name);
}
