import { describe, expect, it } from 'vitest';
import { isAgentsOwn } from '../../../src/dispatch/agent/agent-namespace.js';

const OWN = 'fleetwright-agent';
const RBAC = 'rbac.authorization.k8s.io';

describe("the agent's own objects", () => {
  it.each([
    ['its namespace', '', 'Namespace', '', OWN],
    ['what it remembers', '', 'ConfigMap', OWN, 'any'],
    ['its key', '', 'Secret', OWN, 'any'],
    ['its Deployment, whose environment is its ceiling', 'apps', 'Deployment', OWN, OWN],
    ['a pod that could read its key', '', 'Pod', OWN, 'any'],
    ['roles in its namespace', RBAC, 'RoleBinding', OWN, 'any'],
    ['its rights over the cluster', RBAC, 'ClusterRoleBinding', '', OWN],
  ])('are %s', (_, group, kind, namespace, name) => {
    expect(isAgentsOwn({ group, kind, namespace, name })).toBe(true);
  });

  it.each([
    ['namespaces of others', '', 'Namespace', '', 'shop'],
    ['objects of its name elsewhere', 'apps', 'Deployment', 'shop', OWN],
    ['rights of others', RBAC, 'ClusterRole', '', 'shop'],
    ['other kinds of its name', 'storage.k8s.io', 'StorageClass', '', OWN],
  ])('are not %s', (_, group, kind, namespace, name) => {
    expect(isAgentsOwn({ group, kind, namespace, name })).toBe(false);
  });
});
