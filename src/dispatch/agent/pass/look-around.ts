import { parseObjectKey } from '../../../kernel/object.js';
import type { ManagedApplication } from '../managed-applications.js';
import type { DesiredObject, Target } from '../target.js';
import { resourcesInUse, type PassContext } from './pass-context.js';

/**
 * Makes sure that there is a verdict on every object of the target: kinds are watched, and what the watch does not show
 * (an object without our label, or judged against an older manifest) is read once. Objects that are about to be applied
 * need no look: the apply answers with what stands.
 */
export async function lookAround(
  application: ManagedApplication,
  target: Target,
  isToApply: (desired: DesiredObject) => boolean,
  context: PassContext,
): Promise<void> {
  const wanted = [...target.objects.values()].map(({ object }) => object);
  await watchInventory(application, context);
  await context.live.ensure(resourcesInUse(wanted, context.catalog));
  const unseen = [...target.objects.values()].filter(
    (desired) => !isToApply(desired) && isUnseen(desired, application, context),
  );
  await Promise.all(unseen.map((desired) => look(desired, context)));
}

/** Watches the kinds of what an Application has, so that its going away is seen. */
export async function watchInventory({ record }: ManagedApplication, context: PassContext): Promise<void> {
  const kinds = [...record.inventory.values()].map(({ key, apiVersion }) => ({
    apiVersion,
    kind: parseObjectKey(key).kind,
  }));
  await context.live.ensure(resourcesInUse(kinds, context.catalog));
}

function isUnseen({ key, digest }: DesiredObject, { record }: ManagedApplication, { live }: PassContext): boolean {
  const verdict = live.get(key);
  if (verdict === undefined) return true;
  if (verdict.judgedBy === digest) return false;
  return verdict.trackedBy === undefined || verdict.trackedBy === record.settings?.instance;
}

async function look({ key, object, digest }: DesiredObject, context: PassContext): Promise<void> {
  const resource = context.catalog.find(object.apiVersion, object.kind);
  if (!resource) return void context.live.observeAbsent(key, digest);
  const { namespace = '', name } = object.metadata;
  const found = await context.client.get(resource, namespace, name);
  if (found) context.live.observe(found);
  else context.live.observeAbsent(key, digest);
}
