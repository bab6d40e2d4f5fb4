/** Bugs on purpose that a hub and its agents can be started with. */
export const PLANTED_PARTS = ['lost-update', 'premature-delete', 'skipped-revision'] as const;
export type PlantedPart = (typeof PLANTED_PARTS)[number];

/** Throws a TypeError for a bug that nobody knows. */
export function plantedPart(name: string): PlantedPart {
  const found = PLANTED_PARTS.find((known) => known === name);
  if (found) return found;
  throw new TypeError(`no such bug: ${name}; there are ${PLANTED_PARTS.join(', ')}`);
}
