import { resolve } from 'node:path';

/** The module that hubs and agents are started from. */
export const PART = resolve(import.meta.dirname, 'part.js');
