import { UNSTORED_UID } from '../../kernel/ids.js';
import { fail, ok, type Result } from '../../kernel/result.js';
import type { RenderRequest, SourceRequest, TargetCluster } from '../../rendering/domain/render-request.js';
import type { ClusterFacts } from '../../clusters/domain/cluster-facts.js';
import { sourcesOf, type ApplicationSource, type ApplicationSpec } from './application.js';
import { instanceOf } from './sync-settings.js';

/** What an Application wants rendered for one cluster (argocd-behaviour.md 4.1). */
export function renderRequestOf(
  { metadata, spec }: { metadata: { name: string; namespace: string; uid?: string }; spec: ApplicationSpec },
  cluster: TargetCluster,
): Result<RenderRequest, { code: string; message: string }> {
  const sources = sourcesOf(spec);
  if (sources.length === 0 || spec.sourceHydrator) {
    const message = 'spec.sourceHydrator is not supported by this version: give spec.source';
    return fail({ code: 'SOURCE_TYPE_NOT_SUPPORTED', message });
  }
  const application = {
    name: metadata.name,
    instance: instanceOf(metadata),
    project: spec.project === '' ? 'default' : spec.project,
    namespace: spec.destination.namespace ?? '',
  };
  return ok({ sources: sources.map(sourceRequest), application, cluster, owner: renderOwner(metadata) });
}

function renderOwner({ namespace, name, uid = UNSTORED_UID }: { name: string; namespace: string; uid?: string }) {
  const owner = { name: `${namespace}/${name}` };
  return uid === UNSTORED_UID ? owner : { ...owner, uid };
}

/** A cluster as charts see it: each API with and without its kinds (argocd-behaviour.md 4.1). */
export function targetCluster({ kubernetesVersion, apis }: ClusterFacts): TargetCluster {
  let apiVersions: readonly string[] | undefined;
  return {
    kubeVersion: kubernetesVersion,
    // Hundreds of texts that most sources never ask for.
    get apiVersions() {
      apiVersions ??= apiVersionsOf(apis);
      return apiVersions;
    },
  };
}

function apiVersionsOf(apis: ClusterFacts['apis']): string[] {
  const versions = apis.map(({ group, version }) => (group === '' ? version : `${group}/${version}`));
  const kinds = apis.map(({ kind }, index) => `${versions[index]}/${kind}`);
  return [...new Set([...versions, ...kinds])].sort();
}

function sourceRequest({ repoURL, targetRevision, path, ...rest }: ApplicationSource): SourceRequest {
  return { ...withoutNulls(rest), repoURL, revision: targetRevision ?? '', path: path ?? '' };
}

/** Absent and null mean the same in a source; what a values object holds is its own affair. */
function withoutNulls(value: object): object {
  const given = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(given.map(([key, member]) => [key, key === 'valuesObject' ? member : cleaned(member)]));
}

function cleaned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cleaned);
  return typeof value === 'object' && value !== null ? withoutNulls(value) : value;
}
