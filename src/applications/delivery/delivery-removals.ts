import type { Guarded, RemovalLine } from '../../changes/guard.js';
import type { StoredDelivery } from '../../dispatch/gateway/deliveries/stored-delivery.js';
import { objectKey, parseObjectKey } from '../../kernel/object.js';
import type { ApplicationCondition, StoredApplication } from './delivery-decision.js';

/** What a delivery would take away: objects of the present cluster, and the Application from clusters it leaves. */
export interface Removals {
  prune: RemovalLine | undefined;
  moves: { row: StoredDelivery; line: RemovalLine }[];
}

export function removalsOf(
  { metadata }: StoredApplication,
  prunes: readonly string[],
  left: readonly StoredDelivery[],
): Removals {
  const application = `Application ${metadata.namespace}/${metadata.name}`;
  const prune: RemovalLine = {
    uid: metadata.uid,
    action: 'prune',
    target: `objects of ${application}`,
    objects: prunes,
  };
  const moves = left.map((row) => {
    const target = `${application} leaving cluster ${row.clusterUid}`;
    return { row, line: { uid: metadata.uid, action: 'move' as const, target, objects: row.objects } };
  });
  return { prune: prunes.length === 0 ? undefined : prune, moves };
}

export function linesOf({ prune, moves }: Removals): RemovalLine[] {
  return [...(prune ? [prune] : []), ...moves.map(({ line }) => line)];
}

export function isHeld({ held }: Guarded, line: RemovalLine | undefined): boolean {
  return held.some((entry) => entry.line === line);
}

/**
 * Keys that the agent must keep. The hub cannot know the scope of a kind that its cluster does not serve yet, so the
 * key is given as a cluster-scoped object's as well: holding one object too many is harmless, pruning one is not.
 */
export function heldKeys(keys: readonly string[]): string[] {
  return [...new Set(keys.flatMap((key) => [key, objectKey({ ...parseObjectKey(key), namespace: '' })]))].sort();
}

export function heldConditions({ held }: Guarded): ApplicationCondition[] {
  return held.map(({ line, reason }) => ({
    type: 'AwaitingApproval',
    message: `${line.action} of ${line.objects.length} objects waits: ${reason}`,
  }));
}

/** A source that is suddenly empty is more often a fault than a wish, as an empty generator is. */
export function emptiedSource(current: StoredDelivery | undefined, keys: readonly string[]): string | undefined {
  if (keys.length > 0 || current === undefined || current.objects.length === 0) return undefined;
  return `the source gave ${current.objects.length} objects before and none now; approve if that is meant`;
}
