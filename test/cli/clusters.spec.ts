import { describe, expect, it } from 'vitest';
import { expandJson, listOf, listSet } from '../support/command-line.js';

const encode = (text: string) => Buffer.from(text).toString('base64');

function secret(fields: object, metadata: object = {}) {
  const labels = { 'argocd.argoproj.io/secret-type': 'cluster', env: 'prod' };
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'cluster-x', labels, ...metadata }, ...fields };
}

/** What each cluster gives: `name server project labels.env annotation`. */
async function described(items: unknown[], generator: object = { selector: { matchLabels: { env: 'prod' } } }) {
  const set = listSet('s', [], { goTemplate: true, generators: [{ clusters: generator }] });
  const note =
    '{{.name}} {{.server}} {{.project}} {{with .metadata}}{{.labels.env}} {{with .annotations}}{{.note}}{{end}}{{end}}';
  const template = { metadata: { name: '{{.name}}', annotations: { note } }, spec: { project: 'p', destination: {} } };
  const { sets, code } = await expandJson(listOf(...items, { ...set, spec: { ...set.spec, template } }));
  expect({ code, errors: sets[0]?.errors }).toEqual({ code: 0, errors: [] });
  return sets[0]?.applications.map(({ metadata }) =>
    (metadata as { annotations?: { note: string } }).annotations?.note.trim(),
  );
}

describe('an Argo CD cluster Secret', () => {
  it('is read from data', async () => {
    const data = { name: encode('prod-eu'), server: encode('https://eu.example.com/'), project: encode('team-a') };
    expect(await described([secret({ data })])).toEqual(['prod-eu https://eu.example.com/ team-a prod']);
  });

  it('is read from stringData, which wins over data', async () => {
    const fields = { data: { name: encode('old'), server: encode('https://a') }, stringData: { name: 'new' } };
    expect(await described([secret(fields, { annotations: { note: 'n' } })])).toEqual(['new https://a  prod n']);
  });

  it('may bear any name, or none', async () => {
    const odd = 'arn:aws:eks:eu-west-1:1:cluster/Blue_1';
    const secrets = [
      secret({ stringData: { name: odd, server: 'https://b' } }),
      secret({ stringData: { server: 'https://c' } }),
    ];
    expect(await described(secrets)).toEqual(['https://c  prod', `${odd} https://b  prod`]);
  });

  it('is one only with the label', async () => {
    const other = secret({ stringData: { name: 'other' } }, { labels: { env: 'prod' } });
    expect(await described([other])).toEqual([]);
  });

  it('that is malformed is an error that repeats no value', async () => {
    const { code, stderr } = await expandJson(listOf(secret({ data: { name: 'not base64!' } }), listSet('s', ['a'])));
    expect(code).toBe(1);
    expect(stderr).toContain('data.name');
    expect(stderr).not.toContain('not base64!');
  });
});

describe('a Cluster', () => {
  it('has the address of its own and the label of Argo CD', async () => {
    const cluster = {
      apiVersion: 'fleetwright.io/v1alpha1',
      kind: 'Cluster',
      metadata: { name: 'c', labels: { env: 'prod' } },
    };
    const bound = {
      ...cluster,
      metadata: { name: 'd', labels: { env: 'prod' } },
      spec: { server: 'https://d', project: 'team-a' },
    };
    const selector = { matchLabels: { env: 'prod', 'argocd.argoproj.io/secret-type': 'cluster' } };
    expect(await described([cluster, bound], { selector })).toEqual([
      'c https://c.clusters.fleetwright.invalid  prod',
      'd https://d team-a prod',
    ]);
  });
});

describe('the implicit local cluster', () => {
  it('is there without a selector, and gone with one', async () => {
    expect(await described([], {})).toEqual(['in-cluster https://kubernetes.default.svc']);
    expect(await described([])).toEqual([]);
  });

  it('gives way to a Secret with its address', async () => {
    const local = secret({ stringData: { name: 'hub', server: 'https://kubernetes.default.svc' } });
    expect(await described([local], {})).toEqual(['hub https://kubernetes.default.svc  prod']);
  });
});
