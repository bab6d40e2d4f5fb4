import { parseArgs } from 'node:util';

export interface Options {
  histories: number;
  /** Of the first history; the others follow. */
  seed: number;
}

export const USAGE = `npm run faults -- [--histories N] [--seed S]

Plays N histories (1,000 without) of edits, faults and pauses, those of the seeds S, S+1, … (S is 1 without), and checks
each against the reference model. Ends with 1 where one failed; its seed and its shrunk history are printed.
`;

/** Undefined where help was asked for. Throws a TypeError for anything else that is not understood. */
export function parseOptions(args: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: { histories: { type: 'string' }, seed: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help) return undefined;
  return {
    histories: wholeNumber('histories', values.histories ?? '1000'),
    seed: wholeNumber('seed', values.seed ?? '1'),
  };
}

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new TypeError(`--${name} must be a whole number, it is "${text}"`);
}
