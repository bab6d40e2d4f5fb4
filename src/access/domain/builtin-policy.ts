import type { Policy, PolicyRule } from './policy.js';

/** Resources of which `role:readonly` may get every object, with the glob that spells "every". */
const READABLE: Record<string, string> = {
  applications: '*/*',
  applicationsets: '*/*',
  logs: '*/*',
  certificates: '*',
  clusters: '*',
  repositories: '*',
  'write-repositories': '*',
  projects: '*',
  accounts: '*',
  gpgkeys: '*',
};

/** What `role:admin` may do beyond reading. */
const WRITABLE: Record<string, { object: string; actions: readonly string[] }> = {
  applications: {
    object: '*/*',
    actions: ['create', 'update', 'update/*', 'delete', 'delete/*', 'sync', 'rollback', 'override', 'action/*'],
  },
  applicationsets: { object: '*/*', actions: ['get', 'create', 'update', 'delete'] },
  certificates: { object: '*', actions: ['create', 'update', 'delete'] },
  clusters: { object: '*', actions: ['create', 'update', 'delete'] },
  repositories: { object: '*', actions: ['create', 'update', 'delete'] },
  'write-repositories': { object: '*', actions: ['create', 'update', 'delete'] },
  projects: { object: '*', actions: ['create', 'update', 'delete'] },
  accounts: { object: '*', actions: ['update'] },
  gpgkeys: { object: '*', actions: ['create', 'delete'] },
  exec: { object: '*/*', actions: ['create'] },
};

/** Argo CD's two built-in roles and its built-in user `admin` (argocd-behaviour.md 6.1, 6.2). */
export const BUILTIN_POLICY: Policy = {
  rules: [
    ...Object.entries(READABLE).map(([resource, object]) =>
      allowing('role:readonly', { resource, action: 'get', object }),
    ),
    ...Object.entries(WRITABLE).flatMap(([resource, { object, actions }]) =>
      actions.map((action) => allowing('role:admin', { resource, action, object })),
    ),
  ],
  groupings: [
    { subject: 'role:admin', role: 'role:readonly' },
    { subject: 'admin', role: 'role:admin' },
  ],
};

function allowing(subject: string, rule: Pick<PolicyRule, 'resource' | 'action' | 'object'>): PolicyRule {
  const text = `p, ${subject}, ${rule.resource}, ${rule.action}, ${rule.object}, allow`;
  return { subject, ...rule, effect: 'allow', text };
}
