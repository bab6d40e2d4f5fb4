import { describe, expect, it } from 'vitest';
import type { ApplicationSetSpec } from '../../../src/applicationsets/domain/application-set.js';
import { IgnoredDifferences } from '../../../src/applicationsets/domain/ignored-differences.js';
import type { KubernetesObject } from '../../../src/kernel/object.js';

type Entries = ApplicationSetSpec['ignoreApplicationDifferences'];

const application = (spec: object, metadata: object = {}): KubernetesObject => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'web', ...metadata },
  spec: { project: 'team-a', ...spec },
});

function carried(entries: Entries, desired: KubernetesObject, live?: KubernetesObject): KubernetesObject {
  const ignored = IgnoredDifferences.of(entries);
  if (!ignored.ok) throw new Error(ignored.error.path);
  return ignored.value.carriedOver(desired, live);
}

const parameters = (...values: string[]): object => ({
  source: { helm: { parameters: values.map((value, index) => ({ name: `p${index}`, value })) } },
});

describe('ignoreApplicationDifferences (argocd-behaviour.md 3.4)', () => {
  const revision = [{ jsonPointers: ['/spec/source/targetRevision'] }];

  it('keeps the live value and changes what stands beside it', () => {
    const live = application({ source: { targetRevision: 'by-hand', path: 'old' } });
    const desired = application({ source: { targetRevision: 'main', path: 'new' } });
    expect(carried(revision, desired, live).spec).toMatchObject({ source: { targetRevision: 'by-hand', path: 'new' } });
  });

  it('keeps away what was taken away by hand', () => {
    const live = application({ source: { path: 'p' } });
    const desired = application({ source: { path: 'p', targetRevision: 'main' } });
    expect(carried(revision, desired, live).spec).toEqual({ project: 'team-a', source: { path: 'p' } });
  });

  it('takes what is generated where nothing is live yet', () => {
    const desired = application({ source: { targetRevision: 'main' } });
    expect(carried(revision, desired)).toBe(desired);
  });

  it.each([
    ['web', 'by-hand'],
    ['', 'by-hand'],
    [null, 'by-hand'],
    ['other', 'main'],
  ])('applies an entry named %j to an Application of that name', (name, targetRevision) => {
    const live = application({ source: { targetRevision: 'by-hand' } });
    const desired = application({ source: { targetRevision: 'main' } });
    const entries = revision.map((entry) => ({ ...entry, name }));
    expect(carried(entries, desired, live).spec).toMatchObject({ source: { targetRevision } });
  });

  it('keeps a part of a list where nothing else in the list differs', () => {
    const entries = [{ jqPathExpressions: ['.spec.source.helm.parameters[] | select(.name == "p1")'] }];
    const live = application(parameters('1', 'by-hand'));
    expect(carried(entries, application(parameters('1', '2')), live)).toEqual(
      application(parameters('1', 'by-hand'), { labels: {}, annotations: {}, finalizers: [] }),
    );
  });

  it('replaces a list whole, without what is ignored in it, where a sibling differs', () => {
    const entries = [{ jqPathExpressions: ['.spec.source.helm.parameters[] | select(.name == "p1")'] }];
    const live = application(parameters('1', 'by-hand'));
    expect(carried(entries, application(parameters('new', '2')), live).spec).toMatchObject(parameters('new'));
  });

  it('reaches labels, annotations and finalizers, and never the name', () => {
    const entries = [{ jqPathExpressions: ['.metadata'] }];
    const live = application({}, { labels: { by: 'hand' }, finalizers: ['f'] });
    const desired = application({}, { namespace: 'argocd', labels: { from: 'set' }, ownerReferences: [] });
    expect(carried(entries, desired, live).metadata).toEqual({
      name: 'web',
      namespace: 'argocd',
      ownerReferences: [],
      labels: { by: 'hand' },
      annotations: {},
      finalizers: ['f'],
    });
  });

  it('names the entry and expression that it cannot read', () => {
    const entries = [{ jsonPointers: ['/a'] }, { jqPathExpressions: ['.a', '.a | keys'] }];
    expect(() => carried(entries, application({}))).toThrow(
      'spec.ignoreApplicationDifferences[1].jqPathExpressions[1]',
    );
  });
});
