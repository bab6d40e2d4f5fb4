import type { ObjectChange } from './object-change.js';
import type { Outcome } from './outcome.js';

/** A feature's level-triggered worker: it is told keys, never events, and reads the present state for itself. */
export abstract class Reconciler {
  /** Name of its queue, unique in the hub. */
  abstract readonly queue: string;

  /** Keys run at the same time in one replica; 4 when absent. One key never runs twice at once. */
  readonly concurrency?: number;

  /** Work keys that these changes touch, in batches of up to 5,000: answer set-wise. May be asked about a change twice. */
  abstract interestedIn(changes: readonly ObjectChange[]): Promise<readonly string[]>;

  /** Brings what the key names from its present to its wanted state. Must be repeatable: a lost lease runs it again. */
  abstract reconcile(key: string): Promise<Outcome>;

  /**
   * Reconciles many keys at less cost than one by one. Answers the outcome of each that it settled; what it leaves out, and
   * everything when it throws, is reconciled alone afterwards. So no key may suffer from another's fault, nor wait for it.
   */
  reconcileTogether?(keys: readonly string[]): Promise<ReadonlyMap<string, Outcome>>;
}

/** Injection token of the explicit list of reconcilers, given where the hub is composed. */
export const RECONCILERS = Symbol('RECONCILERS');
