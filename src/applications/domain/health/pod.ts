import type { KubernetesObject } from '../../../kernel/object.js';
import { conditionsOf, fieldAt, listAt, textAt } from './fields.js';
import { degraded, healthy, progressing, unknown, type Health } from './verdict.js';

const WAITS_IN_ERROR = /^Err|Error$|BackOff$/;

/** argocd-behaviour.md 4.11, Pod. */
export function podHealth(object: KubernetesObject): Health {
  const waiting = alwaysRestarts(object) ? containerInError(object) : undefined;
  if (waiting !== undefined) return degraded(waiting);
  const message = textAt(object, 'status', 'message');
  switch (textAt(object, 'status', 'phase')) {
    case 'Pending':
      return progressing(message);
    case 'Succeeded':
      return healthy(message);
    case 'Failed':
      return degraded(message || failureOf(object));
    case 'Running':
      return runningHealth(object, message);
    default:
      return unknown(message);
  }
}

function alwaysRestarts(object: KubernetesObject): boolean {
  if (object.metadata.annotations?.['argocd.argoproj.io/ignore-restart-policy'] === 'true') return true;
  return (textAt(object, 'spec', 'restartPolicy') || 'Always') === 'Always';
}

function containerInError(object: KubernetesObject): string | undefined {
  for (const container of listAt(object, 'status', 'containerStatuses')) {
    const reason = textAt(container, 'state', 'waiting', 'reason');
    if (WAITS_IN_ERROR.test(reason)) return textAt(container, 'state', 'waiting', 'message') || reason;
  }
  return undefined;
}

function failureOf(object: KubernetesObject): string {
  for (const container of listAt(object, 'status', 'containerStatuses')) {
    const reason = textAt(container, 'state', 'terminated', 'reason');
    if (reason !== '' && reason !== 'Completed') return `container ${textAt(container, 'name')}: ${reason}`;
  }
  return '';
}

function runningHealth(object: KubernetesObject, message: string): Health {
  if (!alwaysRestarts(object)) return progressing(message);
  const ready = conditionsOf(object).some(({ type, status }) => type === 'Ready' && status === 'True');
  if (ready) return healthy(message);
  const restarted = listAt(object, 'status', 'containerStatuses').find(
    (container) => fieldAt(container, 'lastState', 'terminated') !== undefined,
  );
  return restarted ? degraded(message || `container ${textAt(restarted, 'name')} restarted`) : progressing(message);
}
