import { projectClosure, roleClosure, type Closure } from './closure.js';
import type { RolePolicies } from './role-policies.js';

const MAX_PROJECTS = 10_000;

/** Keeps compilations: of roles while the array they were read into lives, of projects by name. */
export class ClosureCache {
  private readonly roles = new WeakMap<readonly RolePolicies[], Map<string, Closure | undefined>>();
  private readonly projects = new Map<string, Closure>();

  ofRole(project: string, role: string, policies: readonly RolePolicies[]): Closure | undefined {
    const compiled = this.roles.get(policies) ?? new Map<string, Closure | undefined>();
    this.roles.set(policies, compiled);
    const key = JSON.stringify([project, role]);
    if (!compiled.has(key)) compiled.set(key, roleClosure(project, role, policies));
    return compiled.get(key);
  }

  ofProject(project: string): Closure {
    const known = this.projects.get(project);
    if (known) return known;
    if (this.projects.size >= MAX_PROJECTS) this.projects.clear();
    const closure = projectClosure(project);
    this.projects.set(project, closure);
    return closure;
  }
}
