import type { KubernetesObject, ObjectMeta } from '../../src/kernel/object.js';

/** Small manifests as a renderer leaves them: no namespace unless given, no tracking. */
export function configMap(
  name: string,
  data: Record<string, string> = { key: 'value' },
  metadata: Partial<ObjectMeta> = {},
): KubernetesObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, data };
}

export function deployment(name: string, metadata: Partial<ObjectMeta> = {}, image = 'nginx:1'): KubernetesObject {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, ...metadata },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'main', image, resources: { requests: { cpu: '0.5', memory: '64Mi' } } }] },
      },
    },
  };
}

/** Metadata that puts an object in a sync wave. */
export function wave(number: number): Partial<ObjectMeta> {
  return { annotations: { 'argocd.argoproj.io/sync-wave': String(number) } };
}
