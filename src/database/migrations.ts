import { CreateObjects1763716000000 } from './migrations/1763716000000-create-objects.js';

/** Every migration, oldest first. Expand only; a contraction comes a release after its last reader is gone. */
export const MIGRATIONS = [CreateObjects1763716000000];
