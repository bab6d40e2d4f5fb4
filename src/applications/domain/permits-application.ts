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

/** One rule of a project, asked about one thing of an Application. */
export interface RuleVerdict extends Verdict {
  rule: 'sourceNamespaces' | 'sourceRepos' | 'destinations';
  subject: string;
}

/** May an Application of this project live there, read its sources and go where it wants to? The first refusal counts. */
export function permitsApplication(project: AppProjectSpec, spec: ApplicationSpec, place: ApplicationPlace): Verdict {
  const refused = applicationVerdicts(project, spec, place).find(({ allowed }) => !allowed);
  return refused ? deny(refused.reason) : allow('project permits sources and destination');
}

/** Each rule that decides about an Application, in the order in which they are asked. */
export function applicationVerdicts(
  project: AppProjectSpec,
  spec: ApplicationSpec,
  { namespace, destination, ownClusters }: ApplicationPlace,
): RuleVerdict[] {
  const target = destinationForRules(destination);
  return [
    { rule: 'sourceNamespaces', subject: namespace, ...permitsSourceNamespace(project, namespace) },
    ...sourcesOf(spec).map(({ repoURL }): RuleVerdict => ({
      rule: 'sourceRepos',
      subject: repoURL,
      ...permitsSource(project, repoURL),
    })),
    {
      rule: 'destinations',
      subject: `${target.name}/${target.namespace}`,
      ...permitsDestination(project, target, ownClusters),
    },
  ];
}
