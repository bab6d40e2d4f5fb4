import { describe, expect, it } from 'vitest';
import { clusterDependency, isTouched } from '../../src/expansion/cluster-dependency.js';

const labelled = (labels: Record<string, string>) => ({ labels, annotations: {} });
const set = (
  selector: object | undefined,
  template: object = { spec: { destination: { name: '{{name}}' } } },
  more: object = {},
) => ({
  generators: [{ clusters: selector === undefined ? {} : { selector } }],
  template,
  ...more,
});
const touched = (spec: object, before: Record<string, string>, after: Record<string, string>) =>
  isTouched(clusterDependency(spec), labelled(before), labelled(after));
const prod = { matchLabels: { env: 'prod' } };

describe('a label edit', () => {
  it('touches a set whose selector begins or ceases to match', () => {
    expect(touched(set(prod), {}, { env: 'prod' })).toBe(true);
    expect(touched(set(prod), { env: 'prod' }, {})).toBe(true);
  });

  it('leaves a set alone whose selector says the same before and after', () => {
    expect(touched(set(prod), { env: 'prod' }, { env: 'prod', other: 'x' })).toBe(false);
    expect(touched(set(prod), {}, { other: 'x' })).toBe(false);
    expect(touched(set(undefined), {}, { other: 'x' })).toBe(false);
  });

  it('touches a matching set that can read the label', () => {
    const template = { metadata: { labels: { tier: '{{metadata.labels.tier}}' } } };
    expect(touched(set(prod, template), { env: 'prod' }, { env: 'prod', tier: 'gold' })).toBe(true);
    expect(touched(set(prod, template), {}, { tier: 'gold' })).toBe(false);
  });

  it('touches a matching set that could read it in a way that cannot be seen', () => {
    expect(touched(set(prod, {}, { goTemplate: true }), { env: 'prod' }, { env: 'prod', x: '1' })).toBe(true);
    expect(
      touched(set(prod, {}, { templatePatch: '{{metadata.annotations.x}}' }), { env: 'prod' }, { env: 'prod', x: '1' }),
    ).toBe(true);
  });

  it.each([
    '{{#each this}}{{@key}}{{/each}}',
    '{{toJson this}}',
    '{{#if (eq name "a")}}b{{/if}}',
    '{{#with metadata}}x{{/with}}',
  ])('touches a matching set of Handlebars that may read it: %s', (name) => {
    const template = { metadata: { name } };
    expect(touched(set(prod, template), { env: 'prod' }, { env: 'prod', x: '1' })).toBe(true);
  });

  it.each(['{{name}}', '{{ name }}-{{ server }}', '{{values.a}}'])('leaves a set alone that names %s only', (name) => {
    const template = { metadata: { name } };
    expect(touched(set(prod, template), { env: 'prod' }, { env: 'prod', x: '1' })).toBe(false);
  });

  it('finds clusters generators at any nesting', () => {
    const nested = {
      generators: [
        {
          matrix: {
            generators: [{ list: { elements: [] } }, { merge: { generators: [{ clusters: { selector: prod } }] } }],
          },
        },
      ],
    };
    expect(touched(nested, {}, { env: 'prod' })).toBe(true);
    expect(touched(nested, {}, { env: 'dev' })).toBe(false);
  });

  it('touches a set whose selector is templated or broken, whatever it says', () => {
    expect(touched(set({ matchLabels: { env: '{{env}}' } }), {}, { x: '1' })).toBe(true);
    expect(touched(set({ matchExpressions: [{ key: 'env', operator: 'Near' }] }), {}, { x: '1' })).toBe(true);
  });

  it('does not touch a set without a clusters generator', () => {
    expect(touched({ generators: [{ list: { elements: [] } }], template: {} }, {}, { env: 'prod' })).toBe(false);
  });
});
