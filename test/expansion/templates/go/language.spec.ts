import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Budget } from '../../../../src/expansion/budget.js';
import { ExpansionFailure } from '../../../../src/expansion/failure.js';
import { DEFAULT_LIMITS } from '../../../../src/expansion/limits.js';
import { newParameters, stringMap, StringList } from '../../../../src/expansion/parameters.js';
import { BUILTINS } from '../../../../src/expansion/templates/go/builtins.js';
import type { Functions } from '../../../../src/expansion/templates/go/compile-pipe.js';
import { goTemplates } from '../../../../src/expansion/templates/go/go-template.js';
import type { MissingKey } from '../../../../src/expansion/templates/go/run.js';
import { Warnings } from '../../../../src/expansion/warnings.js';

interface Golden {
  template: string;
  missingKey: MissingKey;
  /** Null where Go fails. */
  output: string | null;
}

function goldens(name: string): [MissingKey, string, string | null][] {
  const file = readFileSync(new URL(`../../../golden/go-templates/${name}.json`, import.meta.url), 'utf8');
  return (JSON.parse(file) as Golden[]).map(({ missingKey, template, output }) => [missingKey, template, output]);
}

/** The same data as test/golden/go-templates/main.go's. */
const data = newParameters({
  name: 'web',
  empty: '',
  uni: 'zü😀',
  html: "<a href='x'>&\"\n=\\</a>",
  n: 3,
  zero: 0,
  big: 1000000,
  ratio: 0.125,
  neg: -2.5,
  yes: true,
  no: false,
  nil: null,
  list: ['a', 1, null, true],
  none: [],
  map: { b: 1, a: { deep: 'x' }, c: null },
  nothing: {},
  nums: [3, 1.5],
  labels: stringMap([
    ['env', 'prod'],
    ['tier', ''],
  ]),
  segments: StringList.from(['a', 'b']),
});

function render(template: string, missingKey: MissingKey = 'default', functions?: Functions): string | null {
  const options = functions ? { missingKey, functions } : { missingKey };
  try {
    return goTemplates(options)
      .compile(template, 'here')
      .render(data, new Budget(DEFAULT_LIMITS, new Warnings(10)));
  } catch (error) {
    if (error instanceof ExpansionFailure) return null;
    throw error;
  }
}

describe("Go's template language, against Go itself", () => {
  it.each(goldens('language'))('missingkey=%s %j', (missingKey, template, output) => {
    expect(render(template, missingKey, BUILTINS)).toBe(output);
  });
});

describe("sprig's functions, against sprig itself", () => {
  it.each(goldens('sprig'))('missingkey=%s %j', (missingKey, template, output) => {
    expect(render(template, missingKey)).toBe(output);
  });
});

describe('hostile Go templates', () => {
  it.each([
    ['calls itself for ever', '{{define "t"}}{{template "t" .}}{{end}}{{template "t" .}}'],
    ['calls itself twice, for ever', '{{define "t"}}{{template "t" .}}{{template "t" .}}{{end}}{{template "t" .}}'],
    ['counts for ever', '{{range 1000000000}}{{end}}'],
    ['counts within counting', '{{range 100000}}{{range 100000}}x{{end}}{{end}}'],
    ['pads without end', '{{range 1000}}{{printf "%900000d" 1}}{{end}}'],
    ['nests parentheses', `{{${'('.repeat(5000)}1${')'.repeat(5000)}}}`],
    ['nests blocks', '{{if .name}}'.repeat(5000) + '{{end}}'.repeat(5000)],
  ])('a template that %s is refused', (_what, template) => {
    expect(render(template)).toBeNull();
  });

  it.each([
    ['spaces before no trim marker', `${' '.repeat(500_000)}x{{- .name}}`],
    ['a number without end', `{{${'1'.repeat(500_000)}x}}`],
    ['spaces in an action', `{{.name${' '.repeat(500_000)}}}`],
    ['spaces to trim', `{{trim "a${' '.repeat(500_000)}b"}}`],
  ])('is not slowed down by %s', (_what, template) => {
    expect(['string', 'object']).toContain(typeof render(template));
  });

  it('sees no members of prototypes', () => {
    expect(render('{{.constructor}} {{.__proto__}} {{.map.constructor}}')).toBe('<no value> <no value> <no value>');
    expect(render('{{.name.length}}')).toBeNull();
    expect(render('{{.list.length}}')).toBeNull();
  });
});
