import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Works to run; all when empty. */
  names: readonly string[];
  /** Where the report goes as JSON. */
  json?: string;
}

export const USAGE = `npm run bench [-- NAME…] [-- --json FILE]

Measures Fleetwright on this machine and prints each figure beside the one to hold.
Without names every work runs. A name may be the beginning of several works' names.
`;

/** Throws TypeError where the arguments do not fit; undefined where help is asked for. */
export function parseOptions(args: readonly string[]): BenchOptions | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) return undefined;
  return { names: positionals, ...(values.json === undefined ? {} : { json: values.json }) };
}
