import type { ManagedApplication } from '../managed-applications.js';
import type { PassContext } from './pass-context.js';

/**
 * A hub that lost its memory makes an Application anew under another uid. The one it no longer names must not heal against
 * it: it is forgotten, as if it had been orphaned, and what only it had is left in place, since nobody asked for a removal.
 * One that is unowned itself is nobody's heir, and goes on healing.
 */
export async function forgetPredecessors(heir: ManagedApplication, context: PassContext): Promise<void> {
  if (context.unowned.has(heir.record.uid)) return;
  const instance = heir.record.settings?.instance;
  const former = context.applications
    .all()
    .filter((other) => context.unowned.has(other.record.uid) && other.record.settings?.instance === instance);
  for (const { record } of former) {
    await context.memory.forget(record.uid);
    context.applications.remove(record.uid);
    context.unowned.delete(record.uid);
    const left = [...record.inventory.keys()].filter((key) => heir.target?.objects.has(key) !== true);
    context.logger.warn(
      { application: heir.record.uid, former: record.uid, left },
      'took over from an unowned Application',
    );
  }
}
