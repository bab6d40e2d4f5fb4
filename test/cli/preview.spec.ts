import { describe, expect, it } from 'vitest';
import { EMPTY_PLAN_VIEW } from '../../src/changes/plan-view.js';
import { AnsweringHub } from '../support/answering-hub.js';
import { fleetwright, listSet } from '../support/command-line.js';

const hub = new AnsweringHub();

function preview(...flags: string[]) {
  return fleetwright(['preview', '-f', '-', ...hub.flags, ...flags], JSON.stringify(listSet('web', ['a'])));
}

const set = {
  index: 0,
  kind: 'ApplicationSet',
  namespace: 'argocd',
  name: 'web',
  action: 'updated',
  warnings: ['old'],
};
const line = { kind: 'Application', namespace: 'argocd', project: 'team-a' };

describe('fleetwright preview', () => {
  it('asks the hub for a dry run with the token, and prints the plan', async () => {
    const plan = {
      lines: [
        { ...line, action: 'create', name: 'a', cluster: 'eu' },
        { ...line, action: 'update', name: 'b', changes: [{ path: 'spec.source.path', from: 'x', to: 'y\n' }] },
      ],
      held: [{ ...line, action: 'delete', name: 'c', reason: 'budget' }],
      kept: [],
      unchanged: 3,
      errors: [],
    };
    hub.answer = { status: 200, body: { results: [{ ...set, plan }] } };
    const { code, stdout, stderr } = await preview();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n')).toEqual([
      'ApplicationSet argocd/web: updated',
      '  warning: old',
      '  + create Application argocd/a (project team-a, cluster eu)',
      '  ~ update Application argocd/b (project team-a)',
      '      spec.source.path: "x" -> "y\\n"',
      '  - delete Application argocd/c (project team-a, waits for approval, budget)',
      '  3 unchanged',
      '',
    ]);
    const [asked] = hub.asked;
    expect(asked).toMatchObject({
      method: 'POST',
      url: '/api/v1/apply?dryRun=true',
      authorization: 'Bearer fw_secret',
    });
    expect(JSON.parse(asked?.body ?? '')).toEqual({ apiVersion: 'v1', kind: 'List', items: [listSet('web', ['a'])] });
  });

  it('says which generator failed, and exits 1 where a result is refused', async () => {
    const plan = {
      ...EMPTY_PLAN_VIEW,
      problems: [{ key: 'argocd/a', code: 'NAME_TAKEN', message: 'belongs to another owner' }],
      warnings: ['spec.template.spec.x is not a known field and is ignored'],
      branches: [{ path: 'spec.generators[0]', state: 'failed', results: 0 }],
      more: { create: 7 },
    };
    hub.answer = { status: 200, body: { results: [{ ...set, plan }] } };
    const { code, stdout } = await preview();
    expect(code).toBe(1);
    expect(stdout.split('\n').slice(2)).toEqual([
      '  error: argocd/a: belongs to another owner (NAME_TAKEN)',
      '  spec.generators[0] failed: what it made is left as it is, the other generators count',
      '  warning: spec.template.spec.x is not a known field and is ignored',
      '  7 more: create',
      '',
    ]);
  });

  it('gives the answer itself as JSON', async () => {
    hub.answer = { status: 200, body: { results: [set] } };
    expect(JSON.parse((await preview('-o', 'json')).stdout)).toEqual({ results: [set] });
  });

  it('exits 1 where a document is refused', async () => {
    const error = { message: 'not yours', details: { code: 'FORBIDDEN', hint: 'Ask an admin.' } };
    hub.answer = { status: 403, body: { results: [{ ...set, action: 'failed', error }] } };
    const { code, stdout } = await preview();
    expect(code).toBe(1);
    expect(stdout).toContain('  error: not yours (FORBIDDEN)\n  Ask an admin.\n');
  });

  it('exits 1 where the hub gives no results, and sends nothing after a redirect', async () => {
    hub.answer = { status: 401, body: { message: 'the token is unknown' } };
    expect(await preview()).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('401: the token is unknown'),
    });
    hub.answer = { status: 302, body: {} };
    expect(await preview()).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('a redirect, which is not followed'),
    });
  });

  it.each([
    [['--hub', 'ftp://x', '--token-file', 'x']],
    [['--hub', 'https://x', '--token-file', '/nonexistent']],
    [['--hub', 'https://x']],
    [['--token-file', 'x']],
  ])('%j is wrong usage', async (flags) => {
    expect((await fleetwright(['preview', '-f', '-', ...flags], '')).code).toBe(2);
  });
});
