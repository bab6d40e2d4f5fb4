import { isObject } from '../kernel/json.js';
import { groupOf, type KubernetesObject } from '../kernel/object.js';
import { MASK } from './mask-secret.js';

export interface GivenValues {
  /** Values files, parsed: what stands under a name that speaks of secrets is masked wherever it stands. */
  documents: readonly unknown[];
  /** Single values by their names: parameters, files. */
  named: readonly (readonly [name: string, value: string])[];
  /** Words that complaints need and that are no secret: of the release, its chart and its namespace. */
  spared: readonly string[];
}

interface Value {
  text: string;
  isSecret: boolean;
}

const SPEAKS_OF_SECRETS =
  /pass|pwd|secret|token|key|cred|auth|dsn|connection|cert|private|salt|hash|sign|pin|login|license/i;
const SHORTEST = { secret: 3, other: 4 };
const SHORTEST_LINE = 8;
const MOST_VALUES = 20_000;
/** How Go's YAML shows the start of a value that has the wrong type. */
const YAML_EXCERPT = /(!!\w+ )`[^`]*`/g;

/**
 * A tool's complaint without the values it was given: a template that fails may quote any of them, and who reads a
 * condition may not be who reads the values. Secrets go wherever they stand, other values where they stand as a word.
 */
export function maskValues(complaint: string, { documents, named, spared }: GivenValues): string {
  const values: Value[] = [];
  for (const document of documents) collect(document, false, values);
  for (const [name, value] of named) collect(value, SPEAKS_OF_SECRETS.test(name), values);
  const needed = new Set(spared);
  const forms = values
    .filter(({ text }) => !needed.has(text))
    .flatMap(formsOf)
    .filter(({ text, isSecret }) => text.length >= (isSecret ? SHORTEST.secret : SHORTEST.other));
  const present = forms.filter(({ text }) => complaint.includes(text)).sort((a, b) => b.text.length - a.text.length);
  const masked = present.reduce(
    (text, form) => (form.isSecret ? text.replaceAll(form.text, MASK) : maskWord(text, form.text)),
    complaint,
  );
  return masked.replace(YAML_EXCERPT, `$1\`${MASK}\``);
}

/** What a cluster says of an object, without the values of a Secret: it may quote what it cannot take. */
export function withoutSecretValues(
  complaint: string,
  { apiVersion, kind, data, stringData }: KubernetesObject,
): string {
  if (kind !== 'Secret' || groupOf(apiVersion) !== '') return complaint;
  const decoded = isObject(data)
    ? Object.values(data).map((value) => Buffer.from(String(value), 'base64').toString())
    : [];
  return maskValues(complaint, { documents: [{ secret: [data, stringData, decoded] }], named: [], spared: [] });
}

function collect(value: unknown, isSecret: boolean, into: Value[]): void {
  if (into.length >= MOST_VALUES) return;
  if (Array.isArray(value)) {
    for (const member of value) collect(member, isSecret, into);
    return;
  }
  if (isObject(value)) {
    for (const [key, member] of Object.entries(value)) collect(member, isSecret || SPEAKS_OF_SECRETS.test(key), into);
    return;
  }
  if (typeof value === 'string') into.push({ text: value, isSecret });
  else if (isSecret && typeof value === 'number') into.push({ text: String(value), isSecret });
}

/** As it is, as Go and JSON quote it, line by line, and in base64 as manifests carry it. */
function formsOf({ text, isSecret }: Value): Value[] {
  const lines = text.split('\n').map((line) => line.trim());
  const parts = lines.length > 1 ? lines.filter((line) => line.length >= SHORTEST_LINE) : [];
  const encoded = isSecret ? [Buffer.from(text).toString('base64')] : [];
  const all = new Set([text, text.trim(), JSON.stringify(text).slice(1, -1), ...parts, ...encoded]);
  return [...all].map((form) => ({ text: form, isSecret }));
}

/** Not where it is part of a longer word, a path or a name. */
function maskWord(text: string, word: string): string {
  const isPart = (neighbour: string | undefined): boolean => neighbour !== undefined && /[\w/-]/.test(neighbour);
  let masked = '';
  let from = 0;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
    const end = at + word.length;
    const isInPath = text[end] === '.' && isPart(text[end + 1]);
    if (isPart(text[at - 1]) || isPart(text[end]) || isInPath) continue;
    masked += text.slice(from, at) + MASK;
    from = end;
  }
  return masked + text.slice(from);
}
