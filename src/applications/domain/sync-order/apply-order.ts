import type { KubernetesObject } from '../../../kernel/object.js';
import { phasesOf, SYNC_PHASES } from './hook-phases.js';
import { syncOrder } from './sync-order.js';

/**
 * Stamped objects and hooks in the order in which a sync meets them first: phase, wave, kind, name. Hooks that no phase
 * knows come last: they are never applied (argocd-behaviour.md 4.7).
 */
export function applyOrder(objects: readonly KubernetesObject[]): KubernetesObject[] {
  const phases = [...SYNC_PHASES, undefined];
  return phases.flatMap((phase) => {
    const ofPhase = objects.filter(({ metadata }) => phasesOf(metadata)[0] === phase);
    return syncOrder(ofPhase).flatMap(({ groups }) => groups.flat());
  });
}
