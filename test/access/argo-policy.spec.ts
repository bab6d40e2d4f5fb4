import { describe, expect, it } from 'vitest';
import { compileArgoPolicy, type ArgoPolicyInput, type SubjectRequest } from '../../src/access/domain/argo-policy.js';

const roles = [
  { role: 'dev', policies: ['p, proj:team-a:dev, applications, sync, team-a/*, allow'], groups: ['devs'] },
];
const projects = [{ name: 'team-a', roles }];

function ask(input: Partial<ArgoPolicyInput>, request: Partial<SubjectRequest>): boolean {
  const policy = compileArgoPolicy({ policy: '', defaultRole: '', projects, ...input });
  if (!policy.ok) throw new Error(policy.error);
  const asked = { subject: 'alice', groups: [], resource: 'applications', action: 'sync', object: 'team-a/web' };
  return policy.value({ ...asked, ...request }).allowed;
}

describe('Argo CD policies', () => {
  it('know the built-in roles and the user admin', () => {
    expect(ask({}, { subject: 'admin' })).toBe(true);
    expect(ask({ policy: 'g, alice, role:readonly' }, { action: 'get' })).toBe(true);
    expect(ask({ policy: 'g, alice, role:readonly' }, { action: 'sync' })).toBe(false);
  });

  it('let * of an object span segments', () => {
    const policy = 'p, alice, applications, sync, team-*, allow';
    expect(ask({ policy }, { object: 'team-a/ns/web' })).toBe(true);
  });

  it('do not let update imply its sub-resources', () => {
    const policy = 'p, alice, applications, update, */*, allow';
    expect(ask({ policy }, { action: 'update' })).toBe(true);
    expect(ask({ policy }, { action: 'update/apps/Deployment/ns/web' })).toBe(false);
  });

  it('bind a deny only inside the closure it was reached in', () => {
    const policy = [
      'p, role:no, applications, sync, */*, deny',
      'p, role:yes, applications, sync, */*, allow',
      'g, blocked, role:no',
      'g, ops, role:yes',
    ].join('\n');
    expect(ask({ policy }, { groups: ['blocked', 'ops'] })).toBe(true);
    expect(ask({ policy: `${policy}\ng, ops, role:no` }, { groups: ['ops'] })).toBe(false);
  });

  it('cannot take away what the default role gives', () => {
    const policy = 'p, alice, applications, get, */*, deny';
    expect(ask({ policy, defaultRole: 'role:readonly' }, { action: 'get' })).toBe(true);
  });

  it('ask only groups that some g line binds', () => {
    const policy = 'p, ops, applications, sync, */*, allow';
    expect(ask({ policy }, { groups: ['ops'] })).toBe(false);
    expect(ask({ policy: `${policy}\ng, ops, role:none` }, { groups: ['ops'] })).toBe(true);
  });

  it('give groups bound to a project role the role, there only', () => {
    expect(ask({}, { groups: ['devs'] })).toBe(true);
    expect(ask({}, { groups: ['devs'], object: 'team-b/web' })).toBe(false);
    expect(ask({}, { groups: ['devs'], resource: 'projects', action: 'get', object: 'team-a' })).toBe(true);
  });

  it('judge a project token in its own project only', () => {
    const subject = 'proj:team-a:dev';
    const both = { projects: [...projects, { name: 'team-b', roles: [] }] };
    const policy = `p, ${subject}, applications, sync, team-b/*, allow`;
    expect(ask(both, { subject })).toBe(true);
    expect(ask({ ...both, policy }, { subject, object: 'team-b/web' })).toBe(false);
  });

  it('end role cycles', () => {
    const policy = 'g, alice, role:a\ng, role:a, role:b\ng, role:b, role:a\np, role:b, applications, sync, */*, allow';
    expect(ask({ policy }, {})).toBe(true);
  });

  it('never match by a malformed glob, nor deny by one', () => {
    expect(ask({ policy: 'p, alice, applications, sync, team-a/[, allow' }, {})).toBe(false);
    const denies = 'p, alice, applications, sync, team-a/[, deny\np, alice, applications, sync, team-a/*, allow';
    expect(ask({ policy: denies }, {})).toBe(true);
  });

  it('take manage, all and * asked for literally as mere words', () => {
    const policy = 'p, alice, applications, manage, */*, allow\np, alice, all, sync, */*, allow';
    expect(ask({ policy }, { action: 'sync' })).toBe(false);
    expect(ask({ policy }, { action: '*' })).toBe(false);
  });

  it('fall back to the global policy where a project’s cannot be read', () => {
    const broken = [{ name: 'team-a', roles: [{ role: 'dev', policies: ['p, too, short'], groups: ['devs'] }] }];
    expect(ask({ projects: broken }, { groups: ['devs'] })).toBe(false);
    expect(ask({ projects: broken, policy: 'p, alice, applications, *, team-a/*, allow' }, {})).toBe(true);
  });
});
