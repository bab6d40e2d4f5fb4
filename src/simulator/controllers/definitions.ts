import { list, record } from '../fill-in.js';
import type { Change } from '../cluster-store.js';
import type { ControllerParts } from './controller-parts.js';

/** Serves the kinds of established CustomResourceDefinitions, and stops when a definition is gone. */
export class Definitions {
  constructor(private readonly parts: Pick<ControllerParts, 'registry'>) {}

  onChange({ type, kind, object }: Change): void {
    if (kind.kind !== 'CustomResourceDefinition') return;
    if (type === 'DELETED') this.parts.registry.undefine(object);
    else if (isEstablished(object.status)) this.parts.registry.define(object);
  }
}

function isEstablished(status: unknown): boolean {
  return list(record(status).conditions)
    .map(record)
    .some((condition) => condition.type === 'Established' && condition.status === 'True');
}
