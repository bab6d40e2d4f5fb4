import { describe, expect, it } from 'vitest';
import { expandJson, fleetwright, listSet } from '../support/command-line.js';

const elements = (count: number, key: string) => ({
  list: { elements: Array.from({ length: count }, (_, index) => ({ [key]: String(index) })) },
});
const ok = { list: { elements: [{ name: 'x' }] } };
const goTemplate = (text: string) => ({ goTemplate: true, template: { metadata: { name: text } } });

interface Refusal {
  code: string;
  path: string;
  /** What to do about it. */
  says: RegExp;
}

const CASES: [string, object, Refusal][] = [
  [
    'git with neither directories nor files',
    { generators: [ok, { git: { repoURL: 'https://r', revision: 'HEAD' } }] },
    { code: 'GENERATOR_EMPTY', path: 'spec.generators[1].git', says: /needs directories or files/ },
  ],
  [
    'a repository that is not given',
    { generators: [{ git: { repoURL: 'https://r', revision: 'HEAD', directories: [{ path: '*' }] } }] },
    { code: 'GIT_NOT_GIVEN', path: 'spec.generators[0].git', says: /--git/ },
  ],
  [
    'more results than a set may give',
    { generators: [ok, { matrix: { generators: [elements(400, 'a'), elements(300, 'b')] } }] },
    { code: 'TOO_MANY_RESULTS', path: 'spec.generators[1].matrix', says: /100000 results; narrow .* or split the set/ },
  ],
  [
    'a template that loops',
    goTemplate('{{range until 1000}}{{range until 1000}}{{end}}{{end}}'),
    { code: 'TEMPLATE_TOO_SLOW', path: 'spec.template.metadata.name', says: /250000 a document are allowed/ },
  ],
  [
    'a template that calls itself',
    goTemplate('{{define "a"}}{{template "a"}}{{end}}{{template "a"}}'),
    { code: 'TEMPLATE_EXECUTION', path: 'spec.template.metadata.name', says: /maximum template depth/ },
  ],
  [
    'a matrix whose children disagree on a parameter',
    { generators: [{ matrix: { generators: [ok, { list: { elements: [{ name: 'y' }] } }] } }] },
    { code: 'MATRIX_DUPLICATE_KEY', path: 'spec.generators[0].matrix', says: /name/ },
  ],
];

describe('fleetwright expand refuses', () => {
  it.each(CASES)('%s: with the place, and what to do', async (_what, spec, { code, path, says }) => {
    const bad = listSet('bad', ['x']);
    const set = { ...bad, spec: { ...bad.spec, ...spec } };
    const ran = await expandJson([set, listSet('good', ['y'])].map((each) => JSON.stringify(each)).join('\n---\n'));
    expect(ran.code).toBe(1);
    expect(ran.sets.map(({ name, applications }) => [name, applications.length])).toEqual([
      ['bad', 0],
      ['good', 1],
    ]);
    expect(ran.sets[0]?.errors[0]).toMatchObject({ code, path });
    expect(ran.sets[0]?.errors[0]?.message).toMatch(says);
    const { code: exit, stderr } = await fleetwright(['expand', '-f', '-', '-o', 'table'], JSON.stringify(set));
    expect(exit).toBe(1);
    for (const part of ['bad', path, code]) expect(stderr).toContain(part);
  });

  it('aliases upon aliases, and no document for its ten megabytes', async () => {
    const set = listSet('big', ['x']);
    const annotations = { text: 'x'.repeat(10_000_000) };
    const { code, sets } = await expandJson({ ...set, metadata: { ...set.metadata, annotations } });
    expect([code, sets[0]?.applications.length]).toEqual([0, 1]);
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 9 }, (_, level) => {
      const [name, of] = [String.fromCharCode(98 + level), String.fromCharCode(97 + level)];
      return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${of}`).join(',')}]`;
    }).join('\n')}`;
    const refused = await fleetwright(['expand', '-f', '-', '-o', 'json'], bomb);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('standard input');
  });
});
