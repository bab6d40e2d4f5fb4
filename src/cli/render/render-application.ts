import { declaredScopes } from '../../applications/domain/declared-scopes.js';
import { renderedSecrets } from '../../applications/domain/rendered-secrets.js';
import { renderRequestOf } from '../../applications/domain/render-request.js';
import { applyOrder } from '../../applications/domain/sync-order/apply-order.js';
import { instanceOf } from '../../applications/domain/sync-settings.js';
import { objectId, objectKey, type KubernetesObject } from '../../kernel/object.js';
import { ok, type Result } from '../../kernel/result.js';
import { isClusterScopedKind } from '../../kubernetes/cluster-scoped-kinds.js';
import { maskSecret } from '../../kubernetes/mask-secret.js';
import { checkManifests, holdsSecrets, MANIFEST_LIMITS, unfoldList } from '../../rendering/domain/check-manifests.js';
import type { TargetCluster } from '../../rendering/domain/render-request.js';
import { stampObject } from '../../rendering/domain/stamp.js';
import { prepareSources, type SourceReaders } from '../../rendering/prepare-sources.js';
import type { GivenApplication } from './given-applications.js';

export interface RenderedApplication {
  /** Secrets without their values. */
  objects: KubernetesObject[];
  warnings: string[];
}

export interface RenderSettings {
  sources: SourceReaders;
  cluster: TargetCluster;
  raw: boolean;
}

/** What an Application would send to its cluster, or why it would send nothing. */
export async function renderApplication(
  application: GivenApplication,
  { sources, cluster, raw }: RenderSettings,
): Promise<Result<RenderedApplication, { code: string; message: string }>> {
  const { name, namespace, spec } = application;
  const request = renderRequestOf({ metadata: { name, namespace }, spec }, cluster);
  if (!request.ok) return request;
  const prepared = await prepareSources(sources, request.value);
  if (!prepared.ok) return prepared;
  const rendered = await prepared.value.render();
  if (!rendered.ok) return rendered;
  const checked = checkManifests(rendered.value.documents, MANIFEST_LIMITS, 'warn');
  if (!checked.ok) return checked;
  const found = checked.value.objects;
  const secrets = renderedSecrets({ objects: found.map(objectId), sensitive: holdsSecrets(found) });
  const warnings = [...rendered.value.warnings, ...checked.value.warnings, ...(secrets === undefined ? [] : [secrets])];
  const printed = rendered.value.documents.flatMap(unfoldList).map(({ value }) => value as KubernetesObject);
  const objects = raw ? printed : placedObjects(checked.value.objects, application, warnings);
  return ok({ objects: objects.map(maskSecret), warnings });
}

/** As they would be applied: default namespace, tracking annotation, order. A kind that nobody knows counts as namespaced. */
function placedObjects(
  objects: readonly KubernetesObject[],
  application: GivenApplication,
  warnings: string[],
): KubernetesObject[] {
  const declared = declaredScopes(objects);
  const isNamespaced = (group: string, kind: string): boolean =>
    declared.get(`${group}/${kind}`) ?? !isClusterScopedKind(group, kind);
  const stamp = {
    instance: instanceOf(application),
    destinationNamespace: application.spec.destination.namespace ?? '',
    isNamespaced,
  };
  const stamped = objects.map((object) => stampObject(object, stamp));
  return applyOrder(lastOfEach(stamped, warnings));
}

/** Two objects may turn out to be one once the default namespace is filled in (argocd-behaviour.md 4.1). */
function lastOfEach(stamped: readonly KubernetesObject[], warnings: string[]): KubernetesObject[] {
  const last = new Map<string, KubernetesObject>();
  for (const [index, object] of stamped.entries()) {
    const key = objectKey(objectId(object));
    const isNamed = object.metadata.name !== undefined;
    if (isNamed && last.delete(key)) warnings.push(`${key} appears more than once: the last one counts`);
    last.set(isNamed ? key : `${key} ${index}`, object);
  }
  return [...last.values()];
}
