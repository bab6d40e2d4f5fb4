import { describe, expect, it } from 'vitest';
import { placedKeys } from '../../../src/applications/domain/bundle-keys.js';
import { buildTarget } from '../../../src/dispatch/agent/target.js';
import type { DeliverySettings } from '../../../src/dispatch/protocol/delivery.js';
import { objectId, type KubernetesObject } from '../../../src/kernel/object.js';
import { checkManifests } from '../../../src/rendering/domain/check-manifests.js';

const settings = { instance: 'web', destinationNamespace: 'shop' } as DeliverySettings;
const place = { bundleDigest: 'sha256:0', hubId: 'hub', settings, isNamespaced: () => true };

function bundleOf(...manifests: object[]) {
  const checked = checkManifests(manifests.map((value) => ({ origin: 'f', value })));
  if (!checked.ok) throw new Error(checked.error.message);
  return { version: 1 as const, objects: checked.value.objects };
}

const configMap = (data: object, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', ...more },
  data,
});

describe('what an Application should be on a cluster', () => {
  const bare = configMap({ of: 'bare' });
  const placed = configMap({ of: 'placed' }, { namespace: 'shop' });

  it.each([
    ['placed', [bare, placed]],
    ['bare', [placed, bare]],
  ])('is the last of those that are one once the default namespace is filled in: %s', (of, manifests) => {
    const bundle = bundleOf(...manifests);
    const { objects } = buildTarget(bundle, place);
    expect([...objects.values()].map(({ object }) => object['data'])).toEqual([{ of }]);
    expect(placedKeys(bundle.objects.map(objectId), () => true, 'shop')).toEqual(['/ConfigMap/shop/a']);
  });

  it('holds hooks that wait for their names, each by itself', () => {
    const annotations = { 'argocd.argoproj.io/hook': 'PreSync' };
    const hook: object = { apiVersion: 'batch/v1', kind: 'Job', metadata: { generateName: 'migrate-', annotations } };
    const { objects, hooks } = buildTarget(bundleOf(hook, hook), place);
    expect([objects.size, hooks.length]).toEqual([0, 2]);
  });

  it('marks definitions as its own, which prints of it do not', () => {
    const definition: KubernetesObject = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'a.b.c' },
    };
    const [{ object } = { object: definition }] = buildTarget(bundleOf(definition), place).objects.values();
    expect(object.metadata.annotations).toMatchObject({
      'argocd.argoproj.io/tracking-id': 'web:apiextensions.k8s.io/CustomResourceDefinition:shop/a.b.c',
    });
  });
});
