import { fail, ok, type Result } from '../../kernel/result.js';
import { IN_CLUSTER_NAME, IN_CLUSTER_SERVER } from '../../clusters/domain/cluster.js';
import type { ApplicationDestination } from './application.js';

export interface DestinationCluster {
  uid: string;
  name: string;
  server: string;
}

export interface MemberDestination {
  type: 'member';
  cluster: DestinationCluster;
  namespace: string;
}

/** Where an Application goes: a member cluster, or the hub's own document store. */
export type ResolvedDestination = MemberDestination | { type: 'hub'; namespace: string };

export interface DestinationFault {
  code: 'DESTINATION_AMBIGUOUS' | 'DESTINATION_MISSING' | 'DESTINATION_UNKNOWN';
  message: string;
}

/** Looks clusters up by what an Application wrote. */
export interface ClusterLookup {
  byName(name: string): DestinationCluster | undefined;
  byServer(server: string): DestinationCluster | undefined;
}

/** Which clusters are bound to one project (permitOnlyProjectScopedClusters). */
export interface OwnedClusters {
  ownedBy(project: string): readonly { name: string; server: string }[];
}

/** Rules of argocd-behaviour.md 4.1: server or name, not both; a trailing slash does not count. */
export function resolveDestination(
  destination: ApplicationDestination,
  clusters: ClusterLookup,
): Result<ResolvedDestination, DestinationFault> {
  const name = destination.name ?? '';
  const server = (destination.server ?? '').replace(/\/+$/, '');
  const namespace = destination.namespace ?? '';
  if (name !== '' && server !== '') {
    return fail({
      code: 'DESTINATION_AMBIGUOUS',
      message: `destination has both name "${name}" and server "${server}": give one`,
    });
  }
  if (name === '' && server === '') {
    return fail({ code: 'DESTINATION_MISSING', message: 'destination names no cluster: give name or server' });
  }
  const cluster = name === '' ? clusters.byServer(server) : clusters.byName(name);
  if (cluster) return ok({ type: 'member', cluster, namespace });
  if (name === IN_CLUSTER_NAME || server === IN_CLUSTER_SERVER) return ok({ type: 'hub', namespace });
  const asked = name === '' ? `server "${server}"` : `name "${name}"`;
  return fail({ code: 'DESTINATION_UNKNOWN', message: `there is no cluster with ${asked} in the fleet` });
}

/** What project rules are asked about: server and name both filled in from the cluster (argocd-behaviour.md 5.3). */
export function destinationForRules(resolved: ResolvedDestination): {
  server: string;
  name: string;
  namespace: string;
} {
  const { namespace } = resolved;
  if (resolved.type === 'hub') return { server: IN_CLUSTER_SERVER, name: IN_CLUSTER_NAME, namespace };
  return { server: resolved.cluster.server, name: resolved.cluster.name, namespace };
}
