import { TRACKING_ANNOTATION } from '../../rendering/domain/stamp.js';
import { groupOf, type KubernetesObject } from '../../kernel/object.js';

/** Whom a live object's tracking annotation names: `instance` is `<name>` or `<namespace>_<name>`. */
export interface Tracking {
  instance: string;
  group: string;
  kind: string;
  namespace: string;
  name: string;
}

const TRACKING_ID = /^([^:]+):([^/]*)\/([^:]+):([^/]*)\/(.+)$/;

export function trackingOf(object: KubernetesObject): Tracking | undefined {
  const match = TRACKING_ID.exec(object.metadata.annotations?.[TRACKING_ANNOTATION] ?? '');
  if (!match) return undefined;
  const [, instance = '', group = '', kind = '', namespace = '', name = ''] = match;
  return { instance, group, kind, namespace, name };
}

/**
 * True when the live object says that it belongs to this Application and speaks of itself: an annotation that was
 * copied from another object proves nothing (argocd-behaviour.md 4.8). Cluster-scoped objects carry the destination
 * namespace in the id, so a namespace is compared only where the object has one.
 */
export function isTrackedBy(object: KubernetesObject, instance: string): boolean {
  const tracking = trackingOf(object);
  if (tracking?.instance !== instance) return false;
  const { namespace, name } = object.metadata;
  return (
    tracking.kind === object.kind &&
    tracking.group === groupOf(object.apiVersion) &&
    tracking.name === name &&
    (namespace === undefined || namespace === tracking.namespace)
  );
}
