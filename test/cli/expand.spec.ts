import { describe, expect, it } from 'vitest';
import { expandJson, fleetwright, listOf, listSet } from '../support/command-line.js';
import { scratchFolder } from '../support/scratch-folder.js';

const folder = scratchFolder();

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
      folder.write('a.json', listOf(listSet('s', ['b']), listSet('t', ['a']))),
    ]);
    expect(stdout.match(/^ {2}name: .*$/gm)).toEqual(['  name: a', '  name: b']);
    expect(stdout.startsWith('---\napiVersion: argoproj.io/v1alpha1\nkind: Application\n')).toBe(true);
  });

  it('is a table on request', async () => {
    const { stdout } = await fleetwright([
      'expand',
      '-f',
      folder.write('a.json', listSet('s', ['web'])),
      '-o',
      'table',
    ]);
    expect(stdout).toMatch(/^APPLICATIONSET +APPLICATION +PROJECT .*\ns +web +team-a +https:\/\/s.example.com +web\n$/);
  });

  it('tells errors on stderr where the format has no place for them', async () => {
    const broken = listSet('broken', [], { generators: [{ git: {} }] });
    const { stdout, stderr, code } = await fleetwright(['expand', '-f', folder.write('a.json', broken)]);
    expect({ stdout, code }).toEqual({ stdout: '', code: 1 });
    expect(stderr).toContain('error: ApplicationSet broken: spec.generators[0].git');
  });
});
