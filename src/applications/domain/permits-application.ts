import { permitsDestination } from '../../projects/domain/permits-destination.js';
import { permitsSourceNamespace } from '../../projects/domain/permits-source-namespace.js';
import { permitsSource } from '../../projects/domain/permits-source.js';
import type { AppProjectSpec } from '../../projects/domain/app-project.js';
import { allow, deny, type Verdict } from '../../kernel/verdict.js';
import { sourcesOf, type ApplicationSpec } from './application.js';
import { destinationForRules, type ResolvedDestination } from './destination.js';

/** What rules are asked about: where the Application lives, and which clusters are its project's own. */
export interface ApplicationPlace {
  namespace: string;
  destination: ResolvedDestination;
  ownClusters: readonly { name: string; server: string }[];
}

/** May an Application of this project live there, read its sources and go where it wants to? The first refusal counts. */
export function permitsApplication(project: AppProjectSpec, spec: ApplicationSpec, place: ApplicationPlace): Verdict {
  const home = permitsSourceNamespace(project, place.namespace);
  if (!home.allowed) return deny(home.reason);
  for (const { repoURL } of sourcesOf(spec)) {
    const verdict = permitsSource(project, repoURL);
    if (!verdict.allowed) return deny(verdict.reason);
  }
  const verdict = permitsDestination(project, destinationForRules(place.destination), place.ownClusters);
  return verdict.allowed ? allow('project permits sources and destination') : deny(verdict.reason);
}
