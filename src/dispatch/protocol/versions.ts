/** Protocol versions this build speaks, oldest first. A hub keeps N-2. */
export const PROTOCOL_VERSIONS: readonly number[] = [1];

/** The newest version both sides speak, or undefined when there is none. */
export function negotiateVersion(theirs: readonly number[]): number | undefined {
  return PROTOCOL_VERSIONS.filter((version) => theirs.includes(version)).at(-1);
}
