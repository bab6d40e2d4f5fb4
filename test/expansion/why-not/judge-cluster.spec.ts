import { describe, expect, it } from 'vitest';
import { clusterSelections } from '../../../src/expansion/why-not/cluster-selections.js';
import { judgeCluster } from '../../../src/expansion/why-not/judge-cluster.js';

const cluster = {
  name: 'eu_1',
  server: 'https://eu.example',
  project: '',
  labels: { env: 'dev', 'fleetwright.io/tier': 'gold' },
  annotations: { owner: 'ops' },
};

function judge(generators: unknown) {
  return clusterSelections(generators).map((selection) =>
    judgeCluster(selection, selection.selector, { cluster, fixed: new Set() }),
  );
}

const clusters = (selector?: object, more: object = {}) => ({
  clusters: { ...(selector ? { selector } : {}), ...more },
});
const prod = { matchLabels: { env: 'prod' } };

describe('why a cluster is not selected', () => {
  it('tells each term with what the cluster has, and the edit that would do', () => {
    const expressions = [
      { key: 'fleetwright.io/tier', operator: 'Exists' },
      { key: 'zone', operator: 'In', values: ['a'] },
    ];
    const [judged] = judge([clusters({ ...prod, matchExpressions: expressions })]);
    const path = 'spec.generators[0].clusters.selector';
    expect(judged).toMatchObject({
      path: 'spec.generators[0].clusters',
      matches: false,
      terms: [
        { path: `${path}.matchLabels.env`, key: 'env', operator: 'In', values: ['prod'], value: 'dev', holds: false },
        { path: `${path}.matchExpressions[0]`, operator: 'Exists', value: 'gold', holds: true },
        { path: `${path}.matchExpressions[1]`, value: null, holds: false },
      ],
      change: [
        { label: 'env', action: 'set', value: 'prod' },
        { label: 'zone', action: 'set', value: 'a' },
      ],
    });
  });

  it('finds generators at any nesting, by the path the expansion gives them', () => {
    const nested = {
      matrix: {
        generators: [
          { list: { elements: [{}] } },
          { merge: { generators: [clusters(prod), clusters()], mergeKeys: ['name'] } },
        ],
      },
    };
    expect(judge([clusters(), nested]).map(({ path, matches }) => [path, matches])).toEqual([
      ['spec.generators[0].clusters', true],
      ['spec.generators[1].matrix.generators[1].merge.generators[0].clusters', false],
      ['spec.generators[1].matrix.generators[1].merge.generators[1].clusters', true],
    ]);
  });

  it('ignores a third level, as the expansion does', () => {
    const third = { matrix: { generators: [{ matrix: { generators: [{ matrix: { generators: [clusters()] } }] } }] } };
    expect(judge([third])).toEqual([]);
  });

  it('reads post-selectors of the entry and of those around it as labels of the cluster', () => {
    const inner = { ...clusters(), selector: { matchLabels: { 'metadata.labels.env': 'prod' } } };
    const outer = {
      matrix: { generators: [{ list: { elements: [{}] } }, inner] },
      selector: { matchExpressions: [{ key: 'metadata.labels.fleetwright.io/tier', operator: 'DoesNotExist' }] },
    };
    const [judged] = judge([outer]);
    expect(judged?.terms.map(({ path, holds }) => [path, holds])).toEqual([
      ['spec.generators[0].matrix.generators[1].selector.matchLabels.metadata.labels.env', false],
      ['spec.generators[0].selector.matchExpressions[0]', false],
    ]);
    expect(judged?.change).toEqual([
      { label: 'env', action: 'set', value: 'prod' },
      { label: 'fleetwright.io/tier', action: 'unset' },
    ]);
  });

  it('says where no label can help: the name, an annotation, the server', () => {
    const post = { matchLabels: { nameNormalized: 'eu-2', 'metadata.annotations.owner': 'ops' } };
    const [judged] = judge([{ ...clusters(prod), selector: post }]);
    expect(judged?.terms.slice(1)).toMatchObject([
      { key: 'nameNormalized', value: 'eu-1', holds: false },
      { key: 'metadata.annotations.owner', value: 'ops', holds: true },
    ]);
    expect(judged).not.toHaveProperty('change');
    expect(judged?.impossible?.terms).toEqual(['spec.generators[0].selector.matchLabels.nameNormalized']);
  });

  it('says where a match depends on more than the cluster', () => {
    const post = { matchLabels: { 'path.basename': 'web' } };
    expect(judge([{ ...clusters(), selector: post }])).toMatchObject([
      { matches: null, terms: [{ holds: null }], change: [] },
    ]);
    expect(judge([{ ...clusters({}, { flatList: true }), selector: post }])).toMatchObject([
      { matches: null, notes: [expect.stringContaining('flatList')] },
    ]);
  });

  it('keeps a value that is no label value out of what it offers', () => {
    const post = { matchLabels: { 'metadata.labels.env': 'https://x/y' } };
    expect(judge([{ ...clusters(), selector: post }])[0]?.impossible?.reason).toContain('https://x/y');
  });

  it('reports a selector that cannot be read', () => {
    const selector = { matchExpressions: [{ key: 'env', operator: 'Gt', values: ['1'] }] };
    expect(judge([clusters(selector)])).toMatchObject([{ matches: false, error: { code: 'SELECTOR_INVALID' } }]);
  });

  it.each([[undefined], [null], ['x'], [[null, 1, []]], [[{ clusters: 1, matrix: 2, merge: { generators: 'x' } }]]])(
    'finds nothing in %j',
    (generators) => {
      expect(judge(generators)).toEqual([]);
    },
  );
});
