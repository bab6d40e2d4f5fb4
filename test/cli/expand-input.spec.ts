import { describe, expect, it } from 'vitest';
import { expandJson, fleetwright, listOf, listSet, type PrintedSet } from '../support/command-line.js';
import { scratchFolder } from '../support/scratch-folder.js';

const folder = scratchFolder();

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
    folder.write('2.yaml', yaml('two'));
    folder.write('1.yml', yaml('one'));
    folder.write('notes.txt', 'not: read');
    const { stdout } = await fleetwright([
      'expand',
      '-f',
      folder.write('3.json', listSet('three', [])),
      '-f',
      folder.path,
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
    const files = ['b', 'a', 'c'].map((name) => folder.write(`${name}.yaml`, yaml(name)));
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
      folder.write('broken.yaml', 'a: [b'),
      '-f',
      folder.write('good.yaml', yaml('good')),
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
