import { describe, expect, it } from 'vitest';
import { AnsweringHub } from '../support/answering-hub.js';
import { runInProcess } from '../support/terminal.js';

const hub = new AnsweringHub();

async function fleetwright(...words: string[]) {
  const { code, stdout, stderr } = await runInProcess([...words, ...hub.flags]);
  return { code, lines: stdout.split('\n').slice(0, -1), stdout, stderr };
}

const why = {
  application: { namespace: 'argocd', name: 'web-c1', uid: 'u', project: 'team-a', generation: 1 },
  madeBy: { kind: 'ApplicationSet', namespace: 'argocd', name: 'web', generation: 2 },
  generated: [
    {
      generator: { path: 'spec.generators[0].clusters', index: 0, kind: 'clusters' },
      parameters: { name: 'c1' },
      hiddenParameters: ['password'],
      template: [{ path: 'spec.template.metadata.name', template: 'web-{{name}}', value: 'web-c1' }],
    },
  ],
  state: { state: 'kept', reason: 'an input\ncannot be read' },
  project: {
    name: 'team-a',
    rules: [{ rule: 'sourceRepos', subject: 'https://x', allowed: true, reason: 'entry "*"' }],
    kinds: '',
  },
  git: [{ repoURL: 'https://x', revision: 'main', sha: 'abc' }],
  commit: { position: '7' },
  writes: [
    {
      object: 'ApplicationSet argocd/web',
      position: '5',
      isLikelyCause: true,
      actor: 'token:ada',
      verb: 'update',
      at: '2026',
    },
  ],
  delivery: { sync: 'Synced', health: 'Healthy', conditions: [], clusters: [] },
};

const term = { path: 'p', key: 'env', operator: 'In', values: ['prod'], value: 'dev', holds: false };
const whyNot = {
  applicationSet: { namespace: 'argocd', name: 'web', uid: 'u', generation: 1, project: 'team-a' },
  cluster: { name: 'c1', labels: {} },
  matches: false,
  generators: [
    {
      path: 'spec.generators[0].clusters',
      matches: false,
      terms: [term],
      addsResults: true,
      change: [{ label: 'env', action: 'set', value: 'prod' }],
      notes: [],
    },
  ],
  smallestChange: { generator: 'spec.generators[0].clusters', edits: [{ label: 'env', action: 'set', value: 'prod' }] },
  applications: [],
  errors: [],
  notes: ['syncPolicy.applicationsSync is create-only'],
};

describe('fleetwright why', () => {
  it('asks the hub and tells it line by line', async () => {
    hub.answer = { status: 200, body: why };
    const { code, lines } = await fleetwright('why', '--application', 'web-c1');
    expect(code).toBe(0);
    expect(lines).toEqual([
      'Application argocd/web-c1 (project team-a): kept: an input cannot be read',
      '  made by ApplicationSet argocd/web (generation 2)',
      '  spec.generators[0].clusters',
      '    name = c1',
      '    not shown: password',
      '    spec.template.metadata.name: web-{{name}} -> web-c1',
      '  https://x: entry "*"',
      '  read https://x at main: abc',
      '  ApplicationSet argocd/web: last update by token:ada 2026 (the likely cause)',
    ]);
    expect(hub.asked).toMatchObject([
      { url: '/api/v1/namespaces/argocd/applications/web-c1/why', authorization: 'Bearer fw_secret' },
    ]);
  });

  it('keeps names inside the path', async () => {
    hub.answer = { status: 200, body: why };
    await fleetwright('why', '--application', '../../tokens', '-n', 'a/b');
    expect(hub.asked[0]?.url).toBe('/api/v1/namespaces/a%2Fb/applications/..%2F..%2Ftokens/why');
  });
});

describe('fleetwright why-not', () => {
  it('tells the terms and the smallest change', async () => {
    hub.answer = { status: 200, body: whyNot };
    const { lines } = await fleetwright('why-not', '--set', 'web', '--cluster', 'c 1');
    expect(lines).toEqual([
      'ApplicationSet argocd/web on cluster c1: not selected',
      '  spec.generators[0].clusters',
      '    - env In prod (it has dev)',
      '    would match after: env=prod',
      '  smallest change: env=prod',
      '  syncPolicy.applicationsSync is create-only',
    ]);
    expect(hub.asked[0]?.url).toBe('/api/v1/namespaces/argocd/applicationsets/web/why-not?cluster=c%201');
  });

  it('gives the answer itself as JSON', async () => {
    hub.answer = { status: 200, body: whyNot };
    const { stdout } = await fleetwright('why-not', '--set', 'web', '--cluster', 'c1', '-o', 'json');
    expect(JSON.parse(stdout)).toEqual(whyNot);
  });

  it('exits 1 with the words of a hub that refuses', async () => {
    hub.answer = { status: 403, body: { message: 'you may not get clusters "c1"' } };
    expect(await fleetwright('why-not', '--set', 'web', '--cluster', 'c1')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('403: you may not get clusters "c1"'),
    });
  });

  it.each([[['why']], [['why-not', '--set', 'web']], [['why', '--application', 'a', '-o', 'yaml']]])(
    '%j is wrong usage',
    async (words) => {
      expect((await fleetwright(...words)).code).toBe(2);
      expect(hub.asked).toEqual([]);
    },
  );
});
