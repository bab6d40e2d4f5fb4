import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlanView } from '../../src/changes/plan-view.js';
import type { HubClient } from '../../src/demo/hub-client.js';
import { applicationSet, configMap, project } from '../support/documents.js';
import { eventually, World } from '../support/world.js';

/** Roles of a project: `dev` may do everything with sets and Applications, `author` may only create sets. */
const rolesOf = (owner: string): string => {
  const line = (role: string, rule: string): string => `"p, proj:${owner}:${role}, ${rule}, ${owner}/*, allow"`;
  const all = ['applications, *', 'applicationsets, *'].map((rule) => line('dev', rule)).join(', ');
  return `  roles: [{ name: dev, policies: [${all}] }, { name: author, policies: [${line('author', 'applicationsets, create')}] }]\n`;
};

interface Preview {
  status: number;
  plan: PlanView;
  stored: boolean;
  code: string | undefined;
  text: string;
}

let world: World;
let teamA: HubClient;
let teamB: HubClient;
let author: HubClient;

beforeAll(async () => {
  world = await World.start([]);
  await world.repository.commit({ 'apps/one/cm.yaml': configMap('one'), 'apps/two/cm.yaml': configMap('two') });
  const clusters = ['c1', 'c2', 'c3'].map(
    (name) => `
apiVersion: fleetwright.io/v1alpha1
kind: Cluster
metadata: { name: ${name}, labels: { env: ${name === 'c3' ? 'test' : 'prod'} } }
`,
  );
  const platform = applicationSet({
    name: 'platform',
    generators: '[{ list: { elements: [{ name: team-a }, { name: team-b }] } }]',
    repoURL: world.repository.url,
    path: 'apps/one',
    cluster: 'c1',
    project: "'{{name}}'",
  }).replace(
    'metadata: { name: platform }',
    'metadata: { name: platform, annotations: { fleetwright.io/project: default } }',
  );
  await world.admin.apply(
    [
      project('team-a', rolesOf('team-a')),
      project('team-b', rolesOf('team-b')),
      ...clusters,
      platform,
      set('web'),
    ].join('---'),
  );
  teamA = await world.asRole('team-a', 'dev');
  teamB = await world.asRole('team-b', 'dev');
  author = await world.asRole('team-b', 'author');
  await world.made(4);
});
afterAll(() => world?.stop());

function set(name: string, change: Partial<Parameters<typeof applicationSet>[0]> = {}): string {
  const generators = '[{ clusters: { selector: { matchLabels: { env: prod } } } }]';
  return applicationSet({ name, generators, repoURL: world.repository.url, path: 'apps/one', ...change });
}

async function preview(as: HubClient, body: string, query = ''): Promise<Preview> {
  const path = `/api/v1/applicationsets/preview${query}`;
  const { status, body: answer } = await as.send({ method: 'POST', path, type: 'application/yaml', body });
  const { plan, stored, details } = answer as { plan: PlanView; stored: boolean; details?: { code: string } };
  return { status, plan, stored, code: details?.code, text: JSON.stringify(answer) };
}

describe('POST /api/v1/applicationsets/preview', () => {
  it('shows whole Applications that a set would create, and writes nothing', async () => {
    const before = await world.names('applications');
    const { status, plan, stored } = await preview(teamA, set('fresh'));
    expect({ status, stored }).toEqual({ status: 200, stored: false });
    expect(plan.lines).toMatchObject([
      {
        action: 'create',
        name: 'fresh-c1',
        project: 'team-a',
        cluster: 'c1',
        object: { kind: 'Application', spec: { project: 'team-a', destination: { name: 'c1' } } },
      },
      { action: 'create', name: 'fresh-c2', object: { metadata: { name: 'fresh-c2', namespace: 'argocd' } } },
    ]);
    expect(plan.branches).toEqual([{ path: 'spec.generators[0]', state: 'complete', results: 2 }]);
    expect(await world.names('applications')).toEqual(before);
    expect(await world.names('applicationsets')).toEqual(['platform', 'web']);
  });

  it('compares a stored set field by field, and names what goes', async () => {
    const elements = '[{ list: { elements: [{ name: c2 }, { name: c3 }] } }]';
    const { plan, stored } = await preview(teamA, set('web', { generators: elements, path: 'apps/two' }));
    expect(stored).toBe(true);
    expect(plan.lines.map(({ action, name }) => `${action} ${name}`)).toEqual([
      'delete web-c1',
      'create web-c3',
      'update web-c2',
    ]);
    expect(plan.lines[2]?.changes).toEqual([{ path: 'spec.source.path', from: 'apps/one', to: 'apps/two' }]);
    expect((await preview(teamA, set('web'))).plan).toMatchObject({ lines: [], unchanged: 2 });
  });

  it('says which generator failed, and what is kept because of it', async () => {
    const generators = `
    - list: { elements: [{ name: c2 }] }
    - git: { repoURL: '${world.git.url}/absent', revision: main, directories: [{ path: '*' }] }`;
    const { plan } = await preview(teamA, set('web', { generators }));
    expect(plan.branches).toMatchObject([{ state: 'complete', results: 1 }, { state: 'failed' }]);
    expect(plan.errors).toMatchObject([{ path: 'spec.generators[1].git', owner: 'ApplicationSet argocd/web' }]);
    expect(plan.kept).toMatchObject([{ name: 'web-c1', reason: expect.stringContaining('spec.generators[1].git') }]);
    expect(plan.lines).toEqual([]);
  });

  it('reads generator repositories under the rules of the owner project', async () => {
    await world.admin.apply(project('narrow').replace("sourceRepos: ['*']", "sourceRepos: ['https://elsewhere/*']"));
    const generators = `[{ git: { repoURL: '${world.repository.url}', revision: main, directories: [{ path: 'apps/*' }] } }]`;
    const change = { generators, project: 'narrow', cluster: 'c1', template: 'x-{{path.basename}}' };
    const { plan } = await preview(world.admin, set('narrow', change));
    expect(plan.errors).toMatchObject([{ code: 'NOT_PERMITTED' }]);
    expect(plan.lines).toEqual([]);
  });

  it('tells refused results apart from failed inputs', async () => {
    const elements = '[{ list: { elements: [{ name: c1 }, { name: nowhere }] } }]';
    const { plan } = await preview(teamA, set('partly', { generators: elements }));
    expect(plan.problems).toMatchObject([{ key: 'argocd/partly-nowhere', code: 'DESTINATION_UNKNOWN' }]);
    expect(plan.errors).toEqual([]);
    expect(plan.lines).toHaveLength(1);
  });

  it('shows at most as many lines as asked for, and counts the rest', async () => {
    const { plan } = await preview(teamA, set('fresh'), '?limit=1');
    expect(plan.lines).toHaveLength(1);
    expect(plan.more).toEqual({ create: 1 });
  });

  it('needs the right to create in the owner project, and in that of the stored set', async () => {
    expect(await preview(teamB, set('fresh'))).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    expect(await preview(teamB, set('web', { project: 'team-b' }))).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    const ownerless = await preview(teamB, set('fresh', { project: "'{{name}}'" }));
    expect([403, 422]).toContain(ownerless.status);
  });

  it('shows an author nothing of Applications that he may not see, and counts none', async () => {
    await world.admin.apply(set('theirs', { project: 'team-b' }));
    await eventually('the set of team-b', async () => {
      const names = await world.names('applications');
      return [names.includes('theirs-c2'), names];
    });
    const elements = '[{ list: { elements: [{ name: c1 }, { name: nowhere }] } }]';
    const { status, plan, text } = await preview(author, set('theirs', { project: 'team-b', generators: elements }));
    expect(status).toBe(200);
    expect(plan).toMatchObject({ lines: [], kept: [], held: [], problems: [], unchanged: 0 });
    expect(text).not.toContain('theirs-c2');
  });

  it('shows a team nothing of other projects that a set of the platform serves', async () => {
    const { plan } = await preview(world.admin, `${set('platform')}`);
    expect(plan.lines.length).toBeGreaterThan(0);
    const denied = await preview(teamA, set('platform'));
    expect(denied.status).toBe(403);
    expect(denied.text).not.toContain('team-b');
  });

  it('says that a name is taken, and not by whom', async () => {
    const elements = '[{ list: { elements: [{ name: team-b }] } }]';
    const { plan } = await preview(
      teamA,
      set('thief', { generators: elements, cluster: 'c1', template: 'platform-{{name}}' }),
    );
    expect(plan.problems).toMatchObject([{ code: 'NAME_TAKEN' }]);
    expect(plan.kept).toEqual([]);
    expect(JSON.stringify(plan)).not.toContain('default');
  });

  it.each([
    ['nothing', '', 400, 'NO_DOCUMENTS'],
    ['two documents', '{a: 1}\n---\n{b: 2}', 413, 'TOO_MANY_DOCUMENTS'],
    ['no document', '[1]', 400, 'NOT_A_DOCUMENT'],
    ['another kind', 'apiVersion: v1\nkind: Secret\nmetadata: { name: x }', 422, 'PATH_MISMATCH'],
    [
      'a set without a template',
      'apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: { name: x }\nspec: {}',
      422,
      'INVALID_DOCUMENT',
    ],
    ['broken YAML', 'a: [', 400, 'YAML_SYNTAX'],
  ])('refuses %s', async (_what, body, status, code) => {
    expect(await preview(world.admin, body)).toMatchObject({ status, code });
  });

  it('is described with the schema of a set', async () => {
    const described = await world.admin.get<{ paths: object; components: { schemas: object } }>('/api/openapi.json');
    const named = JSON.stringify(described).matchAll(/"#\/components\/schemas\/([^"]+)"/g);
    for (const [, name = ''] of named) expect(Object.keys(described.components.schemas)).toContain(name);
    expect(Object.keys(described.paths)).toEqual(
      expect.arrayContaining([
        '/api/v1/applicationsets/preview',
        '/api/v1/applications/{name}/why',
        '/api/v1/applicationsets/{name}/why-not',
      ]),
    );
  });

  it('refuses a limit that is none', async () => {
    expect(await preview(world.admin, set('fresh'), '?limit=-1')).toMatchObject({ status: 400, code: 'INVALID_QUERY' });
  });
});
