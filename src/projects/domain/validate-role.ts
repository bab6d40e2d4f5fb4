import { parseCsvLine } from '../../access/domain/policy-csv.js';
import { projectRoleSubject } from '../../access/domain/policy.js';
import type { FieldFault } from '../../kernel/errors.js';
import type { ProjectRole } from './app-project.js';
import { duplicates } from './duplicates.js';

const ROLE_NAME = /^[a-zA-Z0-9](?:[-_a-zA-Z0-9]*[a-zA-Z0-9])?$/;

const ACTIONS = ['get', 'create', 'update', 'delete', 'sync', 'override', 'rollback', '*'];
/** Argo CD's fine-grained actions; it looks for these anywhere in the text. */
const FINE_GRAINED_ACTION = /(?:action|update|delete)\//;

/** What roles may speak of. The last two are ours: stores, and the approval of held plans (action `approve`). */
const RESOURCES = [
  'applications',
  'applicationsets',
  'repositories',
  'clusters',
  'logs',
  'exec',
  'secretstoresets',
  'approvals',
];

/** Faults of one role (argocd-behaviour.md 5.6): its name, its policies, its groups. */
export function roleFaults(project: string, role: ProjectRole, path: string): FieldFault[] {
  const policies = role.policies ?? [];
  const groups = role.groups ?? [];
  return [
    ...(ROLE_NAME.test(role.name)
      ? []
      : [{ path: `${path}.name`, message: 'is not a role name', expected: ROLE_NAME.source, got: role.name }]),
    ...duplicates(policies, `${path}.policies`),
    ...policies.flatMap((policy, index) =>
      policyFaults({ project, role: role.name }, policy, `${path}.policies[${index}]`),
    ),
    ...duplicates(groups, `${path}.groups`),
    ...groups.flatMap((group, index) => groupFaults(group, `${path}.groups[${index}]`)),
  ];
}

interface Owner {
  project: string;
  role: string;
}

function policyFaults({ project, role }: Owner, policy: string, path: string): FieldFault[] {
  const subject = projectRoleSubject(project, role);
  const fields = policy.includes('\n') ? undefined : parseCsvLine(policy.trim())?.map((field) => field.trim());
  const [key, who = '', resource = '', action = '', object = '', effect = ''] = fields ?? [];
  if (!fields || fields.length !== 6 || key !== 'p') {
    return [
      {
        path,
        message: 'is not a policy',
        expected: `p, ${subject}, <resource>, <action>, ${project}/<object>, allow|deny`,
        got: policy,
      },
    ];
  }
  return [
    ...unless(who === subject, { path, message: 'speaks of another subject', expected: subject, got: who }),
    ...unless(RESOURCES.includes(resource), {
      path,
      message: 'names an unknown resource',
      expected: RESOURCES.join(', '),
      got: resource,
    }),
    ...unless(isAction(resource, action), {
      path,
      message: 'names an unknown action',
      expected: ACTIONS.join(', '),
      got: action,
    }),
    ...unless(isObjectOf(project, object), {
      path,
      message: 'speaks of objects outside its project',
      expected: `${project}/<name> or ${project}/<namespace>/<name>, * for any`,
      got: object,
    }),
    ...unless(effect === 'allow' || effect === 'deny', {
      path,
      message: 'has an unknown effect',
      expected: 'allow or deny',
      got: effect,
    }),
  ];
}

function isAction(resource: string, action: string): boolean {
  if (resource === 'approvals') return action === 'approve' || action === 'get' || action === '*';
  return ACTIONS.includes(action) || FINE_GRAINED_ACTION.test(action);
}

function isObjectOf(project: string, object: string): boolean {
  return object.startsWith(`${project}/`) && /^(?:[*\w.-]+\/)?[*\w.-]+$/.test(object.slice(project.length + 1));
}

/** Commas only inside quotes; no line breaks, tabs or further quotes. */
function groupFaults(group: string, path: string): FieldFault[] {
  const quoted = group.length > 2 && group.startsWith('"') && group.endsWith('"');
  const inner = quoted ? group.slice(1, -1) : group;
  const valid = inner.trim() !== '' && !/["\r\n\t]/.test(inner) && (quoted || !inner.includes(','));
  return unless(valid, {
    path,
    message: 'is not a group name',
    expected: 'no quotes, tabs or line breaks; commas only in quotes',
    got: group,
  });
}

function unless(holds: boolean, fault: FieldFault): FieldFault[] {
  return holds ? [] : [fault];
}
