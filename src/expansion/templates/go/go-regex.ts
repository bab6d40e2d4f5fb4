import { RE2JS, RE2JSException } from 're2js';
import type { CallContext } from './function.js';
import { GoExecutionError } from './execution-error.js';

const LONGEST_PATTERN = 5_000;
const MOST_CACHED = 200;
const WORK_A_STEP = 8;
/** Compiling: of the pattern, and of the program that its repetitions and classes unfold into. */
const STEPS_A_CHARACTER = 8;
const STEPS_AN_INSTRUCTION = 4;

/** Go's regexp (RE2: no backtracking, so linear time), compiled once a pattern. */
export class GoRegex {
  private static readonly compiled = new Map<string, GoRegex>();

  private constructor(private readonly pattern: RE2JS) {}

  /** Throws GoExecutionError for a pattern that Go refuses, or one longer than 5,000 characters. */
  static of(pattern: string, context: CallContext): GoRegex {
    const known = this.compiled.get(pattern);
    if (known) return known;
    if (pattern.length > LONGEST_PATTERN) {
      throw new GoExecutionError(`a regular expression may have ${LONGEST_PATTERN} characters, this one has more`);
    }
    context.spend(pattern.length * STEPS_A_CHARACTER);
    const regex = new GoRegex(compile(pattern));
    context.spend(regex.pattern.programSize() * STEPS_AN_INSTRUCTION);
    if (this.compiled.size >= MOST_CACHED) this.compiled.clear();
    this.compiled.set(pattern, regex);
    return regex;
  }

  matches(text: string, context: CallContext): boolean {
    return this.all(text, 1, context).length > 0;
  }

  /** Matches from left to right, each with the ends of its groups; all of them where `most` is negative. */
  all(text: string, most: number, context: CallContext): Match[] {
    context.spend(1 + Math.ceil((text.length * this.pattern.programSize()) / WORK_A_STEP));
    const found = this.pattern.re2().findAllSubmatchIndex(text, most) as number[][] | null;
    return (found ?? []).map((ends) => ({ from: ends[0] ?? 0, to: ends[1] ?? 0, ends }));
  }

  /** Text with each match replaced; `made` says by what. */
  replaced(text: string, made: (match: Match) => string, context: CallContext): string {
    let written = '';
    let at = 0;
    for (const match of this.all(text, -1, context)) {
      const replacement = made(match);
      context.charge(replacement.length);
      written += text.slice(at, match.from) + replacement;
      at = match.to;
    }
    return written + text.slice(at);
  }

  /** The number of a named group. */
  groupNumber(name: string): number | undefined {
    const groups = this.pattern.namedGroups();
    return Object.hasOwn(groups, name) ? groups[name] : undefined;
  }
}

export interface Match {
  from: number;
  to: number;
  /** Start and end of group n at 2n and 2n + 1; negative where the group took no part. */
  ends: readonly number[];
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    throw new GoExecutionError(error.message);
  }
}

const REFERENCE = /\$(?:\$|([\p{L}\p{Nd}_]+)|\{([\p{L}\p{Nd}_]+)\})/gu;

/** regexp's Expand: `$1`, `${name}` and `$$`; a group that is not there is nothing. */
export function expanded(replacement: string, match: Match, { regex, text }: { regex: GoRegex; text: string }): string {
  return replacement.replace(REFERENCE, (_whole, bare: string | undefined, braced: string | undefined) => {
    const name = bare ?? braced;
    if (name === undefined) return '$';
    const group = /^(?:0|[1-9][0-9]{0,7})$/.test(name) ? Number(name) : regex.groupNumber(name);
    const [from = -1, to = -1] = group === undefined ? [] : match.ends.slice(2 * group, 2 * group + 2);
    return from < 0 ? '' : text.slice(from, to);
  });
}
