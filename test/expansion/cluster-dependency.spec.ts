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
const matrixOf = (second: object) => ({ matrix: { generators: [{ clusters: { selector: prod } }, second] } });
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

  it.each([
    ['fast template', '{{metadata.labels.tier}}', {}],
    ['fast template with spaces', '{{ metadata.labels.tier }}', {}],
    ['field of a Go template', '{{ .metadata.labels.tier | lower }}', { goTemplate: true }],
    ['index of a Go template', '{{ index .metadata.labels "tier" }}', { goTemplate: true }],
    ['root of a Go template', '{{ range .xs }}{{ $.metadata.labels.tier }}{{ end }}', { goTemplate: true }],
  ])('touches a matching set for the very label that it names: %s', (_what, name, more) => {
    const spec = set(prod, { metadata: { name } }, more);
    const before = { env: 'prod', tier: 'gold' };
    expect(touched(spec, before, { ...before, tier: 'silver' })).toBe(true);
    expect(touched(spec, before, { env: 'prod' })).toBe(true);
    expect(touched(spec, before, { ...before, other: 'x' })).toBe(false);
  });

  it('tells labels from annotations', () => {
    const dependency = clusterDependency(set(prod, {}, { templatePatch: 'a: {{metadata.annotations.x}}' }));
    const before = { labels: { env: 'prod' }, annotations: { x: '1', y: '1' } };
    expect(isTouched(dependency, before, { ...before, labels: { env: 'prod', x: '2' } })).toBe(false);
    expect(isTouched(dependency, before, { ...before, annotations: { x: '1', y: '2' } })).toBe(false);
    expect(isTouched(dependency, before, { ...before, annotations: { x: '2', y: '1' } })).toBe(true);
  });

  it('touches a set that reads annotations when the last one goes, since Go then finds no map', () => {
    const dependency = clusterDependency(set(prod, { a: '{{.metadata.annotations.x}}' }, { goTemplate: true }));
    const before = { labels: { env: 'prod' }, annotations: { y: '1' } };
    expect(isTouched(dependency, before, { ...before, annotations: {} })).toBe(true);
  });

  it.each([
    '{{ toJson . }}',
    '{{ .metadata.labels | toJson }}',
    '{{ range $k, $v := .metadata.labels }}{{ $k }}{{ end }}',
    '{{ template "x" . }}',
    '{{ get .metadata "labels" }}',
    '{{ with $ }}{{ .name }}{{ end }}',
    '{{ "}}" | printf "%s%s" .metadata.labels.other }}',
    '{{ $m := .metadata }}{{ $m.labels.other }}',
    '{{ index .metadata.labels .key }}',
    '{{toJson this}}',
  ])('touches a matching Go-template set that reads it in a way that cannot be seen: %s', (name) => {
    const spec = set(prod, { metadata: { name } }, { goTemplate: true });
    expect(touched(spec, { env: 'prod' }, { env: 'prod', x: '1' })).toBe(true);
  });

  it('knows the labels that selectors over parameters and merge keys name', () => {
    const clusters = { clusters: { selector: prod }, selector: { matchLabels: { 'metadata.labels.tier': 'gold' } } };
    const merge = {
      merge: {
        mergeKeys: ['metadata.labels.tier'],
        generators: [{ clusters: { selector: prod } }, { list: { elements: [] } }],
      },
    };
    for (const generator of [clusters, merge]) {
      const spec = { generators: [generator], template: { metadata: { name: '{{name}}' } } };
      expect(touched(spec, { env: 'prod' }, { env: 'prod', tier: 'gold' })).toBe(true);
      expect(touched(spec, { env: 'prod' }, { env: 'prod', other: 'x' })).toBe(false);
    }
  });

  it.each([
    ['a flat list', { clusters: { selector: prod, flatList: true } }],
    ['two of them in a matrix, where equal keys must agree', matrixOf({ clusters: { selector: prod } })],
    ['files in a matrix, which may bring any key', matrixOf({ git: { files: [{ path: '*.yaml' }] } })],
    ['values filled in a matrix, which may hold tags', matrixOf({ list: { values: { a: '{{name}}' } } })],
  ])('touches a matching set when clusters come in %s', (_what, generator) => {
    const spec = { generators: [generator], template: { metadata: { name: '{{name}}' } } };
    expect(touched(spec, { env: 'prod' }, { env: 'prod', x: '1' })).toBe(true);
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
