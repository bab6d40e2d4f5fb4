import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.js';
import { forbidden } from '../kernel/errors.js';
import { allow, deny, type Verdict } from '../kernel/verdict.js';
import { actorLabel, type Actor } from './actor.js';
import { everything, filterOf, nothing, type AccessFilter } from './domain/access-filter.js';
import { projectOf, type AccessObject, type Resource, type Verb } from './access-object.js';
import { decideInClosure, projectClosure, readableInClosure, roleClosure, type Closure } from './domain/closure.js';
import type { RolePolicies } from './domain/role-policies.js';
import { PolicySource } from './policy-source.js';

const READS: ReadonlySet<Verb> = new Set(['get', 'list', 'watch']);
const MAX_COMPILED = 10_000;

/** The one place that decides who may do what. Roles are read anew for every question; only their compilation is kept. */
@Injectable()
export class Evaluator {
  private readonly compiled = new Map<string, Closure | undefined>();

  constructor(
    private readonly policies: PolicySource,
    private readonly audit: AuditLog,
  ) {}

  async can(actor: Actor, verb: Verb, resource: Resource, object: AccessObject): Promise<Verdict> {
    const fixed = fixedVerdict(actor, verb);
    if (fixed) return fixed;
    const closure = await this.closureOf(actor);
    if (!closure) return deny(`${actorLabel(actor)} holds no role that exists`);
    return decideInClosure(closure, { verb, resource, object });
  }

  /** Throws FORBIDDEN, the same for an absent and a forbidden object, and writes the denied attempt to the audit log. */
  async require(actor: Actor, verb: Verb, resource: Resource, object: AccessObject): Promise<void> {
    const verdict = await this.can(actor, verb, resource, object);
    if (verdict.allowed) return;
    await this.audit.recordDenial({
      actor: actorLabel(actor),
      verb,
      resource,
      object: object.name,
      project: projectOf(resource, object),
      reason: verdict.reason,
    });
    throw forbidden(verb, resource, object.name);
  }

  /** The rows of a list the actor may see; lists and counts must carry it into SQL. */
  async filter(actor: Actor, verb: Verb, resource: Resource): Promise<AccessFilter> {
    const fixed = fixedVerdict(actor, verb);
    if (fixed) return fixed.allowed ? everything : nothing;
    const closure = await this.closureOf(actor);
    return closure ? filterOf(resource, [readableInClosure(closure, verb, resource)]) : nothing;
  }

  private async closureOf(actor: Actor): Promise<Closure | undefined> {
    if (actor.type === 'project') return this.compileOnce(actor.project, () => projectClosure(actor.project));
    if (actor.type !== 'token' || actor.project === undefined || actor.role === undefined) return undefined;
    const { project, role } = actor;
    const roles = await this.policies.policiesOf(project);
    return this.compileOnce(roleKey(project, role, roles), () => roleClosure(project, role, roles));
  }

  private compileOnce(key: string, compile: () => Closure | undefined): Closure | undefined {
    if (this.compiled.has(key)) return this.compiled.get(key);
    if (this.compiled.size >= MAX_COMPILED) this.compiled.clear();
    const closure = compile();
    this.compiled.set(key, closure);
    return closure;
  }
}

/** Verdicts that no policy can change: a platform admin may do everything, a reconciler may read everything. */
function fixedVerdict(actor: Actor, verb: Verb): Verdict | undefined {
  if (actor.type === 'token' && actor.admin) return allow('platform admin');
  if (actor.type !== 'system') return undefined;
  return READS.has(verb) ? allow('reconcilers read everything') : deny('reconcilers write through no door');
}

/** Spells the roles' content, so that an edited role is another key and its old compilation is never asked again. */
function roleKey(project: string, role: string, roles: readonly RolePolicies[]): string {
  return JSON.stringify([project, role, roles.map((each) => [each.role, each.policies, each.groups])]);
}
