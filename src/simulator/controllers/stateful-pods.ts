import type { KubernetesObject } from '../../kernel/object.js';
import { list, record, type Fields } from '../fill-in.js';
import { controllerReference } from './owned-objects.js';

export const REVISION_HASH = 'controller-revision-hash';
const POD_NAME = 'statefulset.kubernetes.io/pod-name';
const POD_INDEX = 'apps.kubernetes.io/pod-index';

/** The number at the end of a pod's name; -1 for a pod of another name. */
export function ordinalOf(set: KubernetesObject, { metadata }: KubernetesObject): number {
  const prefix = `${set.metadata.name}-`;
  const rest = metadata.name.startsWith(prefix) ? metadata.name.slice(prefix.length) : '';
  return /^\d+$/.test(rest) ? Number(rest) : -1;
}

/** The labels by which a StatefulSet's pod is known, beside its template's. */
export function identityLabels(name: string, ordinal: number, revision: string): Record<string, string> {
  return { [REVISION_HASH]: revision, [POD_NAME]: name, [POD_INDEX]: String(ordinal) };
}

/** The template with what one pod of a StatefulSet has for itself: host name, and its claims in place of volumes. */
export function ownTemplate(set: KubernetesObject, template: unknown, name: string): Fields {
  const { serviceName, volumeClaimTemplates } = record(set.spec);
  const spec = record(record(template).spec);
  const claims = list(volumeClaimTemplates).map((claim) => String(record(record(claim).metadata).name));
  const own = claims.map((claim) => ({ name: claim, persistentVolumeClaim: { claimName: `${claim}-${name}` } }));
  const others = list(spec.volumes).filter((volume) => !claims.includes(String(record(volume).name)));
  const volumes = [...own, ...others];
  return {
    ...record(template),
    spec: {
      ...spec,
      hostname: name,
      ...(serviceName === undefined || serviceName === '' ? {} : { subdomain: serviceName }),
      ...(volumes.length === 0 ? {} : { volumes }),
    },
  };
}

/** The claims of one pod, as its StatefulSet's templates have them; they outlive it. */
export function claimsOf(set: KubernetesObject, podName: string): KubernetesObject[] {
  const { volumeClaimTemplates, selector, persistentVolumeClaimRetentionPolicy } = record(set.spec);
  const goesWithSet = record(persistentVolumeClaimRetentionPolicy).whenDeleted === 'Delete';
  return list(volumeClaimTemplates).map((claim) => {
    const { metadata, spec } = record(claim);
    const { name, labels, annotations } = record(metadata);
    return {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {
        name: `${String(name)}-${podName}`,
        namespace: set.metadata.namespace ?? '',
        labels: { ...record(labels), ...record(record(selector).matchLabels) } as Record<string, string>,
        ...(annotations === undefined ? {} : { annotations: annotations as Record<string, string> }),
        ...(goesWithSet ? { ownerReferences: [controllerReference(set)] } : {}),
      },
      spec,
    };
  });
}
