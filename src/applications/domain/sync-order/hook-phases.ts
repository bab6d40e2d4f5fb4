import type { ObjectMeta } from '../../../kernel/object.js';
import { hookOf } from './hook-of.js';

/** When a hook runs, in the order of a sync (argocd-behaviour.md 4.7); an ordinary object runs with `Sync`. */
export const SYNC_PHASES = ['PreSync', 'Sync', 'PostSync', 'SyncFail', 'PreDelete', 'PostDelete'] as const;
export type SyncPhase = (typeof SYNC_PHASES)[number];

const OF_HELM: Readonly<Record<string, SyncPhase>> = {
  'pre-install': 'PreSync',
  'pre-upgrade': 'PreSync',
  'post-install': 'PostSync',
  'post-upgrade': 'PostSync',
  'pre-delete': 'PreDelete',
  'post-delete': 'PostDelete',
};

/** The phases of an object; none for a hook that no phase knows, such as Helm's tests. */
export function phasesOf(metadata: ObjectMeta): readonly SyncPhase[] {
  const hook = hookOf(metadata);
  if (hook === undefined) return ['Sync'];
  const types = hook.split(',').map((type) => type.trim());
  return SYNC_PHASES.filter((phase) => types.some((type) => type === phase || OF_HELM[type] === phase));
}
