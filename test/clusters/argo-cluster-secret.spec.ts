import { describe, expect, it } from 'vitest';
import { clusterOfSecret } from '../../src/clusters/argo-cluster-secret.js';

const TYPE = 'argocd.argoproj.io/secret-type';
const CONFIG = JSON.stringify({ bearerToken: 'correct-horse', tlsClientConfig: { keyData: 'a2V5' } });

function secret(stringData: Record<string, string>, metadata: object = {}) {
  const labels = { [TYPE]: 'cluster', env: 'prod' };
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'cluster-eu', labels, ...metadata }, stringData };
}

describe('an Argo CD cluster Secret', () => {
  it('becomes a Cluster with its name, server, labels, annotations and project', () => {
    const { cluster } = clusterOfSecret(
      secret(
        { name: 'prod-eu', server: 'https://10.0.0.1:6443/', project: 'team-a', config: CONFIG },
        { annotations: { 'corp.example/role': 'reader' } },
      ),
    );
    expect(cluster).toEqual({
      apiVersion: 'fleetwright.io/v1alpha1',
      kind: 'Cluster',
      metadata: {
        name: 'prod-eu',
        namespace: 'argocd',
        labels: { env: 'prod' },
        annotations: { 'corp.example/role': 'reader' },
      },
      spec: { server: 'https://10.0.0.1:6443', project: 'team-a' },
    });
  });

  it('is called as the Secret where it has no name of its own', () => {
    expect(clusterOfSecret(secret({ server: 'https://10.0.0.1' })).cluster.metadata.name).toBe('cluster-eu');
  });

  it('leaves its credentials and every copy of them behind, and says so', () => {
    const copy = JSON.stringify(secret({ config: CONFIG }));
    const annotations = {
      'kubectl.kubernetes.io/last-applied-configuration': copy,
      'kapp.k14s.io/original': copy,
      'managed-by': 'argocd.argoproj.io',
    };
    const { cluster, warnings } = clusterOfSecret(secret({ config: CONFIG }, { annotations }));
    expect(JSON.stringify(cluster)).not.toContain('correct-horse');
    expect(cluster.metadata.annotations).toBeUndefined();
    expect(warnings).toEqual([expect.stringContaining('data.config was dropped')]);
  });

  it('tells what it does not carry over', () => {
    const { warnings } = clusterOfSecret(secret({ namespaces: 'a,b', shard: '1', sever: 'x', clusterResources: '' }));
    expect(warnings.map((warning) => warning.split(' is ')[0])).toEqual([
      'data.namespaces',
      'data.shard',
      'unknown field "data.sever"',
    ]);
  });

  it.each([
    ['a name that no object can have', { name: 'Prod EU' }, 'data.name'],
    ['a server that is no URL', { server: 'correct-horse' }, 'data.server'],
    ['a server with a password', { server: 'https://u:correct-horse@10.0.0.1' }, 'data.server'],
  ])('is invalid with %s, which is not repeated', (_what, data, path) => {
    expect(() => clusterOfSecret(secret(data as Record<string, string>))).toThrow(
      expect.objectContaining({
        code: 'INVALID_DOCUMENT',
        message: expect.not.stringContaining('correct-horse'),
        details: { faults: [{ path, message: expect.not.stringContaining('correct-horse') }] },
      }),
    );
  });
});
