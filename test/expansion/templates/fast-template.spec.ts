import { describe, expect, it } from 'vitest';
import { Budget } from '../../../src/expansion/budget.js';
import { ExpansionFailure } from '../../../src/expansion/failure.js';
import { DEFAULT_LIMITS } from '../../../src/expansion/limits.js';
import { newParameters } from '../../../src/expansion/parameters.js';
import { fastTemplates } from '../../../src/expansion/templates/fast-template.js';
import { Warnings } from '../../../src/expansion/warnings.js';

const parameters = newParameters({ name: 'web', 'path[0]': 'apps', tagged: '{{name}}', num: 3, empty: '' });

function render(text: string): { text: string; warnings: string[] } {
  const warnings = new Warnings(10);
  const compiled = fastTemplates.compile(text, 'here');
  return { text: compiled.render(parameters, new Budget(DEFAULT_LIMITS, warnings)), warnings: warnings.list() };
}

describe('the default template mode (2.2)', () => {
  it.each([
    ['plain', 'plain'],
    ['{{name}}', 'web'],
    ['{{ name }}', 'web'],
    ['{{\tname\u00a0}}', 'web'],
    ['a-{{name}}-{{path[0]}}-b', 'a-web-apps-b'],
    ['{{empty}}', ''],
    ['{{tagged}}', '{{name}}'],
    ['{{name}}\n{{\nname\n}}', 'web\nweb'],
    ['{{name', '{{name'],
    ['name}}', 'name}}'],
    ['}}{{name', '}}{{name'],
  ])('%j gives %j', (text, expected) => {
    expect(render(text)).toEqual({ text: expected, warnings: [] });
  });

  it.each([
    ['{{}}', '{{}}'],
    ['{{ other }}', '{{ other }}'],
    ['{{ .Values.x }}-{{name}}', '{{ .Values.x }}-web'],
    ['{{num}}', '{{num}}'],
    ['{{{name}}}', '{{{name}}}'],
    ['{{__proto__}}{{constructor}}', '{{__proto__}}{{constructor}}'],
  ])('%j stays %j, with a warning that names tag and place', (text, expected) => {
    const rendered = render(text);
    expect(rendered.text).toBe(expected);
    expect(rendered.warnings[0]).toMatch(/^here: the tag \{\{.*\}\} stays as written: /);
  });

  it('leaves a text alone whose tags do not close on their line', () => {
    expect(render('{{\nname\n}}').text).toBe('{{\nname\n}}');
  });

  it('refuses a tag that is not closed where another is', () => {
    expect(() => render('{{name}} {{name')).toThrow(ExpansionFailure);
    expect(() => render('{{name}} {{name')).toThrow(expect.objectContaining({ code: 'TEMPLATE_SYNTAX', path: 'here' }));
  });

  it.each([
    ['braces that never close', '{{'.repeat(500_000)],
    ['braces that close on another line', '{{\n}}'.repeat(200_000)],
    ['a tag of spaces', `{{a${' '.repeat(500_000)}b}}`],
  ])('is not slowed down by %s', (_what, text) => {
    expect(render(text).text).toBe(text);
  });
});
