import type { KubernetesObject } from '../../kernel/object.js';
import { list, record, type Fields } from '../fill-in.js';
import type { Occurrence } from './event-recorder.js';

type Told = Pick<Occurrence, 'reason' | 'message' | 'fieldPath'> & { type?: 'Normal' | 'Warning' };

/** What the node of a pod tells when the pod went from one state to the next: pulls, starts, failures, the end. */
export function podEvents(before: KubernetesObject | undefined, pod: KubernetesObject): Told[] {
  const isStopping = pod.metadata.deletionTimestamp !== undefined;
  if (isStopping && before?.metadata.deletionTimestamp === undefined) return stopping(pod);
  if (isStopping || before?.status === pod.status) return [];
  return statusesOf(pod).flatMap((status) => {
    const was = statusesOf(before).find(({ name }) => name === status.name);
    return containerEvents(String(status.name), record(was?.state), status);
  });
}

const statusesOf = (pod: KubernetesObject | undefined): Fields[] =>
  list(record(pod?.status).containerStatuses).map(record);
const pathOf = (name: string): string => `spec.containers{${name}}`;

function stopping(pod: KubernetesObject): Told[] {
  const running = statusesOf(pod).filter(({ state }) => record(state).running !== undefined);
  return running.map(({ name }) => {
    return { reason: 'Killing', message: `Stopping container ${String(name)}`, fieldPath: pathOf(String(name)) };
  });
}

function containerEvents(name: string, was: Fields, { image, state, lastState }: Fields): Told[] {
  const { waiting, running, terminated } = record(state);
  const fieldPath = pathOf(name);
  const why = record(waiting).reason;
  if (why === 'ImagePullBackOff' && record(was.waiting).reason !== why) return unpulled(String(image), fieldPath);
  const hasStarted = running ?? terminated ?? record(lastState).terminated;
  const hadStarted = was.running ?? was.terminated;
  const started = hasStarted === undefined || hadStarted !== undefined ? [] : starting(String(image), fieldPath);
  if (why !== 'CrashLoopBackOff' || record(was.waiting).reason === why) return started;
  const message = `Back-off restarting failed container ${name}`;
  return [...started, { type: 'Warning', reason: 'BackOff', message, fieldPath }];
}

function starting(image: string, fieldPath: string): Told[] {
  return [
    { reason: 'Pulled', message: `Container image "${image}" already present on machine`, fieldPath },
    { reason: 'Created', message: 'Container created', fieldPath },
    { reason: 'Started', message: 'Container started', fieldPath },
  ];
}

function unpulled(image: string, fieldPath: string): Told[] {
  return [
    { reason: 'Pulling', message: `Pulling image "${image}"`, fieldPath },
    { type: 'Warning', reason: 'Failed', message: `Failed to pull image "${image}": not found`, fieldPath },
    { type: 'Warning', reason: 'Failed', message: 'Error: ErrImagePull', fieldPath },
    { reason: 'BackOff', message: `Back-off pulling image "${image}"`, fieldPath },
    { type: 'Warning', reason: 'Failed', message: 'Error: ImagePullBackOff', fieldPath },
  ];
}
