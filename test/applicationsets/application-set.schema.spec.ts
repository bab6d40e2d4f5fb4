import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applicationSchema } from '../../src/applications/domain/application.schema.js';
import { applicationSetSchema } from '../../src/applicationsets/domain/application-set.schema.js';
import { checkDocument, readEnvelope } from '../../src/documents/validate-document.js';
import type { FleetError } from '../../src/kernel/errors.js';
import type { KubernetesObject } from '../../src/kernel/object.js';

interface Case {
  applicationSet: unknown;
  applications?: object[];
}

const { cases } = JSON.parse(
  readFileSync(new URL('../fixtures/conformance/expansion.json', import.meta.url), 'utf8'),
) as { cases: Case[] };

const minimal = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'ApplicationSet',
  metadata: { name: 'guestbook' },
  spec: {
    generators: [{ list: { elements: [{ cluster: 'dev' }] } }] as unknown[],
    template: {
      metadata: { name: '{{cluster}}' },
      spec: { project: 'default', source: { repoURL: 'https://git.example.com/a.git' }, destination: {} },
    } as unknown,
  },
};

function check(spec: object, strict = false): { warnings: string[]; faults: string[] } {
  const document = { ...minimal, spec: { ...minimal.spec, ...spec } };
  try {
    return { warnings: checkDocument(readEnvelope(document), applicationSetSchema, strict).warnings, faults: [] };
  } catch (error) {
    return { warnings: [], faults: ((error as FleetError).details.faults ?? []).map(({ path }) => path) };
  }
}

describe('the ApplicationSet schema', () => {
  it('takes every ApplicationSet that Argo CD was asked to expand, with nothing to remark', () => {
    for (const { applicationSet } of cases) {
      expect(checkDocument(readEnvelope(applicationSet), applicationSetSchema, true).warnings).toEqual([]);
    }
    expect(cases.length).toBeGreaterThan(100);
  });

  it('takes every Application that Argo CD generated', () => {
    const generated = cases.flatMap(({ applications }) => applications ?? []);
    for (const application of generated) {
      const document = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', ...application } as KubernetesObject;
      expect(checkDocument(document, applicationSchema, true).warnings).toEqual([]);
    }
    expect(generated.length).toBeGreaterThan(100);
  });

  it('names an unknown field by its path, also inside nested generators', () => {
    const generators = [{ matrix: { generators: [{ list: { elements: [], more: 1 } }, { clusters: {} }] } }];
    expect(check({ generators, color: 'red' }).warnings).toEqual(
      expect.arrayContaining([
        'unknown field "spec.generators[0].matrix.generators[0].list.more"',
        'unknown field "spec.color"',
      ]),
    );
  });

  it('refuses unknown fields when asked to be strict', () => {
    expect(check({ color: 'red' }, true).faults).toEqual(['spec.color']);
  });

  it('drops a third level of combination with a warning, as Argo CD does silently', () => {
    const innermost = { matrix: { generators: [{ matrix: { generators: [] } }] } };
    const generators = [{ matrix: { generators: [innermost, { clusters: {} }] } }];
    expect(check({ generators }).warnings).toEqual([
      'unknown field "spec.generators[0].matrix.generators[0].matrix.generators[0].matrix"',
    ]);
  });

  it.each([
    ['a generator that is no list', { generators: {} }, ['spec.generators']],
    [
      'a git generator without revision',
      { generators: [{ git: { repoURL: 'a' } }] },
      ['spec.generators[0].git.revision'],
    ],
    ['a boolean given as text', { goTemplate: 'true' }, ['spec.goTemplate']],
    ['an unknown sync policy', { syncPolicy: { applicationsSync: 'none' } }, ['spec.syncPolicy.applicationsSync']],
    [
      'a template without project',
      { template: { metadata: {}, spec: { destination: {} } } },
      ['spec.template.spec.project'],
    ],
    [
      'a label that is a number',
      { generators: [{ clusters: { values: { a: 1 } } }] },
      ['spec.generators[0].clusters.values.a'],
    ],
  ])('refuses %s', (_what, spec, faults) => {
    expect(check(spec).faults).toEqual(faults);
  });

  it('takes null where a field may be absent', () => {
    expect(check({ syncPolicy: null, templatePatch: null, strategy: { rollingSync: null } })).toEqual({
      warnings: [],
      faults: [],
    });
  });
});
