import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HelmOptions } from '../../src/rendering/domain/render-request.js';
import { HAS_HELM } from '../support/helm.js';
import { RenderingFixture } from '../support/rendering.js';

const VALUE = 'correct-horse-battery';
const CHART = { 'chart/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n' };

let fixture: RenderingFixture;

beforeEach(async () => {
  fixture = await RenderingFixture.start();
});

afterEach(() => fixture.close());

async function complaintOf(path: string, helm?: HelmOptions): Promise<string> {
  const failed = await fixture.tryRender(path, helm === undefined ? {} : { helm });
  if (failed.ok) throw new Error('it was rendered');
  return `${failed.error.code} ${failed.error.message}`;
}

describe.skipIf(!HAS_HELM)('a chart that fails with a value', () => {
  const failing = '{{ fail (printf "no login with %s" (.Values.login | toString)) }}';
  const schema = JSON.stringify({ properties: { login: { type: 'string', pattern: '^[0-9]+$' } } });
  it.each<[string, Record<string, string>, HelmOptions]>([
    ['of its own', { 'chart/values.yaml': `login: ${VALUE}\n` }, { releaseName: 'x' }],
    ['of a file', { 'chart/more.yaml': `login: ${VALUE}\n` }, { valueFiles: ['more.yaml'] }],
    ['of the Application', {}, { values: `login: ${VALUE}\n` }],
    ['of the Application as an object', {}, { valuesObject: { login: { deep: [VALUE] } } }],
    ['of a parameter', {}, { parameters: [{ name: 'login', value: VALUE }] }],
    ['of a file parameter', { 'chart/login': VALUE }, { fileParameters: [{ name: 'login', path: 'login' }] }],
  ])('%s does not repeat it', async (_name, files, helm) => {
    await fixture.repository.commit({ ...CHART, 'chart/templates/a.yaml': failing, ...files });
    const complaint = await complaintOf('chart', helm);
    expect(complaint).toMatch(/^HELM_FAILED .*chart|^HELM_FAILED .*templates\/a\.yaml/);
    expect(complaint).toContain('no login with');
    expect(complaint).not.toContain(VALUE);
  });

  it.each([
    ['reads it as a number', { 'chart/templates/a.yaml': '{{ mustRegexMatch (printf "(%s" .Values.login) "x" }}' }],
    ['checks it by a schema', { 'chart/values.schema.json': schema, 'chart/templates/a.yaml': '' }],
  ])('and %s does not repeat it', async (_name, files) => {
    await fixture.repository.commit({ ...CHART, ...files });
    expect(await complaintOf('chart', { values: `login: ${VALUE}\n` })).not.toContain(VALUE);
  });

  it('that makes a manifest of it which is none does not repeat it', async () => {
    await fixture.repository.commit({
      ...CHART,
      'chart/templates/a.yaml':
        'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData:\n  a: {{ .Values.login }}: {{ .Values.login }}\n',
    });
    expect(await complaintOf('chart', { values: `login: ${VALUE}\n` })).not.toContain(VALUE);
  });
});

describe('a kustomization that fails', () => {
  it.each([
    ['a literal', `secretGenerator:\n- {name: a, literals: [${VALUE}]}\n`],
    [
      'a Secret',
      `resources: [secret.yaml]\npatches:\n- {target: {kind: Secret}, patch: '[{op: test, path: /stringData/a, value: x}]'}\n`,
    ],
  ])('by %s does not repeat its value', async (_name, kustomization) => {
    await fixture.repository.commit({
      'overlay/kustomization.yaml': kustomization,
      'overlay/secret.yaml': `apiVersion: v1\nkind: Secret\nmetadata: {name: c}\nstringData: {a: ${VALUE}}\n`,
    });
    const complaint = await complaintOf('overlay');
    expect(complaint).toMatch(/^KUSTOMIZE_FAILED /);
    expect(complaint).not.toContain(VALUE);
  });
});
