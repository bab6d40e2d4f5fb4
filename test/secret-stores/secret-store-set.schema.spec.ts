import { describe, expect, it } from 'vitest';
import { checkDocument } from '../../src/documents/validate-document.js';
import { secretStoreSetSchema } from '../../src/secret-stores/domain/secret-store-set.schema.js';

const spec = {
  project: 'platform',
  goTemplate: true,
  generators: [{ clusters: { selector: { matchLabels: { tenant: 'true' } } } }],
  destination: { name: '{{.name}}' },
  template: {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ClusterSecretStore',
    metadata: { name: 'aws' },
    spec: { provider: { aws: { service: 'SecretsManager', role: '{{ index .metadata.annotations "aws/role" }}' } } },
  },
};

const check = (changed: object) =>
  checkDocument(
    {
      apiVersion: 'fleetwright.io/v1alpha1',
      kind: 'SecretStoreSet',
      metadata: { name: 'aws' },
      spec: { ...spec, ...changed },
    },
    secretStoreSetSchema,
    false,
  );

describe('the SecretStoreSet schema', () => {
  it('leaves the store itself free-form', () => {
    expect(check({}).warnings).toEqual([]);
  });

  it('needs a project, which must permit the store', () => {
    expect(() => check({ project: undefined })).toThrow('spec.project: is required');
  });

  it('makes stores only', () => {
    expect(() => check({ template: { ...spec.template, kind: 'Secret' } })).toThrow('spec.template.kind');
  });
});
