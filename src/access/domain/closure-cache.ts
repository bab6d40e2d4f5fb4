import { digestJson } from '../../kernel/digest.js';
import { projectClosure, roleClosure, type Closure } from './closure.js';
import type { RolePolicies } from './role-policies.js';

const MAX_ENTRIES = 10_000;

/**
 * Keeps compilations. They are found by what the roles say, so an edited role is never judged by its old compilation,
 * and at once where the very same array comes again.
 */
export class ClosureCache {
  private readonly digests = new WeakMap<readonly RolePolicies[], string>();
  private readonly closures = new Map<string, Closure | undefined>();

  ofRole(project: string, role: string, roles: readonly RolePolicies[]): Closure | undefined {
    const key = JSON.stringify(['role', project, role, this.digestOf(roles)]);
    return this.keep(key, () => roleClosure(project, role, roles));
  }

  ofProject(project: string): Closure | undefined {
    return this.keep(JSON.stringify(['project', project]), () => projectClosure(project));
  }

  private digestOf(roles: readonly RolePolicies[]): string {
    const known = this.digests.get(roles);
    if (known !== undefined) return known;
    const digest = digestJson(roles);
    this.digests.set(roles, digest);
    return digest;
  }

  private keep(key: string, compile: () => Closure | undefined): Closure | undefined {
    if (this.closures.has(key)) return this.closures.get(key);
    if (this.closures.size >= MAX_ENTRIES) this.closures.clear();
    const closure = compile();
    this.closures.set(key, closure);
    return closure;
  }
}
