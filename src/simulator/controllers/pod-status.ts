import type { KubernetesObject } from '../../kernel/object.js';
import { list, record, type Fields } from '../fill-in.js';
import { qosClassOf } from '../pod-defaults.js';
import { addressOf } from '../service-defaults.js';
import { isFalse, isTrue, withConditions, type StatusContext, type StatusRule } from './status-rule.js';

/** Pods run once their images are there, and end at once where they are to run to an end. */
export const podRule: StatusRule = {
  manager: 'kubelet',
  seen: (object, context) => statusOf(object, context, () => waiting('ContainerCreating')),
  settled: (object, context) => statusOf(object, context, (container) => settledState(object, container, context)),
};

interface ContainerState {
  state: Fields;
  isReady: boolean;
}

function settledState(object: KubernetesObject, container: Fields, context: StatusContext): ContainerState {
  const image = String(container.image);
  if (!context.hasImage(image) && !hasStarted(object, container))
    return waiting('ImagePullBackOff', `Back-off pulling image "${image}"`);
  const startedAt = startOf(object, context.at);
  if (record(object.spec).restartPolicy === 'Always') return { state: { running: { startedAt } }, isReady: true };
  return { state: { terminated: { exitCode: 0, reason: 'Completed', startedAt } }, isReady: false };
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
  const hasEnded = states.length > 0 && states.every(({ state }) => state.terminated !== undefined);
  const isReady = states.every((container) => container.isReady);
  const isStarted = states.some(({ state }) => state.waiting === undefined);
  const inits = list(initContainers)
    .map(record)
    .map((container) => containerStatus(container, DONE));
  return {
    phase: hasEnded ? 'Succeeded' : isStarted ? 'Running' : 'Pending',
    startTime: startOf(object, context.at),
    qosClass: qosClassOf(record(object.spec)),
    ...(isStarted
      ? { podIP: addressOf(object.metadata, 'pod'), podIPs: [{ ip: addressOf(object.metadata, 'pod') }] }
      : {}),
    ...(inits.length === 0 ? {} : { initContainerStatuses: inits }),
    containerStatuses: states.map(({ container, ...state }) => containerStatus(container, state)),
    conditions: conditionsOf(object, context, { hasEnded, isReady }),
  };
}

const DONE: ContainerState = { state: { terminated: { exitCode: 0, reason: 'Completed' } }, isReady: true };

function containerStatus({ name, image }: Fields, { state, isReady }: ContainerState): Fields {
  return { name, image, imageID: '', state, lastState: {}, ready: isReady, started: isReady, restartCount: 0 };
}

interface Outcome {
  hasEnded: boolean;
  isReady: boolean;
}

function conditionsOf(object: KubernetesObject, { at }: StatusContext, { hasEnded, isReady }: Outcome) {
  const names = list(record(object.spec).containers).map((container) => String(record(container).name));
  const why = `containers with unready status: [${names.join(' ')}]`;
  const ready = (type: string) => {
    if (hasEnded) return isFalse(type, 'PodCompleted');
    return isReady ? isTrue(type, '') : isFalse(type, 'ContainersNotReady', why);
  };
  const verdicts = [isTrue('Initialized', ''), isTrue('PodScheduled', ''), ready('ContainersReady'), ready('Ready')];
  return withConditions(object, at, verdicts);
}

const startOf = (object: KubernetesObject, at: string): unknown => record(object.status).startTime ?? at;
