import { describe, expect, it } from 'vitest';
import { parametersOf, refusalOf } from '../../support/expansion.js';
import { cluster, MemoryExpansionReader } from '../../support/memory-expansion-reader.js';

const local = {
  name: 'in-cluster',
  nameNormalized: 'in-cluster',
  server: 'https://kubernetes.default.svc',
  project: '',
};

const fleet = new MemoryExpansionReader([
  cluster('west', { env: 'prod' }),
  cluster('East_1', { env: 'dev', tier: 'gold' }, { annotations: { 'a.b/role': 'arn' }, project: 'team-a' }),
]);

const names = async (clusters: object, reader = fleet): Promise<unknown[]> =>
  (await parametersOf({ clusters }, reader)).map(({ name }) => name);

describe('the cluster generator (1.2)', () => {
  it('gives identity, labels and annotations as flat keys', async () => {
    const [east] = await parametersOf({ clusters: { selector: { matchLabels: { tier: 'gold' } } } }, fleet);
    expect(east).toEqual({
      name: 'East_1',
      nameNormalized: 'east-1',
      server: 'https://East_1.example.com',
      project: 'team-a',
      'metadata.labels.env': 'dev',
      'metadata.labels.tier': 'gold',
      'metadata.annotations.a.b/role': 'arn',
    });
  });

  it('gives clusters by name, and the implicit local cluster last', async () => {
    expect(await names({})).toEqual(['East_1', 'west', 'in-cluster']);
    expect((await parametersOf({ clusters: {} }, fleet)).at(-1)).toEqual(local);
    expect(await names({ selector: {} })).toContain('in-cluster');
  });

  it('leaves the local cluster out of any selection with terms', async () => {
    expect(await names({ selector: { matchExpressions: [{ key: 'nope', operator: 'DoesNotExist' }] } })).toEqual([
      'East_1',
      'west',
    ]);
  });

  it('leaves the implicit local cluster out where a cluster bears its URL', async () => {
    const reader = new MemoryExpansionReader([cluster('hub', {}, { server: local.server })]);
    expect(await names({}, reader)).toEqual(['hub']);
  });

  it.each([
    [{ matchLabels: { env: 'prod' } }, ['west']],
    [{ matchExpressions: [{ key: 'env', operator: 'In', values: ['dev', 'prod'] }] }, ['East_1', 'west']],
    [{ matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['gold'] }] }, ['west']],
    [{ matchExpressions: [{ key: 'tier', operator: 'Exists' }] }, ['East_1']],
    [{ matchLabels: { env: 'dev' }, matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] }, []],
  ])('selects by %j', async (selector, expected) => {
    expect(await names({ selector })).toEqual(expected);
  });

  it.each([
    { matchExpressions: [{ key: 'env', operator: 'in', values: ['x'] }] },
    { matchExpressions: [{ key: 'env', operator: 'In' }] },
    { matchExpressions: [{ key: 'env', operator: 'Exists', values: ['x'] }] },
    { matchLabels: { 'a b': 'x' } },
    { matchLabels: { 'a/b/c': 'x' } },
    { matchLabels: { env: 'https://not-a-label-value' } },
  ])('refuses the selector %j', async (selector) => {
    expect((await refusalOf({ clusters: { selector } }, fleet)).code).toBe('SELECTOR_INVALID');
  });

  it('renders values against the cluster, never against their siblings', async () => {
    const values = { dns: '{{name}}.example.com', echo: '{{values.dns}}' };
    const [set] = await parametersOf({ clusters: { selector: { matchLabels: { env: 'prod' } }, values } }, fleet);
    expect(set).toMatchObject({ 'values.dns': 'west.example.com', 'values.echo': '{{values.dns}}' });
  });

  it('gives one set with every cluster for flatList', async () => {
    const sets = await parametersOf(
      { clusters: { flatList: true, selector: { matchLabels: { env: 'prod' } } } },
      fleet,
    );
    expect(sets).toEqual([{ clusters: [expect.objectContaining({ name: 'west' })] }]);
    const none = { clusters: { flatList: true, selector: { matchLabels: { env: 'none' } } } };
    expect(await parametersOf(none, fleet)).toEqual([{ clusters: [] }]);
  });

  it("writes Argo CD's own label over what matchLabels says of it, without becoming unselective", async () => {
    const selector = { matchLabels: { 'argocd.argoproj.io/secret-type': 'not a label value!' } };
    expect(await names({ selector })).toEqual(['East_1', 'west']);
    const term = { key: 'argocd.argoproj.io/secret-type', operator: 'In', values: ['other'] };
    expect(await names({ selector: { matchExpressions: [term] } })).toEqual([]);
  });

  it('takes of two Secrets for one name the last by its own name', async () => {
    const twins = [
      cluster('a', {}, { server: 'https://1', secret: 'z' }),
      cluster('a', {}, { server: 'https://2', secret: 'b' }),
    ];
    const sets = await parametersOf({ clusters: {} }, new MemoryExpansionReader(twins));
    expect(sets.map(({ server }) => server)).toEqual(['https://1', local.server]);
  });

  it('collapses clusters of one name, whichever was listed first', async () => {
    const twins = [cluster('a', {}, { server: 'https://1' }), cluster('a', {}, { server: 'https://2' })];
    const forward = await parametersOf({ clusters: {} }, new MemoryExpansionReader(twins));
    const backward = await parametersOf({ clusters: {} }, new MemoryExpansionReader(twins.toReversed()));
    expect(forward.map(({ server }) => server)).toEqual(['https://2', local.server]);
    expect(backward).toEqual(forward);
  });
});
