import type { ApiResourceFact } from '../../dispatch/protocol/join.js';

/** What the hub believes a member serves, and what its last complete discovery did not list. */
export interface KnownApis {
  apis: ApiResourceFact[];
  /** Keys of APIs that one discovery in a row has missed. */
  absent: string[];
}

/**
 * Takes a complete, error-free discovery. A new API is believed at once; one that is missing leaves only when the next
 * discovery misses it too (design.md section 2), so a hiccup of an aggregated API makes nothing look unsupported.
 */
export function learnApis(known: KnownApis, discovered: readonly ApiResourceFact[]): KnownApis {
  const listed = new Map(discovered.map((api) => [keyOf(api), api]));
  const missing = known.apis.filter((api) => !listed.has(keyOf(api)));
  const doubted = missing.filter((api) => !known.absent.includes(keyOf(api)));
  return {
    apis: [...listed.values(), ...doubted].sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1)),
    absent: doubted.map(keyOf).sort(),
  };
}

function keyOf({ group, version, resource }: ApiResourceFact): string {
  return `${group}/${version}/${resource}`;
}
