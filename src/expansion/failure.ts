import type { ExpansionError } from './expansion.js';

/** Ends a branch or a parameter set; caught by expand.ts and handed out as an ExpansionError, never thrown further. */
export class ExpansionFailure extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly path: string,
  ) {
    super(message);
    this.name = 'ExpansionFailure';
  }
}

/** The failure as data; anything that is not an ExpansionFailure is a bug and goes on. */
export function expansionErrorOf(error: unknown): ExpansionError {
  if (!(error instanceof ExpansionFailure)) throw error;
  return { code: error.code, message: error.message, path: error.path };
}
