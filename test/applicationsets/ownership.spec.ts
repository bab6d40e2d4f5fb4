import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HubClient } from '../../src/demo/hub-client.js';
import { applicationSet, configMap, project } from '../support/documents.js';
import { eventually, World } from '../support/world.js';

const ANNOTATION = 'fleetwright.io/project';
const TEMPLATED = "'{{owner}}'";

const roles = (owner: string): string => {
  const line = (resource: string): string => `"p, proj:${owner}:dev, ${resource}, *, ${owner}/*, allow"`;
  return `  roles: [{ name: dev, policies: [${line('applicationsets')}, ${line('applications')}] }]\n`;
};

interface Failure {
  details?: { code?: string; faults?: { path: string }[] };
}

describe('whose set it is', () => {
  let world: World;
  let teamA: HubClient;
  let teamB: HubClient;
  beforeAll(async () => {
    world = await World.start([]);
    await world.repository.commit({ 'web/cm.yaml': configMap('web') });
    const cluster = `apiVersion: fleetwright.io/v1alpha1\nkind: Cluster\nmetadata: { name: c1 }\n`;
    await world.admin.apply(
      [project('team-a', roles('team-a')), project('team-b', roles('team-b')), cluster].join('---\n'),
    );
    teamA = await world.asRole('team-a', 'dev');
    teamB = await world.asRole('team-b', 'dev');
  });
  afterAll(() => world.stop());

  const set = (name: string, { owner, project: inTemplate = 'team-a' }: { owner?: string; project?: string } = {}) =>
    applicationSet({
      name,
      generators: '[{ list: { elements: [{ name: x, owner: team-a }] } }]',
      repoURL: world.repository.url,
      path: 'web',
      cluster: 'c1',
      project: inTemplate,
    }).replace(
      `metadata: { name: ${name} }`,
      `metadata: { name: ${name}${owner === undefined ? '' : `, annotations: { ${ANNOTATION}: ${owner} }`} }`,
    );

  const write = async (client: HubClient, body: string): Promise<{ status: number; code?: string; path?: string }> => {
    const path = '/api/v1/applicationsets';
    const answer = await client.send({ method: 'POST', path, type: 'application/yaml', body });
    const { code, faults } = (answer.body as Failure).details ?? {};
    return { status: answer.status, ...(code ? { code } : {}), ...(faults?.[0] ? { path: faults[0].path } : {}) };
  };
  const move = (client: HubClient, name: string, owner: string) =>
    client.send({
      method: 'PATCH',
      path: `/api/v1/namespaces/argocd/applicationsets/${name}`,
      type: 'application/merge-patch+json',
      body: JSON.stringify({ metadata: { annotations: { [ANNOTATION]: owner } } }),
    });
  const problemsOf = async (name: string) => {
    const { status } = await world.get('applicationsets', name);
    return (status as { problems?: { code: string }[] } | undefined)?.problems?.map(({ code }) => code);
  };

  it('is that of the literal project of its template', async () => {
    expect(await write(teamB, set('literal'))).toMatchObject({ status: 403 });
    expect(await write(teamA, set('literal'))).toEqual({ status: 201 });
  });

  it('is that of its annotation, before the template', async () => {
    expect(await write(teamB, set('annotated', { owner: 'team-a' }))).toMatchObject({ status: 403 });
    expect(await write(teamA, set('annotated', { owner: 'team-a', project: TEMPLATED }))).toEqual({ status: 201 });
  });

  it('must be named where the template does not, by whoever is no platform admin', async () => {
    expect(await write(teamA, set('nameless', { project: TEMPLATED }))).toEqual({
      status: 422,
      code: 'SET_WITHOUT_OWNER',
      path: `metadata.annotations.${ANNOTATION}`,
    });
  });

  it('is that of default where a platform admin names none, and says so', async () => {
    expect(await write(world.admin, set('platform', { project: TEMPLATED }))).toEqual({ status: 201 });
    const { metadata } = await world.get('applicationsets', 'platform');
    expect(metadata.annotations).toEqual({ [ANNOTATION]: 'default' });
  });

  it('is never a project that does not exist', async () => {
    expect(await write(world.admin, set('lost', { owner: 'gone' }))).toMatchObject({ code: 'PROJECT_UNKNOWN' });
  });

  it('changes only with rights in the old and in the new project', async () => {
    await write(world.admin, set('moving', { owner: 'team-a', project: TEMPLATED }));
    expect((await move(teamA, 'moving', 'team-b')).status).toBe(403);
    expect((await move(teamB, 'moving', 'team-b')).status).toBe(403);
    expect((await move(world.admin, 'moving', 'team-b')).status).toBe(200);
    expect((await move(teamA, 'moving', 'team-a')).status).toBe(403);
    await eventually('what it generates to be outside its project', async () => {
      const problems = await problemsOf('moving');
      return [problems?.includes('PROJECT_NOT_OWNED') ?? false, problems];
    });
  });

  it('adopts an Application of its project that nobody owns, and takes none from another set', async () => {
    const free = `
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: adopting-x }
spec:
  project: team-a
  source: { repoURL: '${world.repository.url}', path: web }
  destination: { name: c1, namespace: web }
`;
    await world.admin.apply(free);
    const { uid } = (await world.get('applications', 'adopting-x')).metadata;
    await world.admin.apply(set('adopting'));
    await eventually('the Application to be adopted', async () => {
      const { metadata } = await world.get('applications', 'adopting-x');
      return [metadata.ownerReferences?.[0]?.name === 'adopting' && metadata.uid === uid, metadata];
    });
    await world.admin.apply(set('thief').replace("name: 'thief-{{name}}'", "name: 'adopting-{{name}}'"));
    await eventually('the other set to be told', async () => {
      const problems = await problemsOf('thief');
      return [problems?.[0] === 'NAME_TAKEN', problems];
    });
  });

  it('refuses an expression to ignore that it cannot read, by its place', async () => {
    const ignoring = `${set('ignoring')}  ignoreApplicationDifferences: [{ jqPathExpressions: ['.spec | keys'] }]\n`;
    expect(await write(teamA, ignoring)).toMatchObject({
      status: 422,
      code: 'IGNORE_EXPRESSION_INVALID',
      path: 'spec.ignoreApplicationDifferences[0].jqPathExpressions[0]',
    });
  });

  it('leaves what it is told to ignore as people set it', async () => {
    const ignoring = `${set('gentle')}  ignoreApplicationDifferences: [{ jsonPointers: [/spec/source/targetRevision] }]\n`;
    await world.admin.apply(ignoring);
    await eventually('its Application', async () => [
      (await world.names('applications')).includes('gentle-x'),
      undefined,
    ]);
    const path = '/api/v1/namespaces/argocd/applications/gentle-x';
    await teamA.patch(path, { spec: { source: { targetRevision: 'by-hand' } } });
    await world.admin.apply(ignoring.replace("path: 'web'", "path: 'other'"));
    await eventually('the rest to follow the set', async () => {
      const { source } = (await world.get('applications', 'gentle-x'))['spec'] as { source: Record<string, string> };
      return [source['path'] === 'other' && source['targetRevision'] === 'by-hand', source];
    });
  });
});
