import type { KubernetesObject } from '../../../kernel/object.js';
import { fieldAt, isBehind, numberAt, textAt } from './fields.js';
import { healthy, progressing, type Health } from './verdict.js';

/** argocd-behaviour.md 4.11, apps/StatefulSet. */
export function statefulSetHealth(object: KubernetesObject): Health {
  if (numberAt(object, ['status', 'observedGeneration']) === 0 || isBehind(object)) {
    return progressing('Waiting for the newest generation to be observed');
  }
  const wanted = numberAt(object, ['spec', 'replicas']);
  const ready = numberAt(object, ['status', 'readyReplicas']);
  if (ready < wanted) return progressing(`${ready} of ${wanted} replicas are ready`);
  if (fieldAt(object, 'spec', 'updateStrategy', 'rollingUpdate') !== undefined) return partitioned(object, wanted);
  if (textAt(object, 'spec', 'updateStrategy', 'type') === 'OnDelete') return healthy();
  const [update, current] = ['updateRevision', 'currentRevision'].map((name) => textAt(object, 'status', name));
  if (update !== current) return progressing(`Waiting for the update to revision ${update}`);
  return healthy();
}

function partitioned(object: KubernetesObject, wanted: number): Health {
  const partition = numberAt(object, ['spec', 'updateStrategy', 'rollingUpdate', 'partition']);
  const updated = numberAt(object, ['status', 'updatedReplicas']);
  const due = wanted - partition;
  return updated < due ? progressing(`${updated} of ${due} new replicas have been updated`) : healthy();
}
