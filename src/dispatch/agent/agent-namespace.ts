import type { ObjectId } from '../../kernel/object.js';

/** Where the agent keeps its key and its memory in the member cluster. */
export const AGENT_NAMESPACE = 'fleetwright-agent';

/** True for objects that a bundle must not touch: with them a tenant could rewrite what the agent knows, or be the agent. */
export function isAgentsOwn({ group, kind, namespace, name }: ObjectId): boolean {
  if (group !== '') return false;
  if (kind === 'Namespace') return name === AGENT_NAMESPACE;
  return namespace === AGENT_NAMESPACE && (kind === 'Secret' || kind === 'ConfigMap');
}
