import { StringList } from '../../parameters.js';
import { GoExecutionError } from './execution-error.js';
import type { CallContext } from './function.js';
import { expanded, GoRegex } from './go-regex.js';
import { of, ofText, withMust, type NamedFunction } from './signatures.js';
import { nilList, type GoValue } from './values.js';

type Given = readonly string[];

/** Sprig's regular expressions. */
export const SPRIG_REGEX: readonly NamedFunction[] = [
  ['regexMatch', of(['string', 'string'], (args, context) => matchesOrNot(args as Given, context))],
  ['mustRegexMatch', of(['string', 'string'], (args, context) => matches(args as Given, context))],
  ...withMust(
    'regexFind',
    of(['string', 'string'], (args, context) => find(args as Given, context)),
  ),
  ...withMust('regexFindAll', of(['string', 'string', 'int'], findAll)),
  ...withMust(
    'regexReplaceAll',
    of(['string', 'string', 'string'], (args, context) => replace(args as Given, context)),
  ),
  ...withMust(
    'regexReplaceAllLiteral',
    of(['string', 'string', 'string'], (args, context) => replaceLiteral(args as Given, context)),
  ),
  ...withMust('regexSplit', of(['string', 'string', 'int'], split)),
  ['regexQuoteMeta', ofText((text) => text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&'))],
];

function matches([pattern = '', text = '']: Given, context: CallContext): boolean {
  return GoRegex.of(pattern, context).matches(text, context);
}

/** A pattern that Go refuses matches nothing. */
function matchesOrNot(args: Given, context: CallContext): boolean {
  try {
    GoRegex.of(args[0] ?? '', context);
  } catch (error) {
    if (error instanceof GoExecutionError) return false;
    throw error;
  }
  return matches(args, context);
}

function find([pattern = '', text = '']: Given, context: CallContext): string {
  const [match] = GoRegex.of(pattern, context).all(text, 1, context);
  return match ? text.slice(match.from, match.to) : '';
}

function findAll([pattern, text, most]: GoValue[], context: CallContext): StringList {
  const given = text as string;
  const found = GoRegex.of(pattern as string, context).all(given, Number(most), context);
  context.spend(found.length);
  if (found.length === 0) return nilList(new StringList());
  return StringList.from(found, ({ from, to }) => given.slice(from, to));
}

function replace([pattern = '', text = '', replacement = '']: Given, context: CallContext): string {
  const regex = GoRegex.of(pattern, context);
  return regex.replaced(text, (match) => expanded(replacement, match, { regex, text }), context);
}

function replaceLiteral([pattern = '', text = '', replacement = '']: Given, context: CallContext): string {
  return GoRegex.of(pattern, context).replaced(text, () => replacement, context);
}

/** At most so many parts, the last the rest; all where the number is negative, none where it is 0. */
function split([pattern, given, count]: GoValue[], context: CallContext): StringList {
  const [text, most] = [given as string, Number(count)];
  const regex = GoRegex.of(pattern as string, context);
  if (most === 0) return nilList(new StringList());
  if (pattern !== '' && text === '') return StringList.from(['']);
  const parts: string[] = [];
  let [at, end] = [0, 0];
  for (const match of regex.all(text, most, context)) {
    if (most > 0 && parts.length === most - 1) break;
    end = match.from;
    if (match.to !== 0) parts.push(text.slice(at, end));
    at = match.to;
  }
  if (end !== text.length) parts.push(text.slice(at));
  context.spend(parts.length);
  return StringList.from(parts);
}
