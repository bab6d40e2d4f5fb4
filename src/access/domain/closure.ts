import { deny, type Verdict } from '../../kernel/verdict.js';
import { compileAbility, decide, type PolicyAbility } from './ability.js';
import { objectText, policyAction, projectOf, type AccessObject, type Resource, type Verb } from '../access-object.js';
import { PolicySet } from './policy-set.js';
import { projectRoleSubject, type PolicyRule } from './policy.js';
import { readableObjects, type ReadableObjects } from './readable-objects.js';
import { projectPolicy, type RolePolicies } from './role-policies.js';

/** A subject with every role it reaches, and what they may do; never outside `project`. */
export interface Closure {
  label: string;
  project: string;
  ability: PolicyAbility;
}

/** What an ApplicationSet or Application may do to others of its project; the right to write policy is never among it. */
const OWN_RESOURCES = ['applications', 'applicationsets', 'secretstoresets'] as const;
const OWN_ACTIONS = ['get', 'create', 'update', 'delete', 'sync'] as const;

/** Undefined when the project has no such role, or a line of its policies cannot be read. */
export function roleClosure(project: string, role: string, roles: readonly RolePolicies[]): Closure | undefined {
  if (!roles.some((each) => each.role === role)) return undefined;
  const policy = projectPolicy(project, roles);
  if (!policy) return undefined;
  const subject = projectRoleSubject(project, role);
  return { label: subject, project, ability: new PolicySet([policy]).abilityOf(subject) };
}

/** The rights that what a project owns has inside that project. */
export function projectClosure(project: string): Closure {
  const subject = `project:${project}`;
  const rule = (resource: string, action: string, object: string): PolicyRule => {
    const text = `p, ${subject}, ${resource}, ${action}, ${object}, allow`;
    return { subject, resource, action, object, effect: 'allow', text };
  };
  const name = project.replace(/[*?[{\\]/g, '\\$&');
  const rules = OWN_RESOURCES.flatMap((resource) => OWN_ACTIONS.map((action) => rule(resource, action, `${name}/*`)));
  return { label: subject, project, ability: compileAbility([...rules, rule('projects', 'get', name)]) };
}

export interface AccessQuestion {
  verb: Verb;
  resource: Resource;
  object: AccessObject;
}

export function decideInClosure(closure: Closure, { verb, resource, object }: AccessQuestion): Verdict {
  if (projectOf(resource, object) !== closure.project) {
    return deny(`${closure.label} has no rights outside project "${closure.project}"`);
  }
  const request = { resource, action: policyAction(verb), object: objectText(resource, object) };
  const verdict = decide(closure.ability, request);
  return { ...verdict, reason: `${verdict.reason} for ${closure.label}` };
}

export function readableInClosure(closure: Closure, verb: Verb, resource: Resource): ReadableObjects {
  return { project: closure.project, ...readableObjects(closure.ability, resource, policyAction(verb)) };
}
