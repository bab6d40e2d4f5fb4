import { parseArgs } from 'node:util';
import { FleetError, messageOf } from '../kernel/errors.js';

export interface DemoOptions {
  /** Run, check, stop: for machines. Otherwise the fleet stays alive. */
  once: boolean;
  /** Where a live demo keeps its files. */
  dataDir: string;
}

export const USAGE = `Usage: npm run demo -- [--once] [--data DIR]

  --once      play and check everything, remove all files, exit 0 or 1
  --data DIR  keep the files of a live demo in DIR (default: data/demo)
`;

const DEFAULT_FOLDER = 'data/demo';

/** Undefined where help is asked for. Throws USAGE for words it does not know. */
export function parseOptions(words: readonly string[]): DemoOptions | undefined {
  const options = {
    once: { type: 'boolean' },
    data: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  try {
    const { values } = parseArgs({ args: [...words], options, strict: true, allowPositionals: false });
    if (values.help === true) return undefined;
    return { once: values.once ?? false, dataDir: values.data ?? DEFAULT_FOLDER };
  } catch (error) {
    throw new FleetError('malformed', 'USAGE', messageOf(error), { hint: USAGE });
  }
}
