import type { ObjectId } from '../../kernel/object.js';

/** Where the agent keeps its key and its memory in the member cluster. */
export const AGENT_NAMESPACE = 'fleetwright-agent';

/** The agent's own rights, named like its namespace (charts/agent). */
const RIGHTS = new Set(['ClusterRole', 'ClusterRoleBinding']);

/** True for objects that a bundle must not touch: with them a tenant could rewrite what the agent knows, or be the agent. */
export function isAgentsOwn({ group, kind, namespace, name }: ObjectId): boolean {
  if (namespace !== '') return namespace === AGENT_NAMESPACE;
  if (name !== AGENT_NAMESPACE) return false;
  return (group === '' && kind === 'Namespace') || (group === 'rbac.authorization.k8s.io' && RIGHTS.has(kind));
}
