import { objectKey, objectId, type KubernetesObject } from '../../../kernel/object.js';
import { isTrackedBy } from '../tracking.js';

/** An object of an Application's inventory that its bundle no longer holds, with what stands in the cluster. */
export interface Leftover {
  key: string;
  /** Undefined when the cluster does not have it any more. */
  live: KubernetesObject | undefined;
}

export interface PruneRules {
  /** First part of the tracking id that proves an object is still this Application's. */
  instance: string;
  heldPrunes: ReadonlySet<string>;
  /** Whether leftovers may be removed at all: the policy or the running operation says so, and nothing fences removals. */
  mayRemove: boolean;
  /** Why not, for the report; empty when `mayRemove`. */
  refusal: string;
  /** Whether the object's own words keep it (`Prune=false` on prune, `Delete=false` on delete). */
  keeps: (object: KubernetesObject) => boolean;
}

/**
 * What becomes of one leftover. `forget`: it is gone, or belongs to someone else by now. `keep`: it stays and is reported.
 * `remove`: it may be deleted.
 */
export type PruneVerdict =
  | { action: 'forget'; reason: string }
  | { action: 'keep'; reason: string }
  | { action: 'remove'; live: KubernetesObject };

/** Judges one leftover by what is live now. Nothing is removed that the live object does not confirm. */
export function judgeLeftover({ key, live }: Leftover, rules: PruneRules): PruneVerdict {
  if (live === undefined) return { action: 'forget', reason: 'it is gone' };
  if (objectKey(objectId(live)) !== key) return { action: 'keep', reason: 'another object answers to its name' };
  if (!isTrackedBy(live, rules.instance)) {
    return { action: 'forget', reason: 'its tracking id does not name this Application any more' };
  }
  if (rules.heldPrunes.has(key)) return { action: 'keep', reason: 'its removal awaits approval' };
  if (!rules.mayRemove) return { action: 'keep', reason: rules.refusal };
  if (rules.keeps(live)) return { action: 'keep', reason: 'its annotations ask to keep it' };
  return { action: 'remove', live };
}

/** The highest wave that still has objects to remove: removal runs in reverse, wave by wave (argocd-behaviour.md 4.6, 4.7). */
export function lastWave(verdicts: readonly { wave: number }[]): number | undefined {
  return verdicts.length === 0 ? undefined : Math.max(...verdicts.map(({ wave }) => wave));
}
