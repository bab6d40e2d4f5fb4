import { isObject } from '../kernel/json.js';

/** Labels and annotations that a set's results may hold, such as `labels.env`; 'any' where that cannot be told. */
export type MetadataReads = 'any' | ReadonlySet<string>;

/**
 * What of a cluster's metadata the generators, template and patch of a set name. Whole parameter objects handed on,
 * and names that come from elsewhere, are not seen through: they read anything.
 */
export function metadataReads(spec: unknown): MetadataReads {
  if (!isObject(spec)) return 'any';
  const { generators, template, templatePatch, goTemplate } = spec;
  const isGo = goTemplate === true;
  if (handsOnUnseen(generators, isGo)) return 'any';
  const rendered = textsOf([generators, template, templatePatch]).map((text) => namedInTags(text, isGo));
  const plain = textsOf(generators).map(namedOutright);
  const reads = new Set<string>();
  for (const names of [...rendered, ...plain]) {
    if (names === 'any') return 'any';
    names.forEach((name) => reads.add(name));
  }
  return reads;
}

/** Ways in which a label gets into a result without being named where it is read. */
function handsOnUnseen(generators: unknown, isGo: boolean): boolean {
  const text = JSON.stringify(generators ?? []);
  if (text.includes('"flatList"')) return true;
  if (!text.includes('"matrix"')) return false;
  // What fills a tag of a second child's values may hold a tag itself.
  if (text.includes('"values"') && text.includes('{{')) return true;
  // In the default mode one key with two values is an error, and these bring keys that only their content tells.
  const brings = /"(?:files|plugin|elementsYaml)"/.test(text) || text.split('"clusters"').length > 2;
  return !isGo && brings;
}

/** Every string and every key. */
function textsOf(node: unknown): string[] {
  if (typeof node === 'string') return [node];
  if (Array.isArray(node)) return node.flatMap(textsOf);
  if (!isObject(node)) return [];
  return Object.entries(node).flatMap(([key, value]) => [key, ...textsOf(value)]);
}

/** Longer tags are not looked through. */
const LONGEST_TAG = 1_000;

/** What stands in `{{…}}`, and what does not, tags taken out; 'any' where they do not pair up. */
function tagsOf(text: string): { tags: string[]; outside: string } | 'any' {
  const tags: string[] = [];
  let outside = '';
  let from = 0;
  for (let open = text.indexOf('{{'); open >= 0; open = text.indexOf('{{', from)) {
    const close = text.indexOf('}}', open + 2);
    if (close < 0 || close - open > LONGEST_TAG) return 'any';
    tags.push(text.slice(open + 2, close));
    outside += text.slice(from, open);
    from = close + 2;
  }
  outside += text.slice(from);
  return outside.includes('}}') ? 'any' : { tags, outside };
}

function namedInTags(text: string, isGo: boolean): string[] | 'any' {
  const found = text.includes('{{') ? tagsOf(text) : undefined;
  if (found === 'any') return 'any';
  const names = (found?.tags ?? []).map((tag) => (isGo ? namedByGo(tag) : namedByTag(tag)));
  return names.includes('any') ? 'any' : names.flat();
}

const NAME = /^metadata\.(?<of>labels|annotations)\.(?<key>[A-Za-z0-9._/-]+)$/;
/** What no fast template says in its tags; such texts may be Handlebars. */
const HANDLEBARS = /[#^&({@]|\bthis\b|[^\s~]\s+[^\s~]/;

function namedByTag(tag: string): string[] | 'any' {
  if (HANDLEBARS.test(tag)) return 'any';
  return tag.includes('metadata') ? outright(tag.trim()) : [];
}

const GO_FIELD = /(?<![\w)\]"`'])\$?\.metadata\.(labels|annotations)\.(\w+)(?![\w.])/g;
const GO_INDEX = /(?<!\w)index\s+\$?\.metadata\.(labels|annotations)\s+"([^"\\]*)"/g;
/** The dot or `$` alone hand on everything; so does what only Handlebars knows. */
const GO_WHOLE = /(?:^|[\s(,|=])\.(?=[\s),|]|$)|\$(?![\w.])|\bthis\b|[#^&@{]/;

function namedByGo(action: string): string[] | 'any' {
  const names: string[] = [];
  const keep = (_all: string, of: string, key: string): string => {
    names.push(`${of}.${key}`);
    return ' x ';
  };
  const rest = action.replace(GO_INDEX, keep).replace(GO_FIELD, keep);
  return rest.includes('metadata') || GO_WHOLE.test(rest) ? 'any' : names;
}

/** Selectors over parameters and merge keys name their parameters outside tags. */
function namedOutright(text: string): string[] | 'any' {
  const found = text.includes('metadata') ? tagsOf(text) : undefined;
  if (found === undefined || found === 'any') return found ?? [];
  const { outside } = found;
  return outside.includes('metadata') && outside !== 'metadata' ? outright(outside) : [];
}

/** In Handlebars `labels.a.b` is `b` of the label `a`. */
function outright(name: string): string[] | 'any' {
  const { of, key } = NAME.exec(name)?.groups ?? {};
  if (of === undefined || key === undefined) return 'any';
  const segments = key.split('.');
  return segments.map((_, index) => `${of}.${segments.slice(0, index + 1).join('.')}`);
}
