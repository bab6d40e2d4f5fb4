import { allow, deny, type Verdict } from '../../kernel/verdict.js';
import type { AppProjectSpec, ProjectDestination } from './app-project.js';
import { compiledRules } from './compiled-rules.js';
import { negatableGlob, type NegatableGlob } from './negatable-glob.js';

/** A resolved cluster (both its server and its name) and a namespace on it; '' where it has none. */
export interface Destination {
  server: string;
  name: string;
  namespace: string;
}

/** A cluster that belongs to the project alone. */
export type ProjectCluster = Pick<Destination, 'server' | 'name'>;

/**
 * May the project deploy there? Entries are read in order up to the first hard deny (argocd-behaviour.md 5.3). Where the
 * project permits only its own clusters, the destination must also be one of `ownClusters`.
 */
export function permitsDestination(
  spec: AppProjectSpec,
  destination: Destination,
  ownClusters: readonly ProjectCluster[] = [],
): Verdict {
  let permitted: DestinationRule | undefined;
  for (const rule of destinationRules(spec)) {
    const effect = effectOf(rule, destination);
    if (effect === 'deny') return deny(`destinations entry ${rule.text} denies ${describe(destination)}`);
    if (effect === 'allow') permitted ??= rule;
  }
  if (permitted && spec.permitOnlyProjectScopedClusters && !ownClusters.some((own) => isSame(own, destination))) {
    return deny(
      `permitOnlyProjectScopedClusters denies ${describe(destination)}, which is not the project's own cluster`,
    );
  }
  return permitted
    ? allow(`destinations entry ${permitted.text} permits ${describe(destination)}`)
    : deny(`no destinations entry permits ${describe(destination)}`);
}

interface DestinationRule {
  text: string;
  server: NegatableGlob;
  name: NegatableGlob;
  namespace: NegatableGlob;
}

const destinationRules = compiledRules((spec) => (spec.destinations ?? []).map(compileDestination));

function compileDestination(entry: ProjectDestination): DestinationRule {
  return {
    text: JSON.stringify(entry),
    server: negatableGlob(entry.server ?? ''),
    name: negatableGlob(entry.name ?? ''),
    namespace: negatableGlob(entry.namespace ?? ''),
  };
}

/**
 * A negated field allows what it does not name, and denies the rest: a name whatever the namespace, a server where the
 * namespace matches, a namespace only where the server (not the name) matches.
 */
function effectOf(rule: DestinationRule, { server, name, namespace }: Destination): 'allow' | 'deny' | 'none' {
  const serverMatches = server !== '' && rule.server.matches(server);
  const nameMatches = name !== '' && rule.name.matches(name);
  const namespaceMatches = rule.namespace.matches(namespace);
  if ((serverMatches || nameMatches) && namespaceMatches) return 'allow';
  if (!nameMatches && rule.name.denies) return 'deny';
  if (!serverMatches && rule.server.denies && namespaceMatches) return 'deny';
  if (!namespaceMatches && rule.namespace.denies && serverMatches) return 'deny';
  return 'none';
}

function isSame(own: ProjectCluster, { server, name }: Destination): boolean {
  return (name !== '' && own.name === name) || (server !== '' && own.server === server);
}

function describe({ server, name, namespace }: Destination): string {
  return `cluster "${name === '' ? server : name}", namespace "${namespace}"`;
}
