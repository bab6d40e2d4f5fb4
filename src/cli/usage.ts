import { parseArgs, type ParseArgsConfig } from 'node:util';
import { FleetError, messageOf } from '../kernel/errors.js';

/** The command was called wrongly: exit code 2. `hint` says what to type instead. */
export function usage(message: string, hint?: string): FleetError {
  return new FleetError('malformed', 'USAGE', message, hint === undefined ? {} : { hint });
}

export function isUsage(error: unknown): error is FleetError {
  return error instanceof FleetError && error.code === 'USAGE';
}

type Options = NonNullable<ParseArgsConfig['options']>;

/** Flags of one command. Throws USAGE for words it does not know. */
export function parseFlags<const T extends Options>(words: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...words], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw usage(messageOf(error).split('. ')[0] ?? '');
  }
}

/** `-f a b` as `-f a -f b`: what shells make of `-f *.yaml`. */
export function withEachFileFlagged(words: readonly string[]): string[] {
  let followsFlag = false;
  let followsFile = false;
  return words.flatMap((word) => {
    const isFlag = word.startsWith('-') && word !== '-';
    const isMore = followsFile && !isFlag;
    followsFile = followsFlag || isMore || (isFlag && /^(?:-f.|--file=)/.test(word));
    followsFlag = !followsFlag && (word === '-f' || word === '--file');
    return isMore ? ['-f', word] : [word];
  });
}

/** The known word nearest to a mistyped one; undefined where none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const rated = known.map((each) => ({ each, distance: editDistance(word, each) }));
  const [best] = rated.sort((left, right) => left.distance - right.distance);
  return best !== undefined && best.distance <= Math.max(2, best.each.length / 3) ? best.each : undefined;
}

function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= Math.min(from.length, 100); i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = (row[j - 1] ?? 0) + Number(from[i - 1] !== to[j - 1]);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
