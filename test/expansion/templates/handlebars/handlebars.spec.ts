import { describe, expect, it } from 'vitest';
import { Budget } from '../../../../src/expansion/budget.js';
import { ExpansionFailure } from '../../../../src/expansion/failure.js';
import { DEFAULT_LIMITS } from '../../../../src/expansion/limits.js';
import { newParameters } from '../../../../src/expansion/parameters.js';
import { handlebarsTemplates } from '../../../../src/expansion/templates/handlebars/handlebars-template.js';
import { Warnings } from '../../../../src/expansion/warnings.js';
import { applicationOf, expandSet, setWith } from '../../../support/expansion.js';
import { expandApplicationSet } from '../../../../src/expansion/expand.js';
import { cluster, MemoryExpansionReader } from '../../../support/memory-expansion-reader.js';

const parameters = newParameters({
  name: 'web',
  empty: '',
  n: 1_000_000,
  yes: true,
  no: false,
  nil: null,
  list: ['a', 'b'],
  none: [],
  map: { z: 1, 'a-b': { deep: 'x' } },
  html: '<a & b>',
});

/** What it renders to, or the code of its refusal. */
function render(text: string, options = {}): string {
  try {
    const budget = new Budget(DEFAULT_LIMITS, new Warnings(10));
    return handlebarsTemplates(options).compile(text, 'here').render(parameters, budget);
  } catch (error) {
    if (error instanceof ExpansionFailure) return error.code;
    throw error;
  }
}

describe('Handlebars templates', () => {
  it.each([
    ['{{name}}-{{n}}-{{yes}}-{{nil}}|', 'web-1000000-true-|'],
    ['{{html}} {{{html}}} {{&html}}', '<a & b> <a & b> <a & b>'],
    ['{{map.z}} {{map.[a-b].deep}} {{this.name}} {{list.[1]}} {{list.length}} {{lookup list 0}}', '1 x web b 2 a'],
    ['{{#if yes}}a{{else if name}}b{{else}}c{{/if}}{{#unless no}}d{{/unless}}', 'ad'],
    ['{{#if missing}}a{{else}}b{{/if}}{{#if none}}c{{/if}}{{#if empty}}d{{/if}}', 'b'],
    ['{{#each list}}{{@index}}{{this}}{{#unless @last}},{{/unless}}{{/each}}', '0a,1b'],
    ['{{#each list as |item at|}}{{at}}{{item}}{{../name}}{{@root.name}} {{/each}}', '0awebweb 1bwebweb '],
    ['{{#each map}}{{@key}} {{/each}}{{#each none}}x{{else}}none{{/each}}', 'a-b z none'],
    ['{{#with map.[a-b] as |it|}}{{deep}}{{it.deep}}{{../name}}{{/with}}', 'xxweb'],
    ['{{#list}}{{.}}{{/list}}{{#yes}}y{{/yes}}{{^no}}n{{/no}}{{#map}}{{z}}{{/map}}', 'abyn1'],
    ['a  {{~name~}}  b{{! c }}{{!-- d --}} \\{{raw}}', 'awebb {{raw}}'],
    ['{{default missing "d"}} {{default empty "d"}} {{default name "d"}} {{default map.x.y n}}', 'd d web 1000000'],
    ['{{upper name}} {{lower "ABC"}} {{trim " x "}} {{normalize "My_App"}}', 'WEB abc x my-app'],
    [
      '{{replace "a.b.c" "." "-"}} {{join list "+"}} {{concat name "-" n}} {{truncate name 2}}',
      'a-b-c a+b web-1000000 we',
    ],
    ['{{eq name "web"}} {{ne n 1}} {{and yes name}} {{or no missing}} {{not no}}', 'true true true false true'],
    ['{{#if (and (eq name "web") (not no))}}in{{/if}} {{upper (concat name "x")}}', 'in WEBX'],
    ['{{toJson map}} {{toJson list}} {{toJson "<"}}', '{"a-b":{"deep":"x"},"z":1} ["a","b"] "<"'],
    ['{{lookup map "z"}} {{lookup list 0}}', '1 a'],
  ])('%s', (template, text) => {
    expect(render(template)).toBe(text);
  });

  it.each([
    ['a parameter that is not there', '{{missing}}', 'TEMPLATE_EXECUTION'],
    ['a member that is not there', '{{map.missing}}', 'TEMPLATE_EXECUTION'],
    ['a list as text', '{{list}}', 'TEMPLATE_EXECUTION'],
    ['a prototype', '{{constructor}}', 'TEMPLATE_EXECUTION'],
    ['a prototype of a member', '{{map.__proto__}}', 'TEMPLATE_EXECUTION'],
    ['a member of text', '{{name.length}}', 'TEMPLATE_EXECUTION'],
    ['a prototype by lookup', '{{lookup map "constructor"}}', 'TEMPLATE_EXECUTION'],
    ['an unknown helper', '{{shout name}}', 'TEMPLATE_SYNTAX'],
    ['an unknown block', '{{#shout name}}{{/shout}}', 'TEMPLATE_SYNTAX'],
    ['a wrong number of arguments', '{{eq name}}', 'TEMPLATE_SYNTAX'],
    ['named arguments', '{{upper name a=1}}', 'TEMPLATE_SYNTAX'],
    ['a partial', '{{> part}}', 'TEMPLATE_SYNTAX'],
    ['a decorator', '{{* decorate}}', 'TEMPLATE_SYNTAX'],
    ['an open block', '{{#if yes}}', 'TEMPLATE_SYNTAX'],
    ['an open tag', '{{name', 'TEMPLATE_SYNTAX'],
    ['the way out', '{{../name}}', 'TEMPLATE_EXECUTION'],
  ])('refuses %s', (_what, template, code) => {
    expect(render(template)).toBe(code);
  });

  it('names the parameter and shows the text', () => {
    const compiled = handlebarsTemplates().compile('x {{map.nope}}', 'spec.template.metadata.name');
    const message = 'there is no parameter map.nope, in "x {{map.nope}}"';
    const refusal = expect.objectContaining({ message, path: 'spec.template.metadata.name' });
    expect(() => compiled.render(parameters, new Budget(DEFAULT_LIMITS, new Warnings(10)))).toThrow(refusal);
  });

  it.each([
    [
      'grows without end',
      `{{#each list}}${'{{#each @root.list}}'.repeat(18)}{{toJson @root}}${'{{/each}}'.repeat(19)}`,
    ],
    ['nests without end', '{{#if yes}}'.repeat(20_000) + '{{/if}}'.repeat(20_000)],
    ['chains without end', `{{#if yes}}${'{{else if no}}'.repeat(5_000)}{{/if}}`],
    ['opens without end', '{'.repeat(100_000)],
    ['calls without end', `{{${'(not '.repeat(20_000)}yes${')'.repeat(20_000)}}}`],
  ])('stops a template that %s', (_what, template) => {
    expect(render(template)).toMatch(/^(?:TEMPLATE|RENDERED)_/);
  });
});

describe('an ApplicationSet of Handlebars templates', () => {
  const metadata = {
    name: 'set',
    namespace: 'argocd',
    annotations: { 'fleetwright.io/template-engine': 'handlebars' },
  };

  const selector = { matchLabels: { env: 'prod' } };

  it('reads parameters as Go mode nests them', async () => {
    const set = setWith({
      generators: [{ clusters: { selector, values: { tier: '{{upper metadata.labels.env}}' } } }],
      template: { metadata: { name: '{{name}}-{{values.tier}}' }, spec: {} },
    });
    const reader = new MemoryExpansionReader([cluster('one', { env: 'prod' })]);
    const { documents } = await expandApplicationSet({ ...set, metadata }, reader);
    expect(documents.map((application) => application.metadata.name)).toContain('one-PROD');
  });

  it('lets values of a second matrix child wait for their own parameters (2.4)', async () => {
    const values = { region: '{{extra}}', own: '{{nameNormalized}}' };
    const generators = [
      { matrix: { generators: [{ list: { elements: [{ extra: 'x' }] } }, { clusters: { selector, values } }] } },
    ];
    const set = setWith({ generators, template: { metadata: { name: '{{values.own}}-{{values.region}}' }, spec: {} } });
    const { documents } = await expandApplicationSet(
      { ...set, metadata },
      new MemoryExpansionReader([cluster('One', { env: 'prod' })]),
    );
    expect(documents.map((application) => application.metadata.name)).toContain('one-x');
  });

  it('leaves sets without the annotation alone', async () => {
    const { metadata: plain } = await applicationOf({});
    expect(plain.name).toBe('app-web');
    expect((await expandSet({ goTemplate: true })).errors).not.toEqual([]);
  });
});
