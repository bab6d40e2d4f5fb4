import type { Readable } from 'node:stream';
import type { Output } from './output.js';

export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface Terminal {
  stdin: Readable;
  stdout: Output;
  stderr: Output;
}

export interface Command {
  /** Words after `fleetwright`. */
  name: string;
  /** One line in the list of commands. */
  summary: string;
  help: string;
  run(words: readonly string[], terminal: Terminal): Promise<ExitCode>;
}
