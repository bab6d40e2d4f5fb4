import { describe, expect, it } from 'vitest';
import type { AppProjectSpec, ProjectDestination } from '../../src/projects/domain/app-project.js';
import { permitsDestination } from '../../src/projects/domain/permits-destination.js';
import { permitsKind } from '../../src/projects/domain/permits-kind.js';
import { permitsSourceNamespace } from '../../src/projects/domain/permits-source-namespace.js';
import { permitsSource } from '../../src/projects/domain/permits-source.js';

describe('sources of a project', () => {
  const permits = (sourceRepos: string[] | undefined, url: string): boolean =>
    permitsSource({ sourceRepos }, url).allowed;

  it('permits nothing without entries', () => {
    expect(permits(undefined, 'https://git.example.com/a')).toBe(false);
    expect(permits([], 'https://git.example.com/a')).toBe(false);
  });

  it('keeps * inside a path segment, except when it is the whole entry', () => {
    expect(permits(['https://git.example.com/*'], 'https://git.example.com/a/b')).toBe(false);
    expect(permits(['https://git.example.com/**'], 'https://git.example.com/a/b')).toBe(true);
    expect(permits(['*'], 'https://git.example.com/a/b')).toBe(true);
  });

  it('lets a deny win whatever the order', () => {
    expect(permits(['!https://evil.example.com/*', '*'], 'https://evil.example.com/x')).toBe(false);
    expect(permits(['*', '!https://evil.example.com/*'], 'https://evil.example.com/x')).toBe(false);
  });

  it('takes a lone deny as an allow of the rest', () => {
    expect(permits(['!https://evil.example.com/*'], 'https://git.example.com/x')).toBe(true);
  });

  it('names the entry that decided', () => {
    const spec = { sourceRepos: ['https://git.example.com/*', '!https://git.example.com/secret'] };
    expect(permitsSource(spec, 'https://git.example.com/app').reason).toContain('"https://git.example.com/*"');
    expect(permitsSource(spec, 'https://git.example.com/secret').reason).toContain('"!https://git.example.com/secret"');
    expect(permitsSource({ sourceRepos: [] }, 'https://x.example.com/a').reason).toContain('no sourceRepos entry');
  });
});

describe('destinations of a project', () => {
  const onProd = { server: 'https://prod.example.com', name: 'prod', namespace: 'web' };
  const permits = (destinations: ProjectDestination[], to = onProd): boolean =>
    permitsDestination({ destinations }, to).allowed;

  it('asks for the server or the name, and the namespace', () => {
    expect(permits([{ server: 'https://prod.example.com', namespace: 'web' }])).toBe(true);
    expect(permits([{ name: 'prod', namespace: 'web' }])).toBe(true);
    expect(permits([{ name: 'prod', namespace: 'other' }])).toBe(false);
    expect(permits([{ namespace: '*' }])).toBe(false);
  });

  it('matches an empty field only with an empty value', () => {
    expect(permits([{ server: '*' }])).toBe(false);
    expect(permits([{ server: '*' }], { ...onProd, namespace: '' })).toBe(true);
    expect(permits([{ name: '', namespace: '*' }], { ...onProd, name: '' })).toBe(false);
  });

  it('lets * cross slashes and dots', () => {
    expect(permits([{ server: 'https*com', namespace: 'w*' }])).toBe(true);
  });

  it('takes a negated name beside a matching server for an allow', () => {
    expect(permits([{ name: '!prod', server: '*', namespace: '*' }])).toBe(true);
  });

  it('denies a negated name whatever the namespace, even where the cluster has none', () => {
    const all = { server: '*', namespace: '*' };
    expect(permits([all, { name: '!prod', namespace: 'other' }])).toBe(false);
    expect(permits([all, { name: '!prod', namespace: 'other' }], { ...onProd, name: '' })).toBe(false);
  });

  it('denies a negated server only where the namespace matches', () => {
    const all = { server: '*', namespace: '*' };
    expect(permits([all, { server: '!https://prod.example.com', namespace: 'web' }])).toBe(false);
    expect(permits([all, { server: '!https://prod.example.com', namespace: 'other' }])).toBe(true);
  });

  it('denies a negated namespace only through the server', () => {
    const all = { server: '*', namespace: '*' };
    expect(permits([all, { server: '*', namespace: '!web' }])).toBe(false);
    expect(permits([all, { name: 'prod', namespace: '!web' }])).toBe(true);
  });
});

describe('a project of its own clusters only', () => {
  const spec = { destinations: [{ server: '*', namespace: '*' }], permitOnlyProjectScopedClusters: true };
  const to = { server: 'https://prod.example.com', name: 'prod', namespace: 'web' };

  it('permits those, by name or server, and no other', () => {
    expect(permitsDestination(spec, to).allowed).toBe(false);
    expect(permitsDestination(spec, to, [{ server: 'https://x', name: 'x' }]).allowed).toBe(false);
    expect(permitsDestination(spec, to, [{ server: 'https://x', name: 'prod' }]).allowed).toBe(true);
    expect(permitsDestination(spec, to, [{ server: 'https://prod.example.com', name: 'x' }]).allowed).toBe(true);
    expect(permitsDestination(spec, { ...to, name: '' }, [{ server: 'https://x', name: '' }]).allowed).toBe(false);
  });

  it('still asks for a destination', () => {
    const own = [{ server: to.server, name: to.name }];
    expect(permitsDestination({ ...spec, destinations: [] }, to, own).allowed).toBe(false);
  });
});

describe('hub namespaces of a project', () => {
  const permits = (sourceNamespaces: string[] | undefined, namespace: string): boolean =>
    permitsSourceNamespace({ sourceNamespaces }, namespace).allowed;

  it('always include the control namespace', () => {
    expect(permits(undefined, 'argocd')).toBe(true);
    expect(permits(undefined, 'apps')).toBe(false);
  });

  it('are globs; negations and regular expressions match nothing', () => {
    expect(permits(['team-a-*'], 'team-a-web')).toBe(true);
    expect(permits(['*'], 'apps')).toBe(true);
    expect(permits(['!other', '/.*/', '/'], 'apps')).toBe(false);
  });
});

describe('kinds of a project', () => {
  const permits = (spec: AppProjectSpec, kind: string, namespaced = true, name = 'x'): boolean =>
    permitsKind(spec, { group: kind === 'Deployment' ? 'apps' : '', kind, name, namespaced }).allowed;

  it('permits every namespaced kind without a list, and none with an empty one', () => {
    expect(permits({}, 'Deployment')).toBe(true);
    expect(permits({ namespaceResourceWhitelist: null }, 'Deployment')).toBe(true);
    expect(permits({ namespaceResourceWhitelist: [] }, 'Deployment')).toBe(false);
  });

  it('permits no cluster-scoped kind without an entry', () => {
    expect(permits({}, 'Namespace', false)).toBe(false);
    expect(permits({ clusterResourceWhitelist: [] }, 'Namespace', false)).toBe(false);
    expect(permits({ clusterResourceWhitelist: [{ group: '*', kind: '*' }] }, 'Namespace', false)).toBe(true);
  });

  it('lets denies win', () => {
    const spec = {
      namespaceResourceWhitelist: [{ group: '*', kind: '*' }],
      namespaceResourceBlacklist: [{ group: 'apps', kind: 'Dep*' }],
    };
    expect(permits(spec, 'Deployment')).toBe(false);
    expect(permits(spec, 'ConfigMap')).toBe(true);
  });

  it('narrows cluster-scoped entries by name', () => {
    const spec = { clusterResourceWhitelist: [{ group: '', kind: 'Namespace', name: 'team-a-*' }] };
    expect(permits(spec, 'Namespace', false, 'team-a-web')).toBe(true);
    expect(permits(spec, 'Namespace', false, 'kube-system')).toBe(false);
  });

  it('keeps the lists of the two scopes apart', () => {
    expect(permits({ clusterResourceBlacklist: [{ group: '*', kind: '*' }] }, 'Deployment')).toBe(true);
  });

  it('matches nothing by a malformed pattern', () => {
    expect(permits({ namespaceResourceWhitelist: [{ group: '*', kind: '[' }] }, 'Deployment')).toBe(false);
    expect(permits({ namespaceResourceBlacklist: [{ group: '*', kind: '[' }] }, 'Deployment')).toBe(true);
  });
});
