import { resolve } from 'node:path';

/** Of the repository. */
export const ROOT = resolve(import.meta.dirname, '../..');
