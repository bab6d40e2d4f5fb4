import type { ObjectChange } from '../../src/reconcile/object-change.js';
import { done, type Outcome } from '../../src/reconcile/outcome.js';
import { Reconciler } from '../../src/reconcile/reconciler.js';

/** Is interested in every object by uid, and ends each run as the test says. */
export class ScriptedReconciler extends Reconciler {
  readonly seen: ObjectChange[][] = [];
  readonly ran: string[] = [];
  outcome: (key: string) => Outcome | Promise<Outcome> = () => done();

  constructor(readonly queue = 'things') {
    super();
  }

  async interestedIn(changes: readonly ObjectChange[]): Promise<readonly string[]> {
    this.seen.push([...changes]);
    return changes.map((change) => change.name);
  }

  async reconcile(key: string): Promise<Outcome> {
    this.ran.push(key);
    return this.outcome(key);
  }
}
