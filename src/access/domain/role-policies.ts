import { parsePolicy } from './policy-csv.js';
import { projectRoleSubject, type Policy } from './policy.js';

/** A role of a project as its AppProject states it: policy lines, and the groups bound to it. */
export interface RolePolicies {
  role: string;
  policies: readonly string[];
  groups: readonly string[];
}

/**
 * The policy that a project's roles add, with the right every role has to get its project (argocd-behaviour.md 5.6).
 * Undefined when a line cannot be read, or is several: the roles then grant nothing.
 */
export function projectPolicy(project: string, roles: readonly RolePolicies[]): Policy | undefined {
  const lines = roles.flatMap((role) => linesOf(project, role));
  if (lines.some((line) => line.includes('\n'))) return undefined;
  const parsed = parsePolicy(lines.join('\n'));
  return parsed.ok ? parsed.value : undefined;
}

function linesOf(project: string, { role, policies, groups }: RolePolicies): string[] {
  const subject = projectRoleSubject(project, role);
  const bindings = groups.map((group) => `g, ${group}, ${subject}`);
  return [`p, ${subject}, projects, get, ${project}, allow`, ...policies, ...bindings];
}
