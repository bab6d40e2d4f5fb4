import { fail, ok, type Result } from '../../kernel/result.js';
import { deny, type Verdict } from '../../kernel/verdict.js';
import { BUILTIN_POLICY } from './builtin-policy.js';
import { parsePolicy } from './policy-csv.js';
import { projectOfSubject, type Policy, type PolicyRequest } from './policy.js';
import { PolicySet } from './policy-set.js';
import { projectPolicy, type RolePolicies } from './role-policies.js';

/** A whole Argo CD access configuration: `argocd-rbac-cm` and the roles of its projects. */
export interface ArgoPolicyInput {
  policy: string;
  defaultRole: string;
  projects: readonly { name: string; roles: readonly RolePolicies[] }[];
}

export interface SubjectRequest extends PolicyRequest {
  subject: string;
  groups: readonly string[];
}

export type ArgoPolicy = (request: SubjectRequest) => Verdict;

const PROJECT_RESOURCES = new Set(['applications', 'applicationsets', 'repositories', 'clusters', 'logs', 'exec']);

/** Answers requests as Argo CD's API server does (argocd-behaviour.md 6.3); fails where it would refuse the policy text. */
export function compileArgoPolicy(input: ArgoPolicyInput): Result<ArgoPolicy, string> {
  const user = parsePolicy(input.policy);
  if (!user.ok) return fail(user.error);
  const global = [BUILTIN_POLICY, user.value];
  const base = new PolicySet(global);
  const ofProject = new Map(
    input.projects.map(({ name, roles }) => [name, withRoles(global, projectPolicy(name, roles), base)]),
  );
  return ok((request) => answer({ base, ofProject, defaultRole: input.defaultRole }, request));
}

/** A project policy that cannot be read leaves the global one. */
function withRoles(global: readonly Policy[], roles: Policy | undefined, base: PolicySet): PolicySet {
  return roles ? new PolicySet([...global, roles]) : base;
}

interface Compiled {
  base: PolicySet;
  ofProject: ReadonlyMap<string, PolicySet>;
  defaultRole: string;
}

function answer({ base, ofProject, defaultRole }: Compiled, request: SubjectRequest): Verdict {
  const defaults = defaultRole === '' ? [] : [defaultRole];
  const byDefault = base.decide(defaults, request);
  if (byDefault.allowed) return byDefault;
  const project = projectOfRequest(request);
  const set = (project === undefined ? undefined : ofProject.get(project)) ?? base;
  const bearer = projectOfSubject(request.subject);
  if (bearer === undefined || !ofProject.has(project ?? '')) {
    const groups = request.groups.filter((group) => set.isBound(group));
    return set.decide([...defaults, request.subject, ...groups], request);
  }
  if (bearer !== project) return deny(`${request.subject} has no rights outside project "${bearer}"`);
  return set.decide([...defaults, request.subject], request);
}

/** The project whose roles count: the first segment of the object, or the project itself. */
function projectOfRequest({ resource, object }: PolicyRequest): string | undefined {
  if (resource === 'projects') return object;
  const slash = object.indexOf('/');
  return PROJECT_RESOURCES.has(resource) && slash >= 0 ? object.slice(0, slash) : undefined;
}
