import { isObject, own, setOwn } from '../kernel/json.js';

/** JSON merge patch (RFC 7386): null removes a field, maps merge, everything else is replaced. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const base = isObject(target) ? target : {};
  const merged: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name];
    else setOwn(merged, name, mergePatch(own(base, name), value));
  }
  return merged;
}
