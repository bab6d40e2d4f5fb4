/**
 * The remote input that gave results before and gives none now, in words; undefined when none did. A listing that is
 * suddenly empty is more often a fault than a wish, so whatever it would remove waits for a person.
 */
export function emptiedInput(
  before: ReadonlyMap<string, number>,
  now: readonly { path: string; results: number }[],
): string | undefined {
  for (const { path, results } of now) {
    const previous = before.get(path) ?? 0;
    if (results === 0 && previous > 0)
      return `${path} gave ${previous} results before and none now; approve if that is meant`;
  }
  return undefined;
}
