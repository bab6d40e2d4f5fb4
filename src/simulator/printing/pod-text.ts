import type { KubernetesObject } from '../../kernel/object.js';
import { list, record } from '../fill-in.js';
import { ageOf } from './age.js';

/** The word under STATUS: the phase, or what keeps a container from running. */
export function stateText({ metadata, status }: KubernetesObject): string {
  const { phase = 'Unknown', reason = phase, containerStatuses } = record(status);
  if (metadata.deletionTimestamp !== undefined) return 'Terminating';
  const troubles = list(containerStatuses).flatMap((container) => {
    const { waiting, terminated } = record(record(container).state);
    const word = record(waiting).reason ?? record(terminated).reason;
    return word === undefined ? [] : [String(word)];
  });
  return troubles[0] ?? String(reason);
}

/** How often containers were restarted, and how long ago the last time. */
export function restartsText({ status }: KubernetesObject, now: Date): string {
  const statuses = list(record(status).containerStatuses).map(record);
  const restarts = statuses.reduce((sum, { restartCount }) => sum + Number(restartCount ?? 0), 0);
  const ends = statuses.flatMap(({ lastState }) => {
    const { finishedAt } = record(record(lastState).terminated);
    return typeof finishedAt === 'string' ? [finishedAt] : [];
  });
  const last = ends.sort().at(-1);
  return restarts === 0 || last === undefined ? String(restarts) : `${restarts} (${ageOf(last, now)} ago)`;
}
