import type { Figure } from './figure.js';

/** Memory that one process held at the end of a work, in bytes. */
export interface ProcessMemory {
  process: string;
  rss: number;
}

export interface WorkResult {
  figures: Figure[];
  memory?: ProcessMemory[];
}

/** One thing that is measured, in a process of its own. */
export interface Work {
  name: string;
  /** Sizes and what is timed, in a line. */
  about: string;
  /** Flags of Node for its process. */
  execArgv?: readonly string[];
  run(): Promise<WorkResult>;
}
