import { describe, expect, it } from 'vitest';
import { expandJson, listOf, listSet } from '../support/command-line.js';

describe('a document that Argo CD accepts', () => {
  it('may hold fields nobody knows: they are warnings', async () => {
    const set = listSet('a', ['x'], { unheardOf: 1, syncPolicy: { odd: true } });
    Object.assign(set.spec.generators[0] ?? {}, { lists: {} });
    Object.assign(set.spec.template.spec, { sauce: {} });
    const { sets, stderr, code } = await expandJson({ ...set, extra: {}, status: { conditions: 1 } });
    expect({ code, count: sets[0]?.applications.length }).toEqual({ code: 0, count: 1 });
    for (const path of ['extra', 'spec.unheardOf', 'spec.syncPolicy.odd', 'generators[0].lists', 'spec.sauce']) {
      expect(stderr).toContain(`${path} is not a`);
    }
    expect(stderr.match(/lists/g)).toHaveLength(1);
  });

  it('may hold nulls, odd names and values the hub would judge later', async () => {
    const set = listSet('Not A Name!', ['x'], {
      goTemplate: null,
      templatePatch: null,
      syncPolicy: { applicationsSync: 'whatever' },
      strategy: { type: 'Odd', rollingSync: { steps: [{ maxUpdate: '10%' }] } },
      goTemplateOptions: null,
    });
    const { sets, code } = await expandJson({ ...set, metadata: { ...set.metadata, labels: null, annotations: null } });
    expect({ code, errors: sets[0]?.errors }).toEqual({ code: 0, errors: [] });
  });

  it('may hold null where text is expected: it is empty', async () => {
    const set = listSet('a', [], {
      goTemplate: true,
      goTemplateOptions: ['missingkey=error'],
      generators: [{ clusters: { selector: null, values: { note: null } } }, null, { list: null }],
      template: { metadata: { name: 'x{{.values.note}}' }, spec: { project: 'p', destination: {} } },
    });
    const { sets, code } = await expandJson(set);
    expect({ code, errors: sets[0]?.errors }).toEqual({ code: 0, errors: [] });
    expect(sets[0]?.applications.map(({ metadata }) => metadata.name)).toEqual(['x']);
  });
});

describe('a document as users write it', () => {
  const cluster = (name: string, labels: object) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, labels: { 'argocd.argoproj.io/secret-type': 'cluster', ...labels } },
    data: { name: btoa(name), server: btoa(`https://${name}.example.com`), config: btoa('{}') },
  });

  it('may be add-ons for chosen clusters, with a merge that overrides one of them', async () => {
    const set = `
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: addons}
spec:
  goTemplate: true
  goTemplateOptions: ["missingkey=error"]
  generators:
    - merge:
        mergeKeys: [server]
        generators:
          - clusters:
              selector: {matchLabels: {env: prod}}
              values: {replicas: "2"}
          - list:
              elements:
                - {server: "https://b.example.com", replicas: 5}
  template:
    metadata: {name: 'ingress-{{.nameNormalized}}'}
    spec:
      project: platform
      source:
        repoURL: https://charts.example.com
        chart: ingress
        targetRevision: 1.2.3
        helm: {valuesObject: {replicas: '{{.values.replicas}}', region: '{{index .metadata.labels "region"}}'}}
      destination: {server: '{{.server}}', namespace: ingress}
  templatePatch: |
    {{- if hasKey . "replicas" }}
    spec: {source: {helm: {valuesObject: {replicas: {{.replicas}}}}}}
    {{- end }}
`;
    const secrets = [cluster('a', { env: 'prod', region: 'eu' }), cluster('b', { env: 'prod', region: 'us' })];
    const others = [cluster('c', { env: 'dev', region: 'eu' })];
    const input = `${set}---\n${[...secrets, ...others].map((secret) => JSON.stringify(secret)).join('\n---\n')}`;
    const { sets, code } = await expandJson(input);
    expect({ code, errors: sets[0]?.errors }).toEqual({ code: 0, errors: [] });
    expect(sets[0]?.applications.map(({ metadata, spec }) => [metadata.name, spec])).toMatchObject([
      ['ingress-a', { source: { helm: { valuesObject: { replicas: '2', region: 'eu' } } } }],
      ['ingress-b', { source: { helm: { valuesObject: { replicas: 5, region: 'us' } } } }],
    ]);
  });

  it('may preview pull requests, which only the hub can ask for', async () => {
    const generators = [{ pullRequest: { github: { owner: 'acme', repo: 'web' }, requeueAfterSeconds: 60 } }];
    const { sets, code } = await expandJson(listOf(listSet('previews', [], { generators }), listSet('apps', ['a'])));
    expect(code).toBe(1);
    expect(sets[0]?.errors).toMatchObject([
      { code: 'GENERATOR_NOT_SUPPORTED', path: 'spec.generators[0].pullRequest' },
    ]);
    expect(sets[0]?.errors[0]?.message).toContain('which only the hub does');
    expect(sets[1]?.applications).toHaveLength(1);
  });
});

describe('a document that Argo CD cannot decode', () => {
  it.each([
    ['spec.goTemplate', { goTemplate: 'true' }],
    [
      'spec.generators[0].matrix.generators[1].git.requeueAfterSeconds',
      { generators: [{ matrix: { generators: [{ list: {} }, { git: { requeueAfterSeconds: 'soon' } }] } }] },
    ],
    ['spec.syncPolicy.preserveResourcesOnDeletion', { syncPolicy: { preserveResourcesOnDeletion: 'no' } }],
    ['spec.generators[0].git.requeueAfterSeconds', { generators: [{ git: { requeueAfterSeconds: 'soon' } }] }],
    ['spec.generators[0].list.elementsYaml', { generators: [{ list: { elementsYaml: [] } }] }],
    ['spec.generators', { generators: {} }],
    ['spec.generators[0].list.elements', { generators: [{ list: { elements: {} } }] }],
    ['spec.generators[0].list.elements[0]', { generators: [{ list: { elements: [null] } }] }],
    ['spec.template.spec.source.targetRevision', { template: { spec: { source: { targetRevision: 1 } } } }],
    ['spec', null],
  ])('fails at %s', async (where, spec) => {
    const set = listSet('a', ['x']);
    const { sets, code } = await expandJson({ ...set, spec: spec && { ...set.spec, ...spec } });
    expect({ code, applications: sets[0]?.applications }).toEqual({ code: 1, applications: [] });
    expect(sets[0]?.errors.map((error) => error.path)).toEqual([where]);
  });

  it('that is no object at all is an error of its own', async () => {
    const { code, stderr } = await expandJson('just text');
    expect(code).toBe(1);
    expect(stderr).toContain('standard input, document 1');
  });
});
