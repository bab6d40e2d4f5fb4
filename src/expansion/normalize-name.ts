import { lowerText } from './templates/go/word-case.js';

const LONGEST_NAME = 253;

/** Argo CD's SanitizeName, the `…Normalized` parameters: lower-case, foreign characters to dashes, trimmed ends. */
export function normalizeName(name: string): string {
  return lowerText(name)
    .replace(/[^-a-z0-9.]/gu, '-')
    .slice(0, LONGEST_NAME)
    .replace(/^[-.]+|[-.]+$/g, '');
}
