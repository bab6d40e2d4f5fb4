import { describe, expect, it } from 'vitest';
import { expandJson, listOf, listSet } from '../support/command-line.js';

const ALL = { sourceRepos: ['*'], destinations: [{ server: '*', namespace: '*' }] };

const project = (spec: object, name = 'team-a') => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AppProject',
  metadata: { name, namespace: 'argocd' },
  spec,
});

const cluster = (name: string, server: string, more: object = {}) => ({
  apiVersion: 'fleetwright.io/v1alpha1',
  kind: 'Cluster',
  metadata: { name },
  spec: { server, ...more },
});

async function refusals(...items: unknown[]) {
  const { sets, stderr } = await expandJson(listOf(...items, listSet('s', ['a'])));
  return { errors: (sets[0]?.errors ?? []).map(({ code, path }) => `${code} ${path}`), stderr };
}

describe('without an AppProject', () => {
  it('project rules are not judged', async () => {
    expect((await refusals()).errors).toEqual([]);
  });
});

describe('with AppProjects', () => {
  it('a permitted Application passes', async () => {
    expect(await refusals(project(ALL))).toEqual({ errors: [], stderr: '' });
  });

  it('a source, a destination and a namespace that are not permitted are refused', async () => {
    const nothing = await refusals(
      project({ sourceRepos: ['https://other'], destinations: [{ server: 'https://o', namespace: '*' }] }),
    );
    expect(nothing.errors).toEqual([
      'NOT_PERMITTED spec.template.spec.source.repoURL',
      'NOT_PERMITTED spec.template.spec.destination',
    ]);
    const elsewhere = { ...listSet('t', ['a']), metadata: { name: 't', namespace: 'teams' } };
    const { sets } = await expandJson(listOf(project(ALL), elsewhere));
    expect(sets[0]?.errors).toMatchObject([{ code: 'NOT_PERMITTED', path: 'spec.template.spec.project' }]);
  });

  it('a hydrated Application is judged by the repositories it reads, and one without any as one that is not permitted', async () => {
    const hydrated = listSet('h', ['a']);
    const drySource = { repoURL: 'https://dry', path: 'p', targetRevision: 'HEAD' };
    const sourceHydrator = { drySource, syncSource: { repoURL: 'https://wet', targetBranch: 'b', path: 'p' } };
    Object.assign(hydrated.spec.template.spec, { sourceHydrator });
    const bare = listSet('b', ['a']);
    Object.assign(bare.spec.template.spec, { source: null, sources: [null] });
    const { sets } = await expandJson(listOf(project({ ...ALL, sourceRepos: ['https://dry'] }), hydrated, bare));
    expect(sets.map(({ errors }) => errors.map(({ code, path }) => `${code} ${path}`))).toEqual([
      ['NOT_PERMITTED spec.template.spec.sourceHydrator.syncSource.repoURL'],
      ['NOT_PERMITTED spec.template.spec.sources.repoURL'],
    ]);
  });

  it('a project that is not given is refused, but default always exists', async () => {
    expect((await refusals(project(ALL, 'team-b'))).errors).toEqual(['PROJECT_UNKNOWN spec.template.spec.project']);
    const set = listSet('s', ['a']);
    set.spec.template.spec.project = 'default';
    expect((await expandJson(listOf(project(ALL, 'team-b'), set))).code).toBe(0);
  });

  it('a destination is judged by both halves of the cluster', async () => {
    const byName = project({ ...ALL, destinations: [{ name: 'prod', namespace: '*' }] });
    expect((await refusals(byName, cluster('prod', 'https://s.example.com'))).errors).toEqual([]);
    expect((await refusals(byName, cluster('test', 'https://s.example.com'))).errors).toHaveLength(1);
  });

  it('a cluster that is not in the input leaves a doubt, told as a warning', async () => {
    const { errors, stderr } = await refusals(project({ ...ALL, destinations: [{ name: 'prod', namespace: '*' }] }));
    expect(errors).toEqual([]);
    expect(stderr).toContain("give the cluster's Secret");
  });

  it("permitOnlyProjectScopedClusters asks for the project's own cluster", async () => {
    const scoped = project({ ...ALL, permitOnlyProjectScopedClusters: true });
    expect((await refusals(scoped, cluster('c', 'https://s.example.com', { project: 'team-a' }))).errors).toEqual([]);
    expect((await refusals(scoped, cluster('c', 'https://s.example.com'))).errors).toHaveLength(1);
  });

  it('a generator may read what the sources of its project do not permit, as in Argo CD', async () => {
    const { sets } = await expandJson(
      listOf(
        project(ALL),
        listSet('s', [], { generators: [{ git: { repoURL: 'https://x', directories: [{ path: '*' }] } }] }),
      ),
    );
    expect(sets[0]?.errors.map(({ code }) => code)).toEqual(['GIT_NOT_GIVEN']);
  });

  it('unknown fields are warnings, wrong types are errors', async () => {
    const { errors, stderr } = await refusals(project({ ...ALL, novelty: 1 }));
    expect(errors).toEqual([]);
    expect(stderr).toContain('spec.novelty is not a known field');
    expect((await refusals(project({ ...ALL, sourceRepos: '*' }))).stderr).toContain('spec.sourceRepos must be a list');
  });
});
