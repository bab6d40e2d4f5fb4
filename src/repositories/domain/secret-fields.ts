import { invalid, type FleetError } from '../../kernel/errors.js';

/** As Go reads booleans. */
const TRUE = ['1', 't', 'T', 'true', 'TRUE', 'True'];
const FALSE = ['', '0', 'f', 'F', 'false', 'FALSE', 'False'];

/** A boolean of a repository Secret (argocd-behaviour.md 7.3). Throws INVALID_DOCUMENT. */
export function flagOf(data: ReadonlyMap<string, string>, key: string): boolean {
  const text = data.get(key) ?? '';
  if (!TRUE.includes(text) && !FALSE.includes(text)) throw faultySecret(`data.${key}`, 'must be true or false');
  return TRUE.includes(text);
}

/** What is wrong with a repository Secret; `message` repeats no value. */
export function faultySecret(path: string, message: string): FleetError {
  return invalid('INVALID_DOCUMENT', `the repository Secret is invalid: ${path}: ${message}`, [{ path, message }]);
}
