import { RE2JS } from 're2js';
import { messageOf } from '../kernel/errors.js';
import { ExpansionFailure } from './failure.js';

/** Go's regexp.MatchString: unanchored, linear in the text. Throws ExpansionFailure REGEX_INVALID. */
export function compileGoRegex(pattern: string, path: string): (text: string) => boolean {
  try {
    const compiled = RE2JS.compile(pattern);
    return (text) => compiled.matcher(text).find();
  } catch (error) {
    throw new ExpansionFailure(
      'REGEX_INVALID',
      `${path}: "${pattern}" is no regular expression: ${messageOf(error)}`,
      path,
    );
  }
}
