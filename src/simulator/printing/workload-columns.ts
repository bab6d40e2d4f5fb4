import type { KubernetesObject } from '../../kernel/object.js';
import { list, record, type Fields } from '../fill-in.js';
import { ageOf, humanDuration } from './age.js';
import { AGE, count, labelsText, orNone, selectorText, specOf, statusOf, text, wide, type Column } from './column.js';
import { restartsText, stateText } from './pod-text.js';

function containersOf(object: KubernetesObject): Fields[] {
  const spec = specOf(object);
  const template = record(record(record(spec.jobTemplate).spec ?? spec).template);
  return list(record(template.spec).containers).map(record);
}

const joined = (name: string, field: string): Column =>
  wide(
    text(name, (object) =>
      containersOf(object)
        .map((container) => container[field])
        .join(','),
    ),
  );
const CONTAINERS = joined('Containers', 'name');
const IMAGES = joined('Images', 'image');
const SELECTOR = wide(text('Selector', (object) => selectorText(specOf(object).selector)));

const replicated: readonly Column[] = [
  count('Desired', (object) => specOf(object).replicas),
  count('Current', (object) => statusOf(object).replicas),
  count('Ready', (object) => statusOf(object).readyReplicas),
  AGE,
  CONTAINERS,
  IMAGES,
];

function readyOfWanted(object: KubernetesObject): string {
  return `${Number(statusOf(object).readyReplicas ?? 0)}/${Number(specOf(object).replicas ?? 0)}`;
}

function jobStatus(object: KubernetesObject): string {
  const isTrue = (type: string): boolean =>
    list(statusOf(object).conditions)
      .map(record)
      .some((found) => found.type === type && found.status === 'True');
  if (isTrue('Complete')) return 'Complete';
  if (isTrue('Failed')) return 'Failed';
  if (object.metadata.deletionTimestamp !== undefined) return 'Terminating';
  if (isTrue('Suspended')) return 'Suspended';
  if (isTrue('FailureTarget')) return 'FailureTarget';
  return isTrue('SuccessCriteriaMet') ? 'SuccessCriteriaMet' : 'Running';
}

function jobCompletions(object: KubernetesObject): string {
  const { completions, parallelism } = specOf(object);
  const succeeded = Number(statusOf(object).succeeded ?? 0);
  if (typeof completions === 'number') return `${succeeded}/${completions}`;
  return Number(parallelism ?? 1) > 1 ? `${succeeded}/1 of ${String(parallelism)}` : `${succeeded}/1`;
}

function jobDuration(object: KubernetesObject, now: Date): string {
  const { startTime, completionTime } = statusOf(object);
  if (typeof startTime !== 'string') return '';
  const end = typeof completionTime === 'string' ? Date.parse(completionTime) : now.getTime();
  return humanDuration(end - Date.parse(startTime));
}

const pod: readonly Column[] = [
  text('Ready', (object) => {
    const statuses = list(statusOf(object).containerStatuses).map(record);
    return `${statuses.filter(({ ready }) => ready === true).length}/${list(specOf(object).containers).length}`;
  }),
  text('Status', stateText),
  text('Restarts', restartsText),
  AGE,
  wide(text('IP', (object) => orNone(statusOf(object).podIP))),
  wide(text('Node', (object) => orNone(specOf(object).nodeName))),
  wide(text('Nominated Node', (object) => orNone(statusOf(object).nominatedNodeName))),
  wide(text('Readiness Gates', () => '<none>')),
];

/** Columns of pods and of what runs them, after the name. */
export const WORKLOAD_COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  pods: pod,
  replicationcontrollers: [...replicated, wide(text('Selector', (object) => labelsText(specOf(object).selector)))],
  'replicasets.apps': [...replicated, SELECTOR],
  'deployments.apps': [
    text('Ready', readyOfWanted),
    count('Up-to-date', (object) => statusOf(object).updatedReplicas),
    count('Available', (object) => statusOf(object).availableReplicas),
    AGE,
    CONTAINERS,
    IMAGES,
    SELECTOR,
  ],
  'statefulsets.apps': [text('Ready', readyOfWanted), AGE, CONTAINERS, IMAGES],
  'daemonsets.apps': [
    count('Desired', (object) => statusOf(object).desiredNumberScheduled),
    count('Current', (object) => statusOf(object).currentNumberScheduled),
    count('Ready', (object) => statusOf(object).numberReady),
    count('Up-to-date', (object) => statusOf(object).updatedNumberScheduled),
    count('Available', (object) => statusOf(object).numberAvailable),
    text('Node Selector', (object) => labelsText(record(record(specOf(object).template).spec).nodeSelector)),
    AGE,
    CONTAINERS,
    IMAGES,
    SELECTOR,
  ],
  'jobs.batch': [
    text('Status', jobStatus),
    text('Completions', jobCompletions),
    text('Duration', jobDuration),
    AGE,
    CONTAINERS,
    IMAGES,
    SELECTOR,
  ],
  'cronjobs.batch': [
    text('Schedule', (object) => orNone(specOf(object).schedule)),
    text('Timezone', (object) => orNone(specOf(object).timeZone)),
    text('Suspend', (object) => (specOf(object).suspend === true ? 'True' : 'False')),
    count('Active', (object) => list(statusOf(object).active).length),
    text('Last Schedule', (object, now) => {
      const { lastScheduleTime } = statusOf(object);
      return lastScheduleTime === undefined ? '<none>' : ageOf(lastScheduleTime, now);
    }),
    AGE,
    CONTAINERS,
    IMAGES,
    wide(text('Selector', () => '<none>')),
  ],
};
