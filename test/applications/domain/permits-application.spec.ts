import { describe, expect, it } from 'vitest';
import type { ApplicationSpec } from '../../../src/applications/domain/application.js';
import { permitsApplication, type ApplicationPlace } from '../../../src/applications/domain/permits-application.js';

const cluster = { uid: 'u', name: 'c1', server: 'https://c1' };
const spec = {
  project: 'p',
  source: { repoURL: 'https://git/r', path: 'x' },
  destination: { name: 'c1' },
} as ApplicationSpec;
const rules = { sourceRepos: ['*'], destinations: [{ server: '*', namespace: '*' }] };
const place = (overrides: Partial<ApplicationPlace> = {}): ApplicationPlace => ({
  namespace: 'argocd',
  destination: { type: 'member', cluster, namespace: 'web' },
  ownClusters: [],
  ...overrides,
});

describe('permitsApplication', () => {
  it('permits what sources and destinations permit', () => {
    expect(permitsApplication(rules, spec, place()).allowed).toBe(true);
  });

  it.each([
    [
      'a source of its several',
      { ...spec, sources: [{ repoURL: 'https://git/r' }, { repoURL: 'https://evil/r' }] },
      { ...rules, sourceRepos: ['https://git/*'] },
    ],
    ['its destination', spec, { ...rules, destinations: [{ server: '*', namespace: 'other' }] }],
  ])('refuses %s that the project does not permit', (_what, wanted, project) => {
    expect(permitsApplication(project, wanted as ApplicationSpec, place()).allowed).toBe(false);
  });

  it('refuses an Application that lives in a namespace which may not use the project', () => {
    expect(permitsApplication(rules, spec, place({ namespace: 'team' })).allowed).toBe(false);
    expect(
      permitsApplication({ ...rules, sourceNamespaces: ['team'] }, spec, place({ namespace: 'team' })).allowed,
    ).toBe(true);
  });

  it("permits only the project's own clusters where the project says so", () => {
    const scoped = { ...rules, permitOnlyProjectScopedClusters: true };
    expect(permitsApplication(scoped, spec, place()).allowed).toBe(false);
    expect(permitsApplication(scoped, spec, place({ ownClusters: [cluster] })).allowed).toBe(true);
  });
});
