const LONGEST_NAME = 253;

/** Argo CD's SanitizeName, the `…Normalized` parameters: lower-case, foreign characters to dashes, trimmed ends. */
export function normalizeName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^-a-z0-9.]/gu, '-')
    .slice(0, LONGEST_NAME)
    .replace(/^[-.]+|[-.]+$/g, '');
}
