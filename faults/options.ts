import { parseArgs } from 'node:util';
import { plantedPart, type PlantedPart } from './real/planted-part.js';

export interface Options {
  histories: number;
  /** Of the first history; the others follow. */
  seed: number;
  /** Nobody asked for certain seeds. */
  isSeedOpen: boolean;
  /** With processes, Postgres, Git and HTTP instead of what stands in for them in memory. */
  real: boolean;
  /** One of the bugs on purpose; only with real parts. */
  plant: PlantedPart | undefined;
}

export const USAGE = `npm run faults -- [--histories N] [--seed S] [--real [--plant BUG]]

Plays N histories (1,000 without) of edits, faults and pauses, those of the seeds S, S+1, … (S is 1 without), and checks
each against the reference model. Ends with 1 where one failed; its seed and its shrunk history are printed.

--real plays with real parts: processes that are killed, Postgres, Git and HTTP; 20 histories without N, some seconds
each. The steps of a seed are always the same, what happens between them is not. A failed one is printed as it is.
--plant puts a bug into hub and agents: lost-update, premature-delete or skipped-revision. Without N and S it plays one
history that shows it.
`;

/** Undefined where help was asked for. Throws a TypeError for anything else that is not understood. */
export function parseOptions(args: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      histories: { type: 'string' },
      seed: { type: 'string' },
      real: { type: 'boolean' },
      plant: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return undefined;
  const real = values.real ?? false;
  if (values.plant !== undefined && !real) throw new TypeError('--plant goes with --real');
  return {
    histories: wholeNumber('histories', values.histories ?? (real ? '20' : '1000')),
    seed: wholeNumber('seed', values.seed ?? '1'),
    isSeedOpen: values.seed === undefined && values.histories === undefined,
    real,
    plant: values.plant === undefined ? undefined : plantedPart(values.plant),
  };
}

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new TypeError(`--${name} must be a whole number, it is "${text}"`);
}
