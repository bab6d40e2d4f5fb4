import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => {
  await api?.close();
});

const apply = (text: string, query = '') =>
  api.call('POST', `/api/v1/apply${query}`, { body: text, contentType: 'application/yaml' });

const cluster = (name: string, more = '') =>
  `apiVersion: fleetwright.io/v1alpha1\nkind: Cluster\nmetadata:\n  name: ${name}\n${more}`;

const PROJECT = `
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: team-a
spec:
  sourceRepos: ['*']
  destinations:
    - {server: '*', namespace: 'a-*'}
`;

describe('the apply door', () => {
  it('takes many documents of several kinds, and nothing changes when they come again', async () => {
    const text = [PROJECT, cluster('one'), cluster('two')].join('\n---\n');
    const first = await apply(text);
    expect(first.status).toBe(200);
    expect(first.body.results).toMatchObject([
      { index: 0, kind: 'AppProject', namespace: 'argocd', name: 'team-a', action: 'created' },
      { index: 1, kind: 'Cluster', name: 'one', action: 'created' },
      { index: 2, kind: 'Cluster', name: 'two', action: 'created' },
    ]);
    const again = await apply(text);
    expect(again.body.results.map(({ action }: { action: string }) => action)).toEqual(Array(3).fill('unchanged'));
  });

  it('takes JSON and v1 Lists', async () => {
    const item = (name: string) => ({ apiVersion: 'fleetwright.io/v1alpha1', kind: 'Cluster', metadata: { name } });
    const body = { apiVersion: 'v1', kind: 'List', items: [item('three'), item('four')] };
    const { body: answer } = await api.call('POST', '/api/v1/apply', { body });
    expect(answer.results).toMatchObject([{ name: 'three' }, { name: 'four' }]);
  });

  it('takes each document whole or refuses it whole, and answers 207 when some failed', async () => {
    const wrong = cluster('broken', 'spec:\n  project: [1]\n');
    const { status, body } = await apply([wrong, cluster('sound')].join('\n---\n'));
    expect(status).toBe(207);
    expect(body.results).toMatchObject([
      {
        name: 'broken',
        action: 'failed',
        error: { code: 422, details: { faults: [{ path: 'spec.project', got: 'list' }] } },
      },
      { name: 'sound', action: 'created' },
    ]);
    expect((await api.call('GET', '/api/v1/clusters/broken')).status).toBe(404);
  });

  it('answers a single document with its own status', async () => {
    expect((await apply(cluster('Broken_Name'))).status).toBe(422);
  });

  it('removes what an earlier apply set and a later one leaves out', async () => {
    await apply(cluster('owned', '  labels: {env: prod}\n'));
    await apply(cluster('owned'));
    const { body } = await api.call('GET', '/api/v1/clusters/owned');
    expect(body.metadata.labels).not.toHaveProperty('env');
  });

  it('changes nothing on a dry run', async () => {
    const { body } = await apply(cluster('imagined'), '?dryRun=true');
    expect(body.results).toMatchObject([{ action: 'created', plan: { lines: [] } }]);
    expect((await api.call('GET', '/api/v1/clusters/imagined')).status).toBe(404);
  });

  it('never echoes or logs what a Secret holds that nobody takes', async () => {
    const secret = `apiVersion: v1\nkind: Secret\nmetadata:\n  name: creds\nstringData:\n  password: hunter2-hunter2\n`;
    const { status, text } = await apply(secret);
    expect(status).toBe(422);
    expect(text).toContain('UNKNOWN_KIND');
    expect(text).not.toContain('hunter2');
    expect(JSON.stringify(api.log.lines)).not.toContain('hunter2');
  });
});

describe('bad input at the apply door', () => {
  it.each([
    ['an empty body', '', 400, 'NO_DOCUMENTS'],
    ['text that is no YAML', 'a: [', 400, 'YAML_SYNTAX'],
    ['YAML that is no document', '- 1', 400, 'NOT_A_DOCUMENT'],
    ['a document without a kind', 'apiVersion: v1\nmetadata: {name: a}', 422, 'INVALID_DOCUMENT'],
    ['too many documents', `${cluster('a')}\n---\n`.repeat(2_001), 413, 'TOO_MANY_DOCUMENTS'],
    ['nesting without end', `a: ${'['.repeat(500)}${']'.repeat(500)}`, 413, 'YAML_TOO_DEEP'],
    ['an alias bomb', bomb(), 400, 'YAML_ALIAS_BOMB'],
  ])('refuses %s', async (_what, text, code, reason) => {
    const { status, body } = await apply(text);
    const answered = body.results?.[0]?.error ?? body;
    expect([status, answered.details.code]).toEqual([code, reason]);
  });

  it('refuses JSON that is broken or nests without end', async () => {
    const send = (body: string) => api.call('POST', '/api/v1/apply', { body, contentType: 'application/json' });
    expect((await send('{"a":')).body).toMatchObject({ code: 400, details: { code: 'JSON_SYNTAX' } });
    expect((await send('['.repeat(200_000))).body).toMatchObject({ code: 413, details: { code: 'JSON_TOO_DEEP' } });
  });

  it('refuses a body beyond the limit before reading it', async () => {
    const { body } = await apply(`a: ${'x'.repeat(10 * 1024 * 1024)}`);
    expect(body).toMatchObject({ code: 413, reason: 'RequestEntityTooLarge', details: { code: 'BODY_TOO_LARGE' } });
  });

  it('refuses a content type that it does not read', async () => {
    const { status } = await api.call('POST', '/api/v1/apply', { body: 'a', contentType: 'text/html' });
    expect(status).toBe(400);
  });

  it('keeps a key called __proto__ from becoming a prototype', async () => {
    const body = `{"apiVersion":"fleetwright.io/v1alpha1","kind":"Cluster","metadata":{"name":"proto","labels":{"__proto__":"x"}},"__proto__":{"polluted":true}}`;
    const { status } = await api.call('POST', '/api/v1/apply', { body, contentType: 'application/json' });
    expect(status).toBeLessThan(500);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

function bomb(): string {
  const levels = Array.from({ length: 12 }, (_unused, level) =>
    level === 0
      ? 'a0: &a0 [x, x, x, x, x, x, x, x, x]'
      : `a${level}: &a${level} [${Array(9)
          .fill(`*a${level - 1}`)
          .join(', ')}]`,
  );
  return levels.join('\n');
}
