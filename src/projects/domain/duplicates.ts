import type { FieldFault } from '../../kernel/errors.js';

/** A fault for each entry of a list that says the same as an earlier one. */
export function duplicates(entries: readonly string[], path: string): FieldFault[] {
  const seen = new Set<string>();
  return entries.flatMap((entry, index) => {
    if (!seen.has(entry)) {
      seen.add(entry);
      return [];
    }
    return [{ path: `${path}[${index}]`, message: `"${entry}" is already in the list`, got: entry }];
  });
}
