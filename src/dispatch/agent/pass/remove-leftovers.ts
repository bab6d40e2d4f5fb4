import { parseObjectKey, type KubernetesObject } from '../../../kernel/object.js';
import { judgeLeftover, lastWave, type PruneRules } from '../../../applications/domain/prune/prune-plan.js';
import { optionValue } from '../../../applications/domain/sync-options.js';
import type { ApiResource } from '../../../kubernetes/client/api-resource.js';
import { isConflict } from '../../../kubernetes/client/kubernetes-api-error.js';
import type { DeleteOptions } from '../../../kubernetes/client/kubernetes-client.js';
import type { InventoryEntry } from '../application-record.js';
import type { ManagedApplication } from '../managed-applications.js';
import type { PassContext } from './pass-context.js';

export interface Removal {
  /** Why, by object key: what stays and is reported. */
  kept: Map<string, string>;
  /** Keys of objects that are on their way out. */
  going: string[];
}

export interface RemovalRules extends Omit<PruneRules, 'instance' | 'heldPrunes'> {
  wanted: { has(key: string): boolean };
  /** Objects that ask to be kept leave the inventory: their Application goes away. */
  letGoOfKept: boolean;
}

/**
 * Removes the objects of the inventory that are not wanted, highest wave first, each wave only when the one after it is
 * gone. Every object is read again right before, and deleted only as the object that was read.
 */
export async function removeLeftovers(
  application: ManagedApplication,
  rules: RemovalRules,
  context: PassContext,
): Promise<Removal> {
  const removal: Removal = { kept: new Map(), going: [] };
  const candidates = [...application.record.inventory.values()].filter(
    (entry) => !rules.wanted.has(entry.key) && isCandidate(entry, application, { rules, removal, context }),
  );
  while (candidates.length > 0 && removal.going.length === 0) {
    const wave = lastWave(candidates);
    const batch = candidates.filter((entry) => entry.wave === wave);
    candidates.splice(0, candidates.length, ...candidates.filter((entry) => entry.wave !== wave));
    await Promise.all(batch.map((entry) => removeOne(entry, application, { rules, removal, context })));
  }
  for (const { key } of candidates) removal.kept.set(key, 'it is removed after objects of later waves');
  return removal;
}

interface Work {
  rules: RemovalRules;
  removal: Removal;
  context: PassContext;
}

/** Decides without reading the cluster where the verdict does not depend on it. */
function isCandidate({ key }: InventoryEntry, application: ManagedApplication, work: Work): boolean {
  const { rules, removal, context } = work;
  const heir = context.applications.otherWanting(key, application);
  if (heir) {
    context.wake(heir.record.uid);
    forget(key, application, work, `Application ${heir.record.settings?.instance ?? ''} takes it over`);
    return false;
  }
  if (context.live.get(key)?.present === false) {
    forget(key, application, work, 'it is gone');
    return false;
  }
  if (application.record.delivery.heldPrunes.includes(key)) removal.kept.set(key, 'its removal awaits approval');
  else if (!rules.mayRemove) removal.kept.set(key, rules.refusal);
  else return true;
  return false;
}

async function removeOne(entry: InventoryEntry, application: ManagedApplication, work: Work): Promise<void> {
  const { rules, removal, context } = work;
  const { key } = entry;
  const { kind, namespace, name } = parseObjectKey(key);
  const resource = context.catalog.reach(entry.apiVersion, kind);
  if (!resource) return forget(key, application, work, 'its kind is no longer served');
  const live = await context.client.get(resource, namespace, name);
  const { record } = application;
  const heldPrunes = new Set(record.delivery.heldPrunes);
  const verdict = judgeLeftover({ key, live }, { ...rules, instance: record.settings?.instance ?? '', heldPrunes });
  if (verdict.action === 'forget') return forget(key, application, work, verdict.reason);
  if (verdict.action === 'keep') {
    if (rules.letGoOfKept) return forget(key, application, work, verdict.reason);
    removal.kept.set(key, verdict.reason);
    return;
  }
  removal.going.push(key);
  context.live.observe(verdict.live);
  if (verdict.live.metadata.deletionTimestamp !== undefined) return;
  await deleteAsRead(resource, verdict.live, application, context);
}

/** Refused by the API server when the object is not the one that was judged any more; the next pass judges again. */
async function deleteAsRead(
  resource: ApiResource,
  live: KubernetesObject,
  { record }: ManagedApplication,
  context: PassContext,
): Promise<void> {
  const { namespace = '', name, uid, resourceVersion } = live.metadata;
  const options: DeleteOptions = {
    propagationPolicy: propagationOf(record.settings?.syncOptions ?? []),
    preconditions: {
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
  };
  const log = { application: record.uid, object: `${live.kind} ${namespace}/${name}` };
  try {
    await context.client.delete(resource, { namespace, name }, options);
    context.logger.info(log, 'object pruned');
  } catch (error) {
    if (!isConflict(error)) throw error;
    context.logger.info(log, 'object changed before it could be pruned; judged again');
  }
}

function propagationOf(syncOptions: readonly string[]): NonNullable<DeleteOptions['propagationPolicy']> {
  const value = optionValue('PrunePropagationPolicy', syncOptions);
  if (value === 'background') return 'Background';
  return value === 'orphan' ? 'Orphan' : 'Foreground';
}

function forget(key: string, { record }: ManagedApplication, { context }: Work, reason: string): void {
  record.inventory.delete(key);
  context.logger.debug({ application: record.uid, object: key, reason }, 'object left the inventory');
}
