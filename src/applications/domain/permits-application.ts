import { permitsDestination } from '../../projects/domain/permits-destination.js';
import { permitsSource } from '../../projects/domain/permits-source.js';
import type { AppProjectSpec } from '../../projects/domain/app-project.js';
import { allow, deny, type Verdict } from '../../kernel/verdict.js';
import { sourcesOf, type ApplicationSpec } from './application.js';
import { destinationForRules, type ResolvedDestination } from './destination.js';

/** May an Application of this project read its sources and go where it wants to? The first refusal is the reason. */
export function permitsApplication(
  project: AppProjectSpec,
  spec: ApplicationSpec,
  destination: ResolvedDestination,
): Verdict {
  for (const { repoURL } of sourcesOf(spec)) {
    const verdict = permitsSource(project, repoURL);
    if (!verdict.allowed) return deny(verdict.reason);
  }
  const verdict = permitsDestination(project, destinationForRules(destination));
  return verdict.allowed ? allow('project permits sources and destination') : deny(verdict.reason);
}
