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
  for (const text of overrides) {
    const override = parseOverride(text);
    if (override === undefined) return undefined;
    byName.set(override.name, keepStarred(override, byName.get(override.name)));
  }
  return [...byName].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, entry]) => entry);
}

function parseOverride(text: string): ImageOverride | undefined {
  const equals = text.indexOf('=');
  const name = text.slice(0, Math.max(equals, 0));
  const target = splitImage(text.slice(equals + 1));
  if (target === undefined) return undefined;
  const { image, ...version } = target;
  if (equals >= 0) return name === '' || image === '' ? undefined : { name, newName: image, ...version };
  return image === '' || Object.keys(version).length === 0 ? undefined : { name: image, ...version };
}

/** `registry:5000/name:tag@digest`: a colon before the last slash is a port. */
function splitImage(text: string): { image: string; newTag?: string; digest?: string } | undefined {
  if (/\s/.test(text)) return undefined;
  const at = text.indexOf('@');
  const digest = at < 0 ? undefined : text.slice(at + 1);
  const tagged = at < 0 ? text : text.slice(0, at);
  const colon = tagged.lastIndexOf(':');
  const hasTag = colon > tagged.lastIndexOf('/');
  return {
    image: hasTag ? tagged.slice(0, colon) : tagged,
    ...(hasTag ? { newTag: tagged.slice(colon + 1) } : {}),
    ...(digest === undefined ? {} : { digest }),
  };
}

function keepStarred(override: ImageOverride, present: Record<string, unknown> = {}): Record<string, unknown> {
  const entries = Object.entries(override).map(([field, value]): [string, unknown] => [
    field,
    value === '*' && field !== 'name' ? present[field] : value,
  ]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
