import { isObject } from '../../kernel/json.js';
import type { KubernetesObject } from '../../kernel/object.js';

export const PROJECT_ANNOTATION = 'fleetwright.io/project';

/**
 * The project that owns a set and in whose name it acts: the annotation, else the template's project where that is
 * literal. Undefined when neither says; only a platform admin may write such a set, and it then belongs to `default`.
 */
export function ownerProject(set: KubernetesObject): string | undefined {
  const annotated = set.metadata.annotations?.[PROJECT_ANNOTATION];
  if (annotated !== undefined && annotated !== '') return annotated;
  const project = templateProject(set);
  return project === undefined || project === '' || project.includes('{{') ? undefined : project;
}

function templateProject(set: KubernetesObject): string | undefined {
  const spec = set['spec'];
  const template = isObject(spec) ? spec['template'] : undefined;
  const inner = isObject(template) ? template['spec'] : undefined;
  const project = isObject(inner) ? inner['project'] : undefined;
  return typeof project === 'string' ? project : undefined;
}
