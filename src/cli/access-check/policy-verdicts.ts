import { compileArgoPolicy, type SubjectRequest } from '../../access/domain/argo-policy.js';
import type { RolePolicies } from '../../access/domain/role-policies.js';
import { fit, listOf, object, raw, text } from '../../expansion/shape.js';
import type { AppProjectSpec } from '../../projects/domain/app-project.js';
import type { Judged } from './answer-line.js';
import { givenProject } from './given-project.js';
import { Unanswered } from './unanswered.js';

type Fields = Record<string, unknown>;

const POLICY = object({ policy: text, defaultRole: text, matchMode: text, projects: listOf(raw), requests: raw });
const REQUEST = object({ subject: text, groups: listOf(text), resource: text, verb: text, object: text });

interface PolicyQuestion {
  policy?: string;
  defaultRole?: string;
  matchMode?: string;
  projects?: unknown[];
}

/** What a policy, with the roles of projects, says to requests. Throws Unanswered. */
export function policyVerdicts(question: Fields, requests: readonly Fields[]): Judged {
  const { policy = '', defaultRole = '', matchMode = 'glob', projects = [] } = fitted<PolicyQuestion>(question);
  if (matchMode === 'regex') throw new Unanswered('matchMode "regex" is not supported yet');
  const given = projects.map(givenProject).map(({ name, spec }) => ({ name, roles: rolesOf(spec) }));
  const compiled = compileArgoPolicy({ policy, defaultRole, projects: given });
  if (!compiled.ok) return { verdicts: [], refusal: compiled.error };
  return { verdicts: requests.map((request) => compiled.value(subjectRequest(request))) };
}

function fitted<T>(fields: Fields, shape = POLICY): Partial<T> {
  const { value, wrong } = fit(shape, fields, 'line');
  const [first] = wrong;
  if (first) throw new Unanswered(first.message);
  return value as Partial<T>;
}

function rolesOf({ roles }: AppProjectSpec): RolePolicies[] {
  return (roles ?? []).map(({ name, policies, groups }) => ({
    role: name,
    policies: policies ?? [],
    groups: groups ?? [],
  }));
}

function subjectRequest(fields: Fields): SubjectRequest {
  const request = fitted<SubjectRequest & { verb: string }>(fields, REQUEST);
  const { subject = '', groups = [], resource = '', verb = '', object: name = '' } = request;
  return { subject, groups, resource, action: verb, object: name };
}
