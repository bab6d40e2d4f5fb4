import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => {
  await api?.close();
});

const ODD = [null, -1.5, '', '\u0000', '\ud800', [], [null], {}, { a: null }, true, '__proto__', 'a'.repeat(300)];
const META = ['name', 'namespace', 'labels', 'annotations', 'finalizers', 'ownerReferences', 'resourceVersion', 'uid'];
const SPEC = ['sourceRepos', 'destinations', 'roles', 'syncWindows', 'description'];

const project = (changed: object) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AppProject',
  metadata: { name: 'odd' },
  spec: {},
  ...changed,
});

/** A sound document with one odd place, and bodies that are no document. */
const bodies = ODD.flatMap((odd) => [
  odd,
  ...['apiVersion', 'kind', 'metadata', 'spec'].map((field) => project({ [field]: odd })),
  ...META.map((field) => project({ metadata: { name: 'odd', [field]: odd } })),
  ...SPEC.flatMap((field) => [project({ spec: { [field]: odd } }), project({ spec: { [field]: [odd] } })]),
  { apiVersion: 'v1', kind: 'List', items: [odd] },
]);

describe('an odd body', () => {
  it.each([
    ['POST', '/api/v1/apply'],
    ['PATCH', '/api/v1/projects/odd'],
    ['POST', '/api/v1/tokens'],
    ['POST', '/graphql'],
  ])('at %s %s is taken or refused, and never a failure of the hub', async (method, path) => {
    for (const body of bodies) {
      const { status, text } = await api.call(method, path, { body });
      expect([status < 500, text.includes('"INTERNAL"')], JSON.stringify(body)).toEqual([true, false]);
    }
    expect(api.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});
