import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.js';
import { forbidden } from '../kernel/errors.js';
import { allow, deny, type Verdict } from '../kernel/verdict.js';
import { actorLabel, type Actor } from './actor.js';
import { everything, filterOf, nothing, type AccessFilter } from './domain/access-filter.js';
import { projectOf, type AccessObject, type Resource, type Verb } from './access-object.js';
import { ClosureCache } from './domain/closure-cache.js';
import { decideInClosure, readableInClosure, type Closure } from './domain/closure.js';
import { PolicySource } from './policy-source.js';

const READS: ReadonlySet<Verb> = new Set(['get', 'list', 'watch']);

/** The one place that decides who may do what. Roles are read anew for every question; only their compilation is kept. */
@Injectable()
export class Evaluator {
  private readonly closures = new ClosureCache();

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
    if (actor.type === 'project') return this.closures.ofProject(actor.project);
    if (actor.type !== 'token' || actor.project === undefined || actor.role === undefined) return undefined;
    return this.closures.ofRole(actor.project, actor.role, await this.policies.policiesOf(actor.project));
  }
}

/** Verdicts that no policy can change: a platform admin may do everything, a reconciler may read everything. */
function fixedVerdict(actor: Actor, verb: Verb): Verdict | undefined {
  if (actor.type === 'token' && actor.admin) return allow('platform admin');
  if (actor.type !== 'system') return undefined;
  return READS.has(verb) ? allow('reconcilers read everything') : deny('reconcilers write through no door');
}
