import { PolicySource } from '../../src/access/policy-source.js';
import type { RolePolicies } from '../../src/access/domain/role-policies.js';

/** Projects and their roles, editable; `policy` lines leave out `p, proj:<project>:<role>,`. */
export class ProjectRoles extends PolicySource {
  private readonly projects = new Map<string, RolePolicies[]>();

  async policiesOf(project: string): Promise<readonly RolePolicies[]> {
    return this.projects.get(project) ?? [];
  }

  set(project: string, roles: Record<string, string[]>): void {
    const lines = (role: string, policies: string[]): string[] =>
      policies.map((policy) => `p, proj:${project}:${role}, ${policy}`);
    this.projects.set(
      project,
      Object.entries(roles).map(([role, policies]) => ({ role, policies: lines(role, policies), groups: [] })),
    );
  }

  remove(project: string): void {
    this.projects.delete(project);
  }
}
