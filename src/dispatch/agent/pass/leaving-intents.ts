import type { KubernetesObject } from '../../../kernel/object.js';
import { keepsOnDelete } from '../../../applications/domain/sync-options.js';
import { fenceOf } from '../hub-history.js';
import type { ManagedApplication } from '../managed-applications.js';
import { goneReport, unknownReport } from './application-report.js';
import { watchInventory } from './look-around.js';
import type { PassContext } from './pass-context.js';
import { recoverInventory } from './recover-inventory.js';
import { removeLeftovers } from './remove-leftovers.js';

/** Forgets an Application and leaves its objects. */
export async function orphanIntent(application: ManagedApplication, context: PassContext): Promise<undefined> {
  if (await isFenced(application, context)) return;
  await leave(application, 'orphaned: its objects were left in place', context);
}

/** Deletes an Application's objects in reverse wave order; gone only when they are. */
export async function pruneIntent(application: ManagedApplication, context: PassContext): Promise<number | undefined> {
  const { record } = application;
  if (await isFenced(application, context)) return undefined;
  await recoverInventory(application, context);
  await watchInventory(application, context);
  const removal = await removeLeftovers(
    application,
    {
      wanted: new Set<string>(),
      mayRemove: true,
      refusal: '',
      keeps: (object) => outlives(object, record.settings?.syncOptions ?? []),
      letGoOfKept: true,
    },
    context,
  );
  if (record.inventory.size === 0) {
    await leave(application, 'pruned: none of its objects is left', context);
    return undefined;
  }
  await context.memory.save(record);
  const held = [...removal.kept.values()].filter((reason) => reason.includes('approval')).length;
  const message = `${record.inventory.size} object(s) still to be removed${held > 0 ? `, ${held} awaiting approval` : ''}`;
  context.publish(unknownReport(record, message, context.clock.now()));
  return removal.going.length > 0 ? context.recheckMs : undefined;
}

/** Definitions outlive the Application that brought them: deleting one deletes every object of its kind (argocd-behaviour.md 4.6). */
function outlives(object: KubernetesObject, syncOptions: readonly string[]): boolean {
  return object.kind === 'CustomResourceDefinition' || keepsOnDelete(object.metadata, syncOptions);
}

async function isFenced({ record }: ManagedApplication, context: PassContext): Promise<boolean> {
  const fence = fenceOf(record.delivery, context.history());
  if (fence === undefined) return false;
  context.logger.warn({ application: record.uid, intent: record.delivery.intent, fence }, 'removal fenced');
  await context.memory.save(record);
  context.publish(unknownReport(record, `${record.delivery.intent} held back: ${fence}`, context.clock.now()));
  return true;
}

async function leave({ record }: ManagedApplication, message: string, context: PassContext): Promise<void> {
  await context.memory.forget(record.uid);
  context.applications.remove(record.uid);
  for (const key of record.inventory.keys()) {
    if (context.applications.concernedBy(key).length === 0) context.live.forget(key);
  }
  context.logger.info({ application: record.uid, intent: record.delivery.intent }, message);
  context.publish(goneReport(record, message, context.clock.now()));
}
