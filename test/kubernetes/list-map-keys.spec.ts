import { describe, expect, it } from 'vitest';
import { listMapKeys } from '../../src/kubernetes/list-map-keys.js';

const at = (group: string, kind: string, path: string) => listMapKeys(group, kind, path.split('.'));

describe('lists of built-in kinds', () => {
  it.each([
    ['', 'Pod', 'spec.containers', ['name']],
    ['apps', 'Deployment', 'spec.template.spec.containers', ['name']],
    ['apps', 'Deployment', 'spec.template.spec.containers.ports', ['containerPort', 'protocol']],
    ['apps', 'StatefulSet', 'spec.template.spec.initContainers.env', ['name']],
    ['batch', 'CronJob', 'spec.jobTemplate.spec.template.spec.volumes', ['name']],
    ['batch', 'Job', 'spec.template.spec.containers.volumeMounts', ['mountPath']],
    ['', 'Service', 'spec.ports', ['port', 'protocol']],
    ['apps', 'Deployment', 'status.conditions', ['type']],
    ['', 'ConfigMap', 'metadata.ownerReferences', ['uid']],
    ['', 'ConfigMap', 'metadata.finalizers', 'set'],
  ])('merges %s/%s %s by %j', (group, kind, path, keys) => {
    expect(at(group, kind, path)).toEqual(keys);
  });

  it.each([
    ['apps', 'Deployment', 'spec.template.spec.containers.args'],
    ['apps', 'Deployment', 'spec.template.spec.tolerations'],
    ['networking.k8s.io', 'Ingress', 'spec.rules'],
    ['rbac.authorization.k8s.io', 'ClusterRole', 'rules'],
    ['batch', 'Job', 'status.conditions'],
    ['example.com', 'Widget', 'spec.containers'],
    ['apps', 'constructor', 'spec.containers'],
    ['', 'ConfigMap', '__proto__.constructor'],
  ])('treats %s/%s %s as one atomic value', (group, kind, path) => {
    expect(at(group, kind, path)).toBeUndefined();
  });
});
