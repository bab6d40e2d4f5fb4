import { controllerOf, type KubernetesObject } from '../../kernel/object.js';
import { list, record, type Fields } from '../fill-in.js';
import { qosClassOf } from '../pod-defaults.js';
import { addressOf } from '../service-defaults.js';
import { hasEnded } from './owned-pods.js';
import { isFalse, isTrue, withConditions, type StatusContext, type StatusRule } from './status-rule.js';

/** Pods run once they have a node and their images are there, and end at once where they are to run to an end. */
export const podRule: StatusRule = {
  manager: 'kubelet',
  seen: (object, context) =>
    isBound(object) ? statusOf(object, context, () => waiting('ContainerCreating')) : record(object.status),
  settled: (object, context) =>
    isBound(object) && !hasEnded(object)
      ? statusOf(object, context, (container) => settledState(object, container, context))
      : record(object.status),
};

const isBound = ({ spec }: KubernetesObject): boolean => record(spec).nodeName !== undefined;

interface ContainerState {
  state: Fields;
  isReady: boolean;
  lastState?: Fields;
  restartCount?: number;
}

function settledState(object: KubernetesObject, container: Fields, context: StatusContext): ContainerState {
  const image = String(container.image);
  if (!context.hasImage(image) && !hasStarted(object, container))
    return waiting('ImagePullBackOff', `Back-off pulling image "${image}"`);
  const startedAt = startOf(object, context.at);
  const { restartPolicy } = record(object.spec);
  if (context.crashes(image)) return crashed(object, startedAt, context);
  if (restartPolicy === 'Always') return { state: { running: { startedAt } }, isReady: true };
  return { state: { terminated: { exitCode: 0, reason: 'Completed', startedAt } }, isReady: false };
}

/** Ends with an error: for good, or to be restarted ever later. */
function crashed(object: KubernetesObject, startedAt: unknown, context: StatusContext): ContainerState {
  const terminated = { exitCode: 1, reason: 'Error', startedAt, finishedAt: startedAt };
  if (record(object.spec).restartPolicy === 'Never') return { state: { terminated }, isReady: false };
  const state = { waiting: { reason: 'CrashLoopBackOff', message: 'back-off restarting failed container' } };
  return { state, isReady: false, lastState: { terminated }, restartCount: restartsOf(object, context) };
}

/** Restarts are not waited for: a Job's pod has been restarted as often as its Job allows. */
function restartsOf({ metadata }: KubernetesObject, { peer }: StatusContext): number {
  const owner = controllerOf(metadata);
  if (owner?.kind !== 'Job') return 1;
  const job = peer({ group: 'batch', kind: 'Job', namespace: metadata.namespace ?? '', name: owner.name });
  return Math.max(1, Number(record(job?.spec).backoffLimit ?? 6));
}

/** An image that cannot be pulled any more does not stop what runs from it. */
function hasStarted({ status }: KubernetesObject, { name, image }: Fields): boolean {
  const statuses = list(record(status).containerStatuses).map(record);
  return statuses.some((known) => known.name === name && known.image === image && known.started === true);
}

function waiting(reason: string, message?: string): ContainerState {
  return { state: { waiting: { reason, ...(message === undefined ? {} : { message }) } }, isReady: false };
}

type StateOf = (container: Fields) => ContainerState;

function statusOf(object: KubernetesObject, context: StatusContext, stateOf: StateOf): Fields {
  const { containers, initContainers } = record(object.spec);
  const states = list(containers)
    .map(record)
    .map((container) => ({ container, ...stateOf(container) }));
  const isOver = states.length > 0 && states.every(({ state }) => state.terminated !== undefined);
  const isReady = states.every((container) => container.isReady);
  const isStarted = states.some(({ state, lastState }) => state.waiting === undefined || lastState !== undefined);
  const inits = list(initContainers)
    .map(record)
    .map((container) => containerStatus(container, DONE));
  return {
    phase: isOver ? endPhase(states) : isStarted ? 'Running' : 'Pending',
    startTime: startOf(object, context.at),
    qosClass: qosClassOf(record(object.spec)),
    ...(isStarted
      ? { podIP: addressOf(object.metadata, 'pod'), podIPs: [{ ip: addressOf(object.metadata, 'pod') }] }
      : {}),
    ...(inits.length === 0 ? {} : { initContainerStatuses: inits }),
    containerStatuses: states.map(({ container, ...state }) => containerStatus(container, state)),
    conditions: conditionsOf(object, context, { isOver, isReady }),
  };
}

function endPhase(states: readonly ContainerState[]): string {
  const hasFailed = states.some(({ state }) => record(state.terminated).exitCode !== 0);
  return hasFailed ? 'Failed' : 'Succeeded';
}

const DONE: ContainerState = { state: { terminated: { exitCode: 0, reason: 'Completed' } }, isReady: true };

function containerStatus({ name, image }: Fields, container: ContainerState): Fields {
  const { state, isReady, lastState = {}, restartCount = 0 } = container;
  return { name, image, imageID: '', state, lastState, ready: isReady, started: isReady, restartCount };
}

interface Outcome {
  isOver: boolean;
  isReady: boolean;
}

function conditionsOf(object: KubernetesObject, { at }: StatusContext, { isOver, isReady }: Outcome) {
  const names = list(record(object.spec).containers).map((container) => String(record(container).name));
  const why = `containers with unready status: [${names.join(' ')}]`;
  const ready = (type: string) => {
    if (isOver) return isFalse(type, 'PodCompleted');
    return isReady ? isTrue(type, '') : isFalse(type, 'ContainersNotReady', why);
  };
  const verdicts = [isTrue('Initialized', ''), isTrue('PodScheduled', ''), ready('ContainersReady'), ready('Ready')];
  return withConditions(object, at, verdicts);
}

const startOf = (object: KubernetesObject, at: string): unknown => record(object.status).startTime ?? at;
