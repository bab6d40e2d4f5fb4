import type { KubernetesObject } from '../../src/kernel/object.js';

interface DeploymentOptions {
  image?: string;
  namespace?: string;
  labels?: Record<string, string>;
  spec?: Record<string, unknown>;
}

/** A Deployment of one container, as a repository would hold it. */
export function deployment(name: string, options: DeploymentOptions = {}): KubernetesObject {
  const { image = 'nginx:1', namespace = 'default', labels = { app: name }, spec = {} } = options;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels },
    spec: {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image }] } },
      ...spec,
    },
  };
}

export function configMap(name: string, data: Record<string, string> = {}, namespace = 'default'): KubernetesObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data };
}

export function namespaceObject(name: string): KubernetesObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

/** A definition of a namespaced kind `Widget` of group `example.com`, with a status of its own. */
export function widgetDefinition(): KubernetesObject {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { kind: 'Widget', plural: 'widgets' },
      versions: [{ name: 'v1', served: true, storage: true, schema, subresources: { status: {} } }],
    },
  };
}
