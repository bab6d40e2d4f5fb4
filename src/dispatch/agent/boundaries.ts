import { z } from 'zod';
import { objectId, type KubernetesObject, type ObjectId } from '../../kernel/object.js';
import { optionValue } from '../../applications/domain/sync-options.js';
import type { AppProjectSpec } from '../../projects/domain/app-project.js';
import { permitsDestination } from '../../projects/domain/permits-destination.js';
import { permitsKind } from '../../projects/domain/permits-kind.js';
import type { DeliverySettings } from '../protocol/delivery.js';
import { isAgentsOwn } from './agent-namespace.js';

/** What the member's own admin allows a hub to do here, from the agent's configuration. Absent parts do not limit. */
export interface Ceiling {
  projects?: string[];
  /** Globs, as in a project's destinations. */
  namespaces?: string[];
  kinds?: { group: string; kind: string }[];
}

/** The project as the hub knows it, fetched by digest. */
export const projectDocumentSchema = z.object({ name: z.string(), spec: z.record(z.string(), z.unknown()) });
export interface ProjectDocument {
  name: string;
  spec: AppProjectSpec;
}

export interface Boundaries {
  project: ProjectDocument;
  settings: DeliverySettings;
  cluster: { name: string; server: string };
  ceiling: Ceiling;
}

const MOST_NAMED = 5;

/**
 * Why a target may not be applied: objects outside its project or outside the local ceiling. One such object refuses the
 * whole, since a part of an Application is not what anybody asked for. Undefined when all is inside.
 */
export function boundaryViolation(objects: readonly KubernetesObject[], bounds: Boundaries): string | undefined {
  const { project, settings, ceiling } = bounds;
  if (project.name !== settings.project) {
    return `the delivery's project is "${project.name}", its settings name "${settings.project}"`;
  }
  if (ceiling.projects && !ceiling.projects.includes(project.name)) {
    return `project "${project.name}" is not allowed on this cluster by the agent's own configuration`;
  }
  const specs = [
    { spec: project.spec, who: `project "${project.name}"` },
    { spec: ceilingSpec(ceiling), who: "the agent's own configuration" },
  ];
  const ids = [...objects.map(objectId), ...createdNamespace(settings)];
  const faults = ids.flatMap((id) => faultOf(id, specs, bounds.cluster) ?? []);
  if (faults.length === 0) return undefined;
  const more = faults.length > MOST_NAMED ? `; and ${faults.length - MOST_NAMED} more` : '';
  return `${faults.slice(0, MOST_NAMED).join('; ')}${more}`;
}

type Limits = readonly { spec: AppProjectSpec; who: string }[];

function faultOf(id: ObjectId, limits: Limits, cluster: Boundaries['cluster']): string | undefined {
  const what = `${id.kind} "${id.name}"`;
  if (isAgentsOwn(id)) return `${what} belongs to the agent itself`;
  const namespaced = id.namespace !== '';
  for (const { spec, who } of limits) {
    const kind = permitsKind(spec, { ...id, namespaced });
    if (!kind.allowed) return `${who}: ${kind.reason}`;
    const place = namespaced ? permitsDestination(spec, { ...cluster, namespace: id.namespace }) : kind;
    if (!place.allowed) return `${who}: ${what}: ${place.reason}`;
  }
  return undefined;
}

/** `CreateNamespace=true` makes a Namespace that the project must permit too (argocd-behaviour.md 5.4). */
function createdNamespace({ syncOptions, destinationNamespace }: DeliverySettings): ObjectId[] {
  if (optionValue('CreateNamespace', syncOptions) !== 'true' || destinationNamespace === '') return [];
  return [{ group: '', kind: 'Namespace', namespace: '', name: destinationNamespace }];
}

/** The ceiling in a project's words, so that one set of rules judges both. */
function ceilingSpec({ namespaces, kinds }: Ceiling): AppProjectSpec {
  const every = [{ group: '*', kind: '*' }];
  return {
    destinations: (namespaces ?? ['*']).map((namespace) => ({ server: '*', namespace })),
    clusterResourceWhitelist: kinds ?? every,
    namespaceResourceWhitelist: kinds ?? every,
  };
}
