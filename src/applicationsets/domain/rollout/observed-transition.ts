import { jsonEqual } from '../../../kernel/json.js';
import type { ObservedApplication, RolloutEntry, RolloutStatus } from './rollout-entry.js';

/**
 * Where an Application stands by what was observed of it (argocd-behaviour.md 3.6): Waiting when it is new or has
 * another target; then on, as far as its own operation, sync and health carry it. Becoming Pending is not decided here.
 */
export function observedTransition(
  entry: RolloutEntry | undefined,
  application: ObservedApplication,
  { step, at }: { step: string; at: string },
): RolloutEntry {
  const current = entry ?? newEntry(application, { step, at });
  if (!application.settled) return { ...current, step };
  const waiting = pendingChanges({ ...current, step }, application, at);
  if (waiting.status === 'Waiting') return fromWaiting(waiting, application, at);
  const started = waiting.status === 'Pending' ? fromPending(waiting, application, at) : waiting;
  return fromProgressing(started, application, at);
}

function newEntry(
  { uid, target, targetRevisions }: ObservedApplication,
  { step, at }: { step: string; at: string },
): RolloutEntry {
  const message = 'new to the rollout: it waits for its step';
  const common = { applicationUid: uid, step, target, targetRevisions, operationId: null, lastTransitionTime: at };
  return { ...common, status: 'Waiting', message };
}

function pendingChanges(
  entry: RolloutEntry,
  { target, targetRevisions }: ObservedApplication,
  at: string,
): RolloutEntry {
  if (entry.target === target) {
    return jsonEqual(entry.targetRevisions, targetRevisions) ? entry : { ...entry, targetRevisions };
  }
  const revised = !jsonEqual(entry.targetRevisions, targetRevisions);
  const message = revised
    ? 'its source moved to another revision: it waits for its step'
    : 'its spec changed: it waits for its step';
  return { ...moved(entry, 'Waiting', { message, at }), target, targetRevisions, operationId: null };
}

/** What is synced already needs no operation. */
function fromWaiting(entry: RolloutEntry, { sync, health }: ObservedApplication, at: string): RolloutEntry {
  if (sync !== 'Synced') return entry;
  const status = health === 'Healthy' ? 'Healthy' : 'Progressing';
  return moved(entry, status, { message: 'it is synced already: no sync is needed', at });
}

function fromPending(entry: RolloutEntry, { operation, blocked }: ObservedApplication, at: string): RolloutEntry {
  if (operation !== undefined && operation.id === entry.operationId) {
    return moved(entry, 'Progressing', { message: startedMessage(operation.phase), at });
  }
  const message = 'it cannot be synced: see its conditions';
  return blocked ? moved(entry, 'Progressing', { message, at }) : entry;
}

/** Whatever became of the operation: only Synced and Healthy is the end of it. */
function fromProgressing(entry: RolloutEntry, { sync, health }: ObservedApplication, at: string): RolloutEntry {
  if (entry.status !== 'Progressing' || sync !== 'Synced' || health !== 'Healthy') return entry;
  const message = 'it is synced and healthy';
  return moved(entry, 'Healthy', { message, at });
}

function startedMessage(phase: string): string {
  if (phase === 'Running') return 'its sync is running';
  return phase === 'Succeeded' ? 'its sync succeeded: health is awaited' : `its sync ended: ${phase}`;
}

export function moved(
  entry: RolloutEntry,
  status: RolloutStatus,
  { message, at }: { message: string; at: string },
): RolloutEntry {
  return { ...entry, status, message, lastTransitionTime: at };
}
