import { expect, it } from 'vitest';
import { sourceTypeOf } from '../../../src/rendering/domain/source-type.js';

const typeOf = (names: string[], more: object = {}) =>
  sourceTypeOf({ repoURL: '', revision: '', path: '', ...more }, new Set(names));

it.each([
  [['a.yaml'], {}, 'Directory'],
  [['Chart.yaml', 'a.yaml'], {}, 'Helm'],
  [['kustomization.yml'], {}, 'Kustomize'],
  [['Chart.yaml', 'Kustomization'], {}, 'Kustomize'],
  [['Chart.yaml', 'kustomization.yaml'], { helm: { skipCrds: true } }, 'Helm'],
  [['kustomization.yaml'], { chart: 'web' }, 'Helm'],
  [['Chart.yaml'], { directory: { include: '*' } }, 'Directory'],
  [['Chart.yaml'], { directory: { recurse: false }, kustomize: {} }, 'Helm'],
])('a source with %j and %j is rendered as %s', (names, more, type) => {
  expect(typeOf(names, more)).toEqual({ ok: true, value: type });
});

it('a source that says two things at once is refused', () => {
  const both = typeOf([], { helm: { values: 'a: 1' }, directory: { recurse: true } });
  expect(both).toMatchObject({ error: { code: 'SOURCE_INVALID' } });
});
