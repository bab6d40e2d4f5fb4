import { groupOf, type KubernetesObject } from '../../kernel/object.js';

export const TRACKING_ANNOTATION = 'argocd.argoproj.io/tracking-id';
export const HUB_LABEL = 'fleetwright.io/hub';

export interface Stamp {
  /** Absent where no hub is asked: the object then carries no label of one. */
  hubId?: string;
  /** First part of the tracking id (settings.instance). */
  instance: string;
  destinationNamespace: string;
  /** Whether a kind lives in namespaces; undefined when the cluster does not serve it (then the manifest's word counts). */
  isNamespaced: (group: string, kind: string) => boolean | undefined;
}

/**
 * A bundle's object as it is applied to one cluster: default namespace, tracking annotation, hub label.
 * The agent and every preview use this one function, so that what is shown is what is applied.
 * Rule of the tracking id: argocd-behaviour.md 4.8.
 */
export function stampObject(object: KubernetesObject, stamp: Stamp): KubernetesObject {
  const group = groupOf(object.apiVersion);
  const { namespace: _replaced, ...metadata } = object.metadata;
  const written = object.metadata.namespace || undefined;
  const namespaced = stamp.isNamespaced(group, object.kind) ?? written !== undefined;
  const given = written ?? stamp.destinationNamespace;
  const namespace = namespaced && given !== '' ? given : undefined;
  const tracking = { ...metadata.annotations, [TRACKING_ANNOTATION]: trackingId(stamp.instance, object, given) };
  return {
    ...object,
    metadata: {
      ...metadata,
      ...(namespace === undefined ? {} : { namespace }),
      ...(stamp.hubId === undefined ? {} : { labels: { ...metadata.labels, [HUB_LABEL]: stamp.hubId } }),
      ...(isTracked(object, stamp) ? { annotations: tracking } : {}),
    },
  };
}

/** Argo CD leaves definitions unmarked, and so prints them; an agent marks them, to know whose they are. */
function isTracked({ apiVersion, kind }: KubernetesObject, { hubId }: Stamp): boolean {
  return hubId !== undefined || kind !== 'CustomResourceDefinition' || groupOf(apiVersion) !== 'apiextensions.k8s.io';
}

/** `<instance>:<group>/<kind>:<namespace>/<name>` (argocd-behaviour.md 4.8). */
export function trackingId(instance: string, object: KubernetesObject, namespace: string): string {
  return `${instance}:${groupOf(object.apiVersion)}/${object.kind}:${namespace}/${object.metadata.name ?? ''}`;
}
