import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApplicationWhyAnswer } from '../../src/applicationsets/explain/application-why.js';
import type { WhyNot } from '../../src/applicationsets/explain/why-not.js';
import type { HubClient } from '../../src/demo/hub-client.js';
import { applicationSet, configMap, project } from '../support/documents.js';
import { eventually, World } from '../support/world.js';

const rolesOf = (owner: string): string => {
  const rules = ['applications', 'applicationsets', 'clusters'].map(
    (resource) => `"p, proj:${owner}:dev, ${resource}, get, ${owner}/*, allow"`,
  );
  return `  roles: [{ name: dev, policies: [${rules.join(', ')}] }]\n`;
};

const cluster = (name: string, labels: string, owner?: string): string => `
apiVersion: fleetwright.io/v1alpha1
kind: Cluster
metadata: { name: ${name}, labels: { ${labels} } }
spec: { ${owner === undefined ? '' : `project: ${owner}`} }
`;

let world: World;
let teamA: HubClient;

beforeAll(async () => {
  world = await World.start([]);
  await world.repository.commit({
    'apps/one/cm.yaml': configMap('one'),
    'settings/web.yaml': 'app: web\nreplicas: "3"\npassword: hunter2\nnote: from the file\n',
    'settings/shop.yaml': 'app: shop\nreplicas: "2"\npassword: hunter3\nnote: another\n',
  });
  await world.admin.apply(
    [
      project('team-a', rolesOf('team-a')),
      project('team-b', rolesOf('team-b')),
      cluster('c1', 'env: prod, zone: x', 'team-a'),
      cluster('c2', 'env: dev', 'team-a'),
      cluster('c3', 'env: prod', 'team-b'),
      set('web'),
      matrixSet(),
      platformSet(),
    ].join('---'),
  );
  teamA = await world.asRole('team-a', 'dev');
  await world.made(6);
});
afterAll(() => world?.stop());

function set(name: string, change: Partial<Parameters<typeof applicationSet>[0]> = {}): string {
  const generators = '[{ clusters: { selector: { matchLabels: { env: prod } } } }]';
  return applicationSet({ name, generators, repoURL: world.repository.url, path: 'apps/one', ...change });
}

/** Settings from files, one Application each on the clusters that a file's app names by a label. */
function matrixSet(): string {
  const files = `git: { repoURL: '${world.repository.url}', revision: main, files: [{ path: 'settings/*.yaml' }] }`;
  const chosen = "clusters: { selector: { matchLabels: { zone: '{{note}}' } } }";
  const fixed = 'list: { elements: [{ cluster: c1 }] }';
  return set('files', {
    generators: `[{ matrix: { generators: [{ ${files} }, { ${fixed} }] } }, { matrix: { generators: [{ ${files} }, { ${chosen} }] } }]`,
    template: 'files-{{app}}',
    cluster: '{{cluster}}',
  }).replace(
    '  template:\n',
    '  templatePatch: \'{ "spec": { "info": [{ "name": "replicas", "value": "{{replicas}}" }] } }\'\n  template:\n',
  );
}

function platformSet(): string {
  const elements = '[{ list: { elements: [{ name: team-a }, { name: team-b }] } }]';
  const text = set('platform', { generators: elements, project: "'{{name}}'", cluster: 'c1' });
  const annotated = 'metadata: { name: platform, annotations: { fleetwright.io/project: default } }';
  return text.replace('metadata: { name: platform }', annotated);
}

const why = (name: string, as = world.admin) => as.get<ApplicationWhyAnswer>(`/api/v1/applications/${name}/why`);
const whyNot = (name: string, on: string, as = world.admin) =>
  as.get<WhyNot>(`/api/v1/applicationsets/${name}/why-not?cluster=${on}`);
const refusal = async (as: HubClient, path: string) => {
  const { status, body } = await as.send({ method: 'GET', path });
  return { status, body: JSON.stringify(body) };
};

describe('GET /api/v1/applications/{name}/why', () => {
  it('tells the set, the generator, the parameters and the template lines it came from', async () => {
    const answer = await why('web-c1', teamA);
    expect(answer.madeBy).toMatchObject({ kind: 'ApplicationSet', namespace: 'argocd', name: 'web', generation: 1 });
    expect(answer.state).toEqual({ state: 'as-generated' });
    expect(answer.generated).toMatchObject([
      {
        generator: { path: 'spec.generators[0].clusters', index: 0, kind: 'clusters' },
        parameters: { name: 'c1', 'metadata.labels.env': 'prod' },
        template: [
          { path: 'spec.template.metadata.name', template: 'web-{{name}}', value: 'web-c1' },
          { path: 'spec.template.spec.destination.name', template: '{{name}}', value: 'c1' },
        ],
      },
    ]);
  });

  it('names the rule of the project that permits each source and the destination', async () => {
    const { project: verdict } = await why('web-c1');
    expect(verdict.rules.map(({ rule, allowed }) => [rule, allowed])).toEqual([
      ['sourceNamespaces', true],
      ['sourceRepos', true],
      ['destinations', true],
    ]);
    expect(verdict.rules[1]?.reason).toContain('sourceRepos entry "*" permits');
  });

  it('tells the commits that were read, and what the patch added', async () => {
    const { git, generated } = await why('files-web');
    expect(git).toEqual([
      { repoURL: world.repository.url, revision: 'main', sha: expect.stringMatching(/^[0-9a-f]{40}$/) },
    ]);
    expect(generated[0]?.generator.path).toBe('spec.generators[0].matrix');
    expect(generated[0]?.patch?.changes).toContainEqual({
      path: 'spec.info',
      to: [{ name: 'replicas', value: '3' }],
    });
  });

  it('keeps values of files to itself that stand neither in the Application nor in the set', async () => {
    const answer = await why('files-web', teamA);
    expect(answer.generated[0]?.parameters).toMatchObject({ app: 'web', replicas: '3' });
    expect(answer.generated[0]?.hiddenParameters).toEqual(expect.arrayContaining(['password', 'note']));
    const text = JSON.stringify(answer);
    expect(text).not.toContain('hunter2');
    expect(text).not.toContain('from the file');
  });

  it('tells who wrote what it follows from, and which of it came last', async () => {
    await world.admin.patch('/api/v1/clusters/c1', { metadata: { labels: { tier: 'gold' } } });
    await world.admin.apply(set('web', { path: 'apps' }));
    await eventually('the Application to follow', async () => {
      const answer = await why('web-c1');
      return [answer.state.state === 'as-generated', answer];
    });
    const { writes, commit } = await why('web-c1');
    expect(Number(commit.position)).toBeGreaterThan(0);
    expect(writes.find(({ isLikelyCause }) => isLikelyCause)).toMatchObject({
      object: 'ApplicationSet argocd/web',
      actor: 'token:first-admin',
      verb: 'update',
    });
    expect(writes.map(({ object }) => object)).toEqual(
      expect.arrayContaining(['Cluster argocd/c1', 'AppProject argocd/team-a']),
    );
  });

  it('leaves out a set that the asker may not see, and says so', async () => {
    const answer = await why('platform-team-a', teamA);
    expect(answer.madeBy).toMatchObject({ kind: 'ApplicationSet', name: 'platform', note: expect.any(String) });
    expect(answer).toMatchObject({ generated: [], git: [] });
    expect(JSON.stringify(answer)).not.toContain('team-b');
    expect((await why('platform-team-a')).generated).toHaveLength(1);
  });

  it('says who wrote an Application that no set made', async () => {
    const spec = {
      project: 'team-a',
      source: { repoURL: world.repository.url, path: 'apps/one', targetRevision: 'main' },
      destination: { name: 'c1', namespace: 'x' },
    };
    const document = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata: { name: 'lone' }, spec };
    await world.admin.post('/api/v1/applications', document);
    const answer = await why('lone');
    expect(answer).toMatchObject({ madeBy: { kind: 'document' }, state: { state: 'written-by-hand' }, generated: [] });
    expect(answer.writes.find(({ object }) => object === 'Application argocd/lone')).toMatchObject({
      actor: 'token:first-admin',
      verb: 'create',
    });
    await world.admin.send({ method: 'DELETE', path: '/api/v1/applications/lone' });
  });

  it('names the Application whose repository brought it', async () => {
    const application = (name: string, path: string, destination: string) => `
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: ${name} }
spec:
  project: team-a
  source: { repoURL: '${world.repository.url}', targetRevision: main, path: ${path} }
  destination: { name: ${destination}, namespace: argocd }
  syncPolicy: { automated: {} }
`;
    await world.admin.apply(application('root', 'children', 'in-cluster'));
    await world.push({ 'children/kid.yaml': application('kid', 'apps/one', 'c1') });
    await eventually('the child', async () => {
      const names = await world.names('applications');
      return [names.includes('kid'), names];
    });
    expect(await why('kid', teamA)).toMatchObject({
      madeBy: { kind: 'Application', namespace: 'argocd', name: 'root' },
      state: { state: 'as-generated' },
      generated: [],
    });
  });

  it('says why an Application is still there that its set does not make any more', async () => {
    const broken = `[{ git: { repoURL: '${world.git.url}/absent', revision: main, directories: [{ path: '*' }] } }]`;
    await world.admin.apply(set('kept', { generators: '[{ list: { elements: [{ name: c1 }] } }]' }));
    await eventually('its Application', async () => {
      const names = await world.names('applications');
      return [names.includes('kept-c1'), names];
    });
    await world.admin.apply(set('kept', { generators: broken }));
    const answer = await why('kept-c1');
    expect(answer).toMatchObject({
      generated: [],
      state: { state: 'kept', reason: expect.stringContaining('spec.generators[0].git') },
    });
  });

  it('is not answered to those who may not see the Application, whether or not it is there', async () => {
    const hidden = await refusal(teamA, '/api/v1/applications/platform-team-b/why');
    const absent = await refusal(teamA, '/api/v1/applications/no-such-thing-b/why');
    expect([hidden.status, absent.status]).toEqual([403, 403]);
    expect(hidden.body.replaceAll('platform-team-b', '')).toBe(absent.body.replaceAll('no-such-thing-b', ''));
    expect((await refusal(world.admin, '/api/v1/namespaces/argocd/applications/absent/why')).status).toBe(404);
  });
});

describe('GET /api/v1/applicationsets/{name}/why-not', () => {
  it('tells each term, and the smallest label change, which then does make the cluster match', async () => {
    const before = await whyNot('web', 'c2', teamA);
    expect(before).toMatchObject({
      matches: false,
      generators: [
        {
          path: 'spec.generators[0].clusters',
          matches: false,
          terms: [{ key: 'env', operator: 'In', values: ['prod'], value: 'dev', holds: false }],
        },
      ],
      smallestChange: {
        generator: 'spec.generators[0].clusters',
        edits: [{ label: 'env', action: 'set', value: 'prod' }],
      },
      applications: [],
    });
    await world.label('c2', { env: 'prod' });
    const after = await whyNot('web', 'c2', teamA);
    expect(after).toMatchObject({ matches: true, applications: [{ name: 'web-c2', project: 'team-a' }] });
    expect(after).not.toHaveProperty('smallestChange');
    await world.label('c2', { env: 'dev' });
  });

  it('judges a selector that a matrix fills in once for each filling', async () => {
    const { matches, generators } = await whyNot('files', 'c1');
    expect(matches).toBe(false);
    expect(generators.map(({ selector }) => selector)).toEqual([
      { matchLabels: { zone: 'another' } },
      { matchLabels: { zone: 'from the file' } },
    ]);
    expect(generators[0]).toMatchObject({
      path: 'spec.generators[1].matrix.generators[1].clusters',
      terms: [{ key: 'zone', value: 'x', holds: false }],
    });
  });

  it('tells what stops an Application of a cluster that matches', async () => {
    await world.admin.apply(set('twins', { template: 'twin' }));
    await world.label('c2', { env: 'prod' });
    const { matches, applications } = await whyNot('twins', 'c1');
    expect(matches).toBe(true);
    expect(applications).toMatchObject([{ name: 'twin', state: 'refused', code: 'NAME_DUPLICATE' }]);
    await world.label('c2', { env: 'dev' });
  });

  it('says where a set does not select clusters at all', async () => {
    expect(await whyNot('platform', 'c1')).toMatchObject({
      matches: false,
      generators: [],
      notes: ['no generator of the set selects clusters'],
    });
  });

  it('needs a cluster, and the right to see it and the set', async () => {
    const path = '/api/v1/applicationsets/web/why-not';
    expect((await refusal(world.admin, path)).status).toBe(400);
    expect((await refusal(world.admin, `${path}?cluster=`)).status).toBe(400);
    expect((await refusal(world.admin, `${path}?cluster=a&cluster=b`)).status).toBe(400);
    expect((await refusal(world.admin, `${path}?cluster=nowhere`)).status).toBe(404);
    const hidden = await refusal(teamA, `${path}?cluster=c3`);
    const absent = await refusal(teamA, `${path}?cluster=c9`);
    expect([hidden.status, absent.status]).toEqual([403, 403]);
    expect(hidden.body.replaceAll('c3', '')).toBe(absent.body.replaceAll('c9', ''));
    expect((await refusal(teamA, '/api/v1/applicationsets/platform/why-not?cluster=c1')).status).toBe(403);
  });
});
