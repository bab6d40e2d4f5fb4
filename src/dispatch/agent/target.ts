import { digestJson } from '../../kernel/digest.js';
import { objectId, objectKey, type KubernetesObject } from '../../kernel/object.js';
import { declaredScopes } from '../../applications/domain/declared-scopes.js';
import { hookOf } from '../../applications/domain/sync-order/hook-of.js';
import { syncOrder } from '../../applications/domain/sync-order/sync-order.js';
import type { Bundle } from '../../rendering/domain/bundle.js';
import { stampObject } from '../../rendering/domain/stamp.js';
import type { DeliverySettings } from '../protocol/delivery.js';

export interface DesiredObject {
  key: string;
  object: KubernetesObject;
  digest: string;
  wave: number;
}

/** What one Application should be on this cluster: the bundle's objects, stamped and in the order they are applied. */
export interface Target {
  /** Names the stamped content: two targets of one id are the same objects. */
  id: string;
  bundleDigest: string;
  /** Waves, each with its groups of one kind. */
  waves: DesiredObject[][][];
  objects: Map<string, DesiredObject>;
  /** Objects with a hook annotation; not applied by this version, and reported. */
  hooks: { object: KubernetesObject; types: string }[];
}

export interface TargetPlace {
  bundleDigest: string;
  hubId: string;
  settings: DeliverySettings;
  isNamespaced: (group: string, kind: string) => boolean | undefined;
}

/** Of two objects with one identity the last one counts, as in Argo CD. */
export function buildTarget(bundle: Bundle, { bundleDigest, hubId, settings, isNamespaced }: TargetPlace): Target {
  const ofBundle = declaredScopes(bundle.objects);
  const stamp = {
    hubId,
    instance: settings.instance,
    destinationNamespace: settings.destinationNamespace,
    isNamespaced: (group: string, kind: string) => isNamespaced(group, kind) ?? ofBundle.get(`${group}/${kind}`),
  };
  const stamped = bundle.objects.map((object) => stampObject(object, stamp));
  const ordinary = new Map<string, KubernetesObject>();
  const hooks: Target['hooks'] = [];
  for (const object of stamped) {
    const types = hookOf(object.metadata);
    if (types === undefined) ordinary.set(objectKey(objectId(object)), object);
    else hooks.push({ object, types });
  }
  const waves = syncOrder([...ordinary.values()]).map(({ wave, groups }) =>
    groups.map((group) => group.map((object) => desired(object, wave))),
  );
  const all = waves.flat(2);
  const id = digestJson(all.map(({ key, digest }) => [key, digest]));
  return { id, bundleDigest, waves, hooks, objects: new Map(all.map((object) => [object.key, object])) };
}

function desired(object: KubernetesObject, wave: number): DesiredObject {
  return { key: objectKey(objectId(object)), object, wave, digest: digestJson(object).slice(0, 'sha256:'.length + 24) };
}
