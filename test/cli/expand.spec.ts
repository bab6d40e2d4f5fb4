import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expandJson, fleetwright, listOf, listSet, type PrintedSet } from '../support/command-line.js';

let root: string;
beforeEach(() => (root = mkdtempSync(path.join(os.tmpdir(), 'fleetwright-cli-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

function file(name: string, content: unknown): string {
  const target = path.join(root, name);
  writeFileSync(target, typeof content === 'string' ? content : JSON.stringify(content));
  return target;
}

describe('the result', () => {
  it('is one entry for each set in input order, with whole Applications by name', async () => {
    const { sets, code, stderr } = await expandJson(listOf(listSet('b', ['z', 'a']), listSet('a', ['m'])));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(sets.map(({ name, namespace }) => ({ name, namespace }))).toEqual([
      { name: 'b', namespace: 'argocd' },
      { name: 'a', namespace: 'argocd' },
    ]);
    expect(sets[0]?.applications.map(({ metadata }) => metadata.name)).toEqual(['a', 'z']);
    expect(sets[1]).toEqual({
      name: 'a',
      namespace: 'argocd',
      applications: [
        {
          apiVersion: 'argoproj.io/v1alpha1',
          kind: 'Application',
          metadata: { name: 'm', namespace: 'argocd', finalizers: ['resources-finalizer.argocd.argoproj.io'] },
          spec: {
            project: 'team-a',
            destination: { server: 'https://s.example.com', namespace: 'm' },
            source: { repoURL: 'https://git.example.com/a.git', path: 'p', targetRevision: 'HEAD' },
          },
        },
      ],
      errors: [],
    });
  });

  it('of a set with an error is its errors, and the other sets go on', async () => {
    const broken = listSet('broken', [], { generators: [{ list: { elements: [{ name: 'a' }] } }, { git: {} }] });
    const { sets, code } = await expandJson(listOf(broken, listSet('whole', ['a'])));
    expect(code).toBe(1);
    expect(sets[0]).toEqual({
      name: 'broken',
      namespace: 'argocd',
      applications: [],
      errors: [{ code: 'GENERATOR_EMPTY', path: 'spec.generators[1].git', message: expect.any(String) }],
    });
    expect(sets[1]?.applications).toHaveLength(1);
  });

  it('does not judge labels, names, duplicates, destinations or emptiness', async () => {
    const odd = listSet('odd', ['A_b', 'A_b', '']);
    Object.assign(odd.spec.template.metadata, { labels: { 'no label': 'no value, either' } });
    Object.assign(odd.spec.template.spec.destination, { name: 'and-a-name' });
    const { sets, code } = await expandJson(listOf(odd, listSet('empty', [])));
    expect(code).toBe(0);
    expect(sets.map(({ applications }) => applications.length)).toEqual([3, 0]);
  });

  it('is YAML by default: every Application, by name', async () => {
    const { stdout } = await fleetwright([
      'expand',
      '-f',
      file('a.json', listOf(listSet('s', ['b']), listSet('t', ['a']))),
    ]);
    expect(stdout.match(/^ {2}name: .*$/gm)).toEqual(['  name: a', '  name: b']);
    expect(stdout.startsWith('---\napiVersion: argoproj.io/v1alpha1\nkind: Application\n')).toBe(true);
  });

  it('is a table on request', async () => {
    const { stdout } = await fleetwright(['expand', '-f', file('a.json', listSet('s', ['web'])), '-o', 'table']);
    expect(stdout).toMatch(/^APPLICATIONSET +APPLICATION +PROJECT .*\ns +web +team-a +https:\/\/s.example.com +web\n$/);
  });

  it('tells errors on stderr where the format has no place for them', async () => {
    const broken = listSet('broken', [], { generators: [{ git: {} }] });
    const { stdout, stderr, code } = await fleetwright(['expand', '-f', file('a.json', broken)]);
    expect({ stdout, code }).toEqual({ stdout: '', code: 1 });
    expect(stderr).toContain('error: ApplicationSet broken: spec.generators[0].git');
  });
});

describe('the input', () => {
  const yaml = (name: string) => `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: ${name}}
spec:
  generators: [{list: {elements: [{name: a}]}}]
  template: {metadata: {name: '{{name}}'}, spec: {project: p, destination: {}}}
`;
  const names = async (input: string) => (await expandJson(input)).sets.map(({ name }) => name);

  it('is YAML of many documents', async () => {
    expect(await names(`# first\n---\n${yaml('a')}---\n---\n${yaml('b')}`)).toEqual(['a', 'b']);
    expect(await names(`\uFEFF${yaml('a').replaceAll('\n', '\r\n')}`)).toEqual(['a']);
  });

  it('is YAML with directives, comments, anchors, quotes and an end', async () => {
    const set = yaml('&own a')
      .replace("name: '{{name}}'", "name: '{{name}}', labels: {set: *own}")
      .replace('kind: ApplicationSet', 'kind: "ApplicationSet" # literal');
    expect(await names(`%YAML 1.1\n---\n# first\n${set}...\n---\n\n`)).toEqual(['a']);
    expect(await names(`%YAML 1.1\r\n---\r\n${set.replaceAll('\n', '\r\n')}...\r\n`)).toEqual(['a']);
  });

  it('is JSON: one document, a List, or documents one after the other', async () => {
    const [a, b] = [listSet('a', []), listSet('b{\\"', [])].map((set) => JSON.stringify(set, null, 2));
    expect(await names(`${a}`)).toEqual(['a']);
    expect(await names(JSON.stringify(listOf(listSet('a', []), listOf(listSet('b', [])))))).toEqual(['a', 'b']);
    expect(await names(`${a}\n${b}\n`)).toEqual(['a', 'b{\\"']);
    expect(await names(`${a}\n---\n${b}`)).toEqual(['a', 'b{\\"']);
  });

  it('comes from files and folders in the order given', async () => {
    file('2.yaml', yaml('two'));
    file('1.yml', yaml('one'));
    file('notes.txt', 'not: read');
    const { stdout } = await fleetwright([
      'expand',
      '-f',
      file('3.json', listSet('three', [])),
      '-f',
      root,
      '-o',
      'json',
    ]);
    expect(stdout.match(/"name":"(one|two|three)"/g)).toEqual([
      '"name":"three"',
      '"name":"one"',
      '"name":"two"',
      '"name":"three"',
    ]);
  });

  it('may be named after one -f, as shells expand patterns', async () => {
    const files = ['b', 'a', 'c'].map((name) => file(`${name}.yaml`, yaml(name)));
    const [first = '', ...more] = files;
    const { stdout, code } = await fleetwright(['expand', `--file=${first}`, ...more, '-o', 'json', '-f', ...files]);
    const { applicationSets } = JSON.parse(stdout) as { applicationSets: PrintedSet[] };
    expect({ code, names: applicationSets.map(({ name }) => name) }).toEqual({ code: 0, names: ['b', 'a', 'c'] });
    expect((await fleetwright(['expand', '-f', first, '-o', 'json', 'stray.yaml'])).code).toBe(2);
  });

  it('that is broken is an error with its place, and stops no other file', async () => {
    const { code, stderr, stdout } = await fleetwright([
      'expand',
      '-f',
      file('broken.yaml', 'a: [b'),
      '-f',
      file('good.yaml', yaml('good')),
      '-o',
      'json',
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/error: .*broken\.yaml: line/);
    expect(stdout).toContain('"name":"good"');
  });

  it('may give a key twice: the last counts, with a warning', async () => {
    const { sets, stderr, code } = await expandJson(
      yaml('a').replace('metadata: {name: a}', 'metadata: {name: x, name: a}'),
    );
    expect({ code, name: sets[0]?.name }).toEqual({ code: 0, name: 'a' });
    expect(stderr).toContain('warning');
  });

  it('may hold other kinds, which are told and passed over', async () => {
    const { sets, stderr, code } = await expandJson(listOf({ apiVersion: 'v1', kind: 'ConfigMap' }, listSet('a', [])));
    expect({ code, count: sets.length }).toEqual({ code: 0, count: 1 });
    expect(stderr).toBe('warning: 1 of kind ConfigMap: not read by expand\n');
  });

  it('without a set gives an empty result', async () => {
    const { sets, stderr, code } = await expandJson('');
    expect({ sets, code }).toEqual({ sets: [], code: 0 });
    expect(stderr).toContain('no ApplicationSet');
  });
});

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
