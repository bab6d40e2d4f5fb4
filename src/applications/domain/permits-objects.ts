import { allow, deny, type Verdict } from '../../kernel/verdict.js';
import type { ObjectId } from '../../kernel/object.js';
import { permitsDestination } from '../../projects/domain/permits-destination.js';
import { permitsKind } from '../../projects/domain/permits-kind.js';
import type { AppProjectSpec } from '../../projects/domain/app-project.js';

/** Objects at their places on one cluster. */
export interface PlacedObjects {
  server: string;
  name: string;
  objects: readonly (ObjectId & { namespaced: boolean })[];
}

/** May each object be there, by kind and by its own namespace (argocd-behaviour.md 5.4)? The first refusal is the reason. */
export function permitsObjects(project: AppProjectSpec, { server, name, objects }: PlacedObjects): Verdict {
  const namespaces = new Map<string, Verdict>();
  for (const object of objects) {
    const kind = permitsKind(project, object);
    if (!kind.allowed) return deny(`resource ${object.group}:${object.kind} "${object.name}": ${kind.reason}`);
    if (!object.namespaced) continue;
    const { namespace } = object;
    const place = namespaces.get(namespace) ?? permitsDestination(project, { server, name, namespace });
    namespaces.set(namespace, place);
    if (!place.allowed) return deny(`namespace "${namespace}" of ${object.kind} "${object.name}": ${place.reason}`);
  }
  return allow('project permits every object');
}
