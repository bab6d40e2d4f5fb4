import { isObject, own } from '../../kernel/json.js';
import { maskValues } from '../../kubernetes/mask-values.js';
import type { Checkout } from '../../repositories/domain/checkout.js';
import { isBlob } from '../../repositories/domain/git-tree.js';
import { parseDocuments } from '../parse-documents.js';

const MOST_FILES = 500;
const LARGEST_FILE = 1 << 20;
const NO_YAML = /\.(?:env|properties|txt)$|(?:^|\/)[^./]+$/;

/** Kustomize's complaint without the content of Secrets, of what makes them, and of files of settings beside them. */
export async function withoutSecrets(
  complaint: string,
  { checkout, directories }: { checkout: Checkout; directories: readonly string[] },
): Promise<string> {
  const files = directories.flatMap((path) => checkout.tree.under(path)).filter(isBlob);
  const small = [...new Set(files.filter(({ size }) => size <= LARGEST_FILE).map(({ path }) => path))];
  const read = small.slice(0, MOST_FILES);
  const contents = await checkout.contents(read);
  if (!contents.ok) return 'it failed, and its words are withheld: what they may repeat cannot be read';
  const documents: unknown[] = [];
  const named: [string, string][] = [];
  for (const [index, content] of contents.value.entries()) {
    const text = content.toString('utf8');
    const path = read[index] ?? '';
    if (NO_YAML.test(path)) named.push(...settingsIn(text));
    const parsed = parseDocuments(text, path);
    if (parsed.ok) documents.push(...parsed.value.map(({ value }) => secretsIn(value)));
  }
  return maskValues(complaint, { documents, named, spared: [] });
}

/** Under names that say what it is. */
function secretsIn(value: unknown): unknown {
  if (!isObject(value)) return undefined;
  const generators = own(value, 'secretGenerator');
  const literals = (Array.isArray(generators) ? generators : []).flatMap((generator: unknown) => {
    const given = isObject(generator) ? own(generator, 'literals') : undefined;
    return Array.isArray(given) ? given.map((literal) => String(literal).replace(/^[^=]*=/, '')) : [];
  });
  return { secrets: [literals, value.kind === 'Secret' ? [own(value, 'data'), own(value, 'stringData')] : []] };
}

function settingsIn(text: string): [string, string][] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '').map((line) => ['secret', line.replace(/^[^=]*=/, '')]);
}
