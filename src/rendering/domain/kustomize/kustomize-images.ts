import { isObject } from '../../../kernel/json.js';

interface ImageOverride {
  name: string;
  newName?: string;
  newTag?: string;
  digest?: string;
}

/**
 * The `images` of a kustomization after `kustomize edit set image`: an override replaces the entry of the same name;
 * sorted by name. A `*` keeps what that entry said. Undefined when one text is no override.
 */
export function editImages(present: readonly unknown[], overrides: readonly string[]): unknown[] | undefined {
  if (overrides.length === 0) return [...present];
  const byName = new Map<string, Record<string, unknown>>();
  for (const entry of present) if (isObject(entry)) byName.set(String(entry.name), entry);
  const written = new Map(byName);
  for (const text of overrides) {
    const override = parseOverride(text);
    if (override === undefined) return undefined;
    byName.set(override.name, keepStarred(override, written.get(override.name)));
  }
  return [...byName].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, entry]) => entry);
}

function parseOverride(text: string): ImageOverride | undefined {
  const equals = text.indexOf('=');
  const { image, ...version } = splitImage(text.slice(equals + 1));
  if (image === text) return undefined;
  const name = text.slice(0, Math.max(equals, 0));
  return name === '' ? { name: image, ...version } : { name, ...(image === '' ? {} : { newName: image }), ...version };
}

/** `registry:5000/name:tag@digest`: before the first slash a colon is a port, and behind the `@` all is digest. */
function splitImage(text: string): { image: string; newTag?: string; digest?: string } {
  const slash = Math.max(text.indexOf('/'), 0);
  const at = text.indexOf('@', slash);
  const colon = text.slice(0, at < 0 ? undefined : at).indexOf(':', slash);
  const newTag = colon < 0 ? '' : text.slice(colon + 1, at < 0 ? undefined : at);
  const digest = at < 0 ? '' : text.slice(at + 1);
  const end = colon < 0 ? at : colon;
  return {
    image: end < 0 ? text : text.slice(0, end),
    ...(newTag === '' ? {} : { newTag }),
    ...(digest === '' ? {} : { digest }),
  };
}

function keepStarred(override: ImageOverride, present: Record<string, unknown> = {}): Record<string, unknown> {
  const entries = Object.entries(override).map(([field, value]): [string, unknown] => [
    field,
    value === '*' && field !== 'name' ? present[field] : value,
  ]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
