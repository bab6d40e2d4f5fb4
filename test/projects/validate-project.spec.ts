import { describe, expect, it } from 'vitest';
import { appProjectSchema, type AppProjectSpec, type ProjectRole } from '../../src/projects/domain/app-project.js';
import { projectFaults } from '../../src/projects/domain/validate-project.js';

const paths = (spec: AppProjectSpec): string[] => projectFaults('team-a', spec).map(({ path }) => path);
const rolePaths = (role: Partial<ProjectRole>): string[] => paths({ roles: [{ name: 'dev', ...role }] });
const policyPaths = (...policies: string[]): string[] => rolePaths({ policies });

describe('a valid project', () => {
  it('has no faults', () => {
    const spec: AppProjectSpec = {
      sourceRepos: ['*', '!https://evil.example.com/*'],
      destinations: [
        { server: '*', namespace: 'a' },
        { server: '*', namespace: 'b' },
        { name: 'x', namespace: 'a' },
      ],
      roles: [
        {
          name: 'dev',
          policies: [
            'p, proj:team-a:dev, applications, sync, team-a/*, allow',
            'p, proj:team-a:dev, applications, action/apps/Deployment/restart, team-a/ns/web, deny',
            'p,proj:team-a:dev,secretstoresets,get,team-a/*,allow',
            'p, proj:team-a:dev, approvals, approve, team-a/*, allow',
          ],
          groups: ['org:devs', '"a, b"'],
        },
      ],
    };
    expect(projectFaults('team-a', spec)).toEqual([]);
  });

  it('has only fields Argo CD knows', () => {
    const outcome = appProjectSchema.safeParse({ spec: { sourceRepo: [], __proto__: null } });
    expect(outcome.error?.issues.map(({ code }) => code)).toEqual(['unrecognized_keys']);
  });
});

describe('faults of a project', () => {
  it('are entries that deny everything', () => {
    expect(paths({ sourceRepos: ['!*'] })).toEqual(['spec.sourceRepos[0]']);
    expect(paths({ destinations: [{ server: '!*', name: '!*', namespace: '!*' }] })).toEqual([
      'spec.destinations[0].server',
      'spec.destinations[0].name',
      'spec.destinations[0].namespace',
    ]);
  });

  it('are repeated entries; a name does not tell two destinations of one server apart', () => {
    expect(paths({ sourceRepos: ['a', 'b', 'a'] })).toEqual(['spec.sourceRepos[2]']);
    const destinations = [
      { server: 's', name: 'x', namespace: 'n' },
      { server: 's', name: 'y', namespace: 'n' },
    ];
    expect(paths({ destinations })).toEqual(['spec.destinations[1]']);
  });

  it('are patterns in the name of a service account', () => {
    const account = (defaultServiceAccount: string): string[] =>
      paths({ destinationServiceAccounts: [{ server: '*', namespace: '*', defaultServiceAccount }] });
    expect(account('other:deployer')).toEqual([]);
    expect(account('dep*')).toEqual(['spec.destinationServiceAccounts[0].defaultServiceAccount']);
    expect(account(' ')).toEqual(['spec.destinationServiceAccounts[0].defaultServiceAccount']);
  });
});

describe('faults of a role', () => {
  it('are bad and repeated names', () => {
    expect(rolePaths({ name: '-dev' })).toContain('spec.roles[0].name');
    expect(rolePaths({ name: 'dev\n' })).toContain('spec.roles[0].name');
    expect(paths({ roles: [{ name: 'dev' }, { name: 'dev' }] })).toEqual(['spec.roles[1]']);
  });

  it.each([
    ['five parts', 'p, proj:team-a:dev, applications, sync, team-a/*'],
    ['seven parts', 'p, proj:team-a:dev, applications, sync, team-a/{a,b}, allow'],
    ['a grouping', 'g, alice, proj:team-a:dev'],
    ['a second line', 'p, proj:team-a:dev, applications, sync, team-a/*, allow\ng, alice, role:admin'],
    ['another role', 'p, proj:team-a:admin, applications, sync, team-a/*, allow'],
    ['another project', 'p, proj:team-b:dev, applications, sync, team-a/*, allow'],
    ['a resource that is not the project’s to grant', 'p, proj:team-a:dev, projects, update, team-a/*, allow'],
    ['an unknown action', 'p, proj:team-a:dev, applications, approve, team-a/*, allow'],
    ['objects of another project', 'p, proj:team-a:dev, applications, sync, team-b/*, allow'],
    ['objects of projects with the same prefix', 'p, proj:team-a:dev, applications, sync, team-a*/*, allow'],
    ['every object', 'p, proj:team-a:dev, applications, sync, *, allow'],
    ['three segments too many', 'p, proj:team-a:dev, applications, sync, team-a/a/b/c, allow'],
    ['an unknown effect', 'p, proj:team-a:dev, applications, sync, team-a/*, maybe'],
  ])('are policies with %s', (_what, policy) => {
    expect(policyPaths(policy)).toEqual(['spec.roles[0].policies[0]']);
  });

  it('are repeated policies and groups', () => {
    const policy = 'p, proj:team-a:dev, applications, sync, team-a/*, allow';
    expect(policyPaths(policy, policy)).toEqual(['spec.roles[0].policies[1]']);
    expect(rolePaths({ groups: ['a', 'a'] })).toEqual(['spec.roles[0].groups[1]']);
  });

  it.each(['', ' ', 'a"b', 'a,b', 'a\nb', '"a\nb"', 'a\tb', '""'])('are group names such as %j', (group) => {
    expect(rolePaths({ groups: [group] })).toEqual(['spec.roles[0].groups[0]']);
  });
});
