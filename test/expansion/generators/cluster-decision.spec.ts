import { describe, expect, it } from 'vitest';
import { expandGenerators, expandSet, parametersOf, refusalOf } from '../../support/expansion.js';
import { cluster } from '../../support/memory-expansion-reader.js';
import { readerWith, remoteReader } from '../../support/remote-inputs.js';

const CONFIG = {
  apiVersion: 'cluster.open-cluster-management.io/v1beta1',
  kind: 'placementdecisions',
  statusListKey: 'decisions',
  matchKey: 'clusterName',
};
const decided = (name: string, clusters: object[], labels: Record<string, string> = {}) => ({
  name,
  labels,
  status: { decisions: clusters },
});
const fleet = [cluster('one'), cluster('two')];
const DECISIONS = [
  decided('first', [{ clusterName: 'one', reason: '' }, { clusterName: 'gone' }], { placement: 'web' }),
  decided('second', [{ clusterName: 'two', score: 3, clusterServer: 'x' }, { clusterName: 'in-cluster' }], {
    placement: 'web',
  }),
  { name: 'undecided', labels: { placement: 'web' } },
];
const reader = (config: Record<string, string> = CONFIG, documents: object[] = DECISIONS) =>
  readerWith(
    remoteReader({ configMaps: { duck: config }, decisions: { placementdecisions: documents as never } }),
    fleet,
  );
const entry = (more: object = { name: 'first' }) => ({ clusterDecisionResource: { configMapRef: 'duck', ...more } });

describe('the clusterDecisionResource generator (1.8)', () => {
  it('gives each chosen cluster that exists, with every key of its decision as text', async () => {
    const labelSelector = { matchLabels: { placement: 'web' } };
    expect(await parametersOf(entry({ labelSelector, values: { v: '{{name}}' } }), reader())).toEqual([
      { name: 'one', server: 'https://one.example.com', clusterName: 'one', reason: '', 'values.v': '{{name}}' },
      {
        name: 'two',
        server: 'https://two.example.com',
        clusterName: 'two',
        score: '3',
        clusterServer: 'x',
        'values.v': '{{name}}',
      },
      {
        name: 'in-cluster',
        server: 'https://kubernetes.default.svc',
        clusterName: 'in-cluster',
        'values.v': '{{name}}',
      },
    ]);
  });

  it('lets a decision override name and server', async () => {
    const documents = [decided('first', [{ clusterName: 'one', name: 'alias', server: 'https://other' }])];
    expect(await parametersOf(entry(), reader(CONFIG, documents))).toMatchObject([
      { name: 'alias', server: 'https://other' },
    ]);
  });

  it('gives Go templates values as a map', async () => {
    const template = {
      metadata: { name: '{{.values.v}}' },
      spec: { project: 'p', destination: { server: '{{.server}}' }, source: { repoURL: 'r', path: 'p' } },
    };
    const { documents } = await expandSet(
      { goTemplate: true, generators: [entry({ name: 'first', values: { v: 'x' } })], template },
      reader(),
    );
    expect(documents[0]?.metadata.name).toBe('x');
  });

  it('takes the key "clusters" where the ConfigMap names none', async () => {
    const documents = [{ name: 'first', labels: {}, status: { clusters: [{ clusterName: 'one' }] } }];
    expect(await parametersOf(entry(), reader({ ...CONFIG, statusListKey: '' }, documents))).toHaveLength(1);
  });

  it('gives nothing without a matchKey, and says so', async () => {
    const { documents, branches, warnings } = await expandGenerators([entry()], reader({ ...CONFIG, matchKey: '' }));
    expect([documents, branches[0]?.state]).toEqual([[], 'complete']);
    expect(warnings).toEqual([expect.stringContaining('matchKey')]);
  });

  it('counts its results for the guard', async () => {
    const { branches } = await expandGenerators([entry()], reader());
    expect(branches[0]?.remoteReads).toMatchObject([{ kind: 'decisions', results: 1 }]);
  });

  it.each<[string, object, Record<string, string>, string]>([
    [
      'name and labels at once',
      { name: 'first', labelSelector: { matchLabels: { a: 'b' } } },
      CONFIG,
      'DECISION_CHOICE',
    ],
    ['neither name nor labels', { labelSelector: {} }, CONFIG, 'DECISION_CHOICE'],
    ['a kind of the core group', { name: 'first' }, { ...CONFIG, apiVersion: 'v1' }, 'DECISION_CONFIG'],
    ['no kind', { name: 'first' }, { ...CONFIG, kind: '' }, 'DECISION_CONFIG'],
    ['a document that is not there', { name: 'none' }, CONFIG, 'DECISIONS_NOT_FOUND'],
    ['a kind that the hub does not keep', { name: 'first' }, { ...CONFIG, kind: 'ducks' }, 'DECISIONS_NOT_KEPT'],
    ['a ConfigMap that is not there', { name: 'first', configMapRef: 'none' }, CONFIG, 'CONFIG_MAP_MISSING'],
    ['a status that holds no list', { name: 'first' }, { ...CONFIG, statusListKey: 'ducks' }, 'DECISION_STATUS'],
  ])('fails by name for %s', async (_what, more, config, code) => {
    expect(await refusalOf(entry(more), reader(config))).toEqual({
      code,
      path: 'spec.generators[0].clusterDecisionResource',
    });
  });
});
