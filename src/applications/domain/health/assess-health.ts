import { groupOf, type KubernetesObject } from '../../../kernel/object.js';
import { customResourceDefinitionHealth } from './custom-resource-definition.js';
import { daemonSetHealth } from './daemon-set.js';
import { deploymentHealth } from './deployment.js';
import { ingressHealth, serviceHealth } from './exposure.js';
import { externalSecretsHealth } from './external-secrets.js';
import { jobHealth } from './job.js';
import { namespaceHealth } from './namespace.js';
import { persistentVolumeClaimHealth } from './persistent-volume-claim.js';
import { podHealth } from './pod.js';
import { replicaSetHealth } from './replica-set.js';
import { statefulSetHealth } from './stateful-set.js';
import { progressing, type Health } from './verdict.js';

const RULES = new Map<string, (object: KubernetesObject) => Health>([
  ['/Namespace', namespaceHealth],
  ['/PersistentVolumeClaim', persistentVolumeClaimHealth],
  ['/Pod', podHealth],
  ['/Service', serviceHealth],
  ['apiextensions.k8s.io/CustomResourceDefinition', customResourceDefinitionHealth],
  ['apps/DaemonSet', daemonSetHealth],
  ['apps/Deployment', deploymentHealth],
  ['apps/ReplicaSet', replicaSetHealth],
  ['apps/StatefulSet', statefulSetHealth],
  ['batch/Job', jobHealth],
  ['extensions/Ingress', ingressHealth],
  ['networking.k8s.io/Ingress', ingressHealth],
  ['external-secrets.io/ClusterSecretStore', externalSecretsHealth],
  ['external-secrets.io/ExternalSecret', externalSecretsHealth],
  ['external-secrets.io/PushSecret', externalSecretsHealth],
  ['external-secrets.io/SecretStore', externalSecretsHealth],
]);

/**
 * How a live object does; null for a kind that has no check, which then counts for nothing. An object on its way out
 * is Progressing whatever its kind (argocd-behaviour.md 4.11).
 */
export function assessHealth(object: KubernetesObject): Health | null {
  if (object.metadata.deletionTimestamp !== undefined) return progressing('Pending deletion');
  return RULES.get(`${groupOf(object.apiVersion)}/${object.kind}`)?.(object) ?? null;
}
