import type { Readable } from 'node:stream';
import type { ToolsOptions } from '../rendering/tools/tools.js';
import type { Output } from './output.js';

export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface Terminal {
  stdin: Readable;
  stdout: Output;
  stderr: Output;
  /** What the environment says of the hub, where a flag does not. */
  hub: HubChoice;
  /** Programs that render, and where they are unpacked. */
  tools: ToolsOptions;
}

/** Which hub is asked, and how it is known and told who asks. */
export interface HubChoice {
  hub?: string | undefined;
  tokenFile?: string | undefined;
  caFile?: string | undefined;
}

export interface Command {
  /** Words after `fleetwright`. */
  name: string;
  /** One line in the list of commands. */
  summary: string;
  help: string;
  run(words: readonly string[], terminal: Terminal): Promise<ExitCode>;
}
