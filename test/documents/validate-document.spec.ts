import { describe, expect, it } from 'vitest';
import { applicationSchema } from '../../src/applications/domain/application.schema.js';
import { checkDocument, readEnvelope } from '../../src/documents/validate-document.js';
import { FleetError } from '../../src/kernel/errors.js';

const application = (spec: object = {}, metadata: object = {}) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'web', ...metadata },
  spec: { project: 'p', source: { repoURL: 'r', path: 'p' }, destination: { name: 'c' }, ...spec },
});

function refusal(run: () => unknown): FleetError {
  try {
    run();
  } catch (error) {
    return error as FleetError;
  }
  throw new Error('was not refused');
}
const check = (document: object, strict = false) => checkDocument(readEnvelope(document), applicationSchema, strict);

describe('readEnvelope', () => {
  it.each([[null], ['text'], [[]], [7]])('refuses %o, which is no document', (input) => {
    expect(refusal(() => readEnvelope(input))).toMatchObject({ kind: 'malformed', code: 'NOT_A_DOCUMENT' });
  });

  it('names every missing field of the envelope at once', () => {
    const { details } = refusal(() => readEnvelope({}));
    expect(details.faults?.map(({ path }) => path)).toEqual(['apiVersion', 'kind', 'metadata']);
  });

  it.each([
    ['Web', 'metadata.name'],
    ['web\n', 'metadata.name'],
    ['a'.repeat(254), 'metadata.name'],
  ])('refuses the name %j', (name, path) => {
    expect(refusal(() => readEnvelope(application({}, { name }))).details.faults).toMatchObject([{ path }]);
  });

  it.each([
    [{ labels: { 'bad key': 'x' } }, 'metadata.labels.bad key'],
    [{ labels: { key: 'x'.repeat(64) } }, 'metadata.labels.key'],
    [{ labels: { key: 1 } }, 'metadata.labels.key'],
    [{ labels: ['x'] }, 'metadata.labels'],
    [{ annotations: { key: 'x'.repeat(262_144) } }, 'metadata.annotations'],
    [{ finalizers: 'x' }, 'metadata.finalizers'],
    [{ namespace: 'UP' }, 'metadata.namespace'],
  ])('refuses the metadata %#', (metadata, path) => {
    expect(refusal(() => readEnvelope(application({}, metadata))).details.faults).toMatchObject([{ path }]);
  });
});

describe('checkDocument', () => {
  it('says where a wrong type is, what was expected there and what was found', () => {
    const { code, details } = refusal(() => check(application({ syncPolicy: { automated: { prune: 'yes' } } })));
    expect(code).toBe('INVALID_DOCUMENT');
    expect(details.faults).toEqual([
      {
        path: 'spec.syncPolicy.automated.prune',
        message: expect.any(String),
        expected: 'boolean',
        got: 'string "yes"',
      },
    ]);
  });

  it('says that a required field is missing', () => {
    const { project: _project, ...spec } = application().spec;
    expect(refusal(() => check({ ...application(), spec })).details.faults).toMatchObject([
      { path: 'spec.project', message: 'is required' },
    ]);
  });

  it('warns about unknown fields and keeps them', () => {
    const { document, warnings } = check(application({ sycnPolicy: {} }));
    expect(warnings).toEqual(['unknown field "spec.sycnPolicy"']);
    expect(document).toMatchObject({ spec: { sycnPolicy: {} } });
  });

  it('refuses unknown fields when asked to be strict', () => {
    expect(refusal(() => check(application({ sycnPolicy: {} }), true)).details.faults).toMatchObject([
      { path: 'spec.sycnPolicy' },
    ]);
  });

  it('never echoes a value that may be long or nested', () => {
    const secret = 'x'.repeat(60);
    const { details } = refusal(() => check(application({ source: { repoURL: { secret } } })));
    expect(JSON.stringify(details)).not.toContain(secret);
  });

  it('drops what only the server gives, as a document read from it carries', () => {
    const read = {
      ...application({}, { uid: 'u', generation: 3, creationTimestamp: 't', managedFields: [] }),
      status: { x: 1 },
    };
    const { document } = check(read);
    expect(document.metadata).toEqual({ name: 'web' });
    expect(document['status']).toBeUndefined();
  });
});
