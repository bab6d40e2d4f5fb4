import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applicationSet, configMap, project } from '../support/documents.js';
import { eventually, World } from '../support/world.js';

const SECRET = 'shared-with-github';

describe('a push that a webhook tells of, between polls', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start(['c1']);
    await world.repository.commit({ 'red/a.yaml': configMap('red'), 'blue/a.yaml': configMap('blue') });
    const secret = `apiVersion: v1\nkind: Secret\nmetadata: { name: argocd-secret }\nstringData: { webhook.github.secret: ${SECRET} }\n`;
    await world.admin.apply([project('team-a'), secret, application('red'), application('blue')].join('---\n'));
    await world.converged('blue', 'red');
  });
  afterAll(() => world.stop());

  const application = (name: string) => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: ${name}, annotations: { argocd.argoproj.io/manifest-generate-paths: . } }
spec:
  project: team-a
  source: { repoURL: "${world.repository.url}", targetRevision: main, path: ${name} }
  destination: { name: c1, namespace: ${name} }
  syncPolicy: { automated: {}, syncOptions: [CreateNamespace=true] }
`;
  const payload = (commit: string, files: string[]) =>
    JSON.stringify({
      ref: 'refs/heads/main',
      before: 'a'.repeat(40),
      after: commit,
      commits: [{ added: [], modified: files, removed: [] }],
      repository: { html_url: world.repository.url, default_branch: 'main' },
    });
  const post = async (
    body: string,
    headers: Record<string, string>,
  ): Promise<[number, { details?: { code: string } }]> => {
    const type = { 'content-type': 'application/json' };
    const answer = await fetch(`${world.hub.url}/api/webhook`, {
      method: 'POST',
      body,
      headers: { ...type, ...headers },
    });
    return [answer.status, (await answer.json()) as { details?: { code: string } }];
  };
  const signed = (body: string) => ({
    'x-github-event': 'push',
    'x-hub-signature-256': `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`,
  });
  /** Answered by what it announces, before a byte of its body came. */
  const announced = (bytes: number): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': bytes, 'x-github-event': 'push' };
      const sent = request(`${world.hub.url}/api/webhook`, { method: 'POST', headers }, (answer) => {
        resolve(answer.statusCode);
        sent.destroy();
      });
      sent.on('error', reject);
      sent.flushHeaders();
    });
  const onCluster = (name: string) =>
    world.fleet.cluster('c1').get({ group: '', kind: 'ConfigMap', namespace: name, name })?.['data'];
  const rendered = async (): Promise<number> => {
    const text = await (await fetch(`${world.hub.url}/metrics`)).text();
    const counts = [...text.matchAll(/^fleetwright_renders_total\S* (\d+)$/gm)].map(([, count]) => Number(count));
    return counts.reduce((sum, count) => sum + count, 0);
  };

  it('is delivered without waiting, and nothing else is rendered', async () => {
    const before = await rendered();
    const commit = await world.repository.commit({ 'red/a.yaml': configMap('red', 'pushed') });
    const body = payload(commit, ['red/a.yaml']);
    expect(await post(body, signed(body))).toEqual([200, { status: 'accepted' }]);
    await eventually('the push to arrive', async () => {
      const seen = JSON.stringify(onCluster('red'));
      return [seen.includes('pushed'), seen];
    });
    expect(await rendered()).toBe(before + 1);
    await world.converged('blue', 'red');
  });

  it('is not rendered again by whatever looks at the repository later', async () => {
    const before = await rendered();
    await world.repository.commit({ 'docs/a.md': 'words\n' });
    for (const name of ['red', 'blue']) await world.admin.post(`/api/v1/applications/${name}/refresh`);
    const commit = await world.repository.commit({ 'red/a.yaml': configMap('red', 'again') });
    const body = payload(commit, ['red/a.yaml']);
    await post(body, signed(body));
    await eventually('the last push to arrive', async () => {
      const seen = JSON.stringify(onCluster('red'));
      return [seen.includes('again'), seen];
    });
    expect(await rendered()).toBe(before + 1);
  });

  it('moves a set whose directories it adds to', async () => {
    const generators = `[{ git: { repoURL: '${world.repository.url}', revision: HEAD, directories: [{ path: 'sets/*' }] } }]`;
    const repoURL = world.repository.url;
    await world.repository.commit({ 'sets/one/a.yaml': configMap('one') });
    const set = {
      name: 'dirs',
      generators,
      repoURL,
      path: '{{path}}',
      cluster: 'c1',
      template: 'dir-{{path.basename}}',
    };
    await world.admin.apply(applicationSet(set));
    const first = await world.repository.commit({ 'sets/one/b.yaml': configMap('more') });
    await post(payload(first, []), signed(payload(first, [])));
    await world.converged('blue', 'dir-one', 'red');
    const body = payload(await world.repository.commit({ 'sets/two/a.yaml': configMap('two') }), ['sets/two/a.yaml']);
    await post(body, signed(body));
    await world.converged('blue', 'dir-one', 'dir-two', 'red');
  });

  it('is let in by its signature only, and always refused in the same words', async () => {
    const body = payload('c'.repeat(40), ['red/a.yaml']);
    const wrong = await post(body, { ...signed(body), 'x-hub-signature-256': 'sha256=00' });
    const missing = await post(body, { 'x-github-event': 'push' });
    expect(wrong).toMatchObject([401, { details: { code: 'WEBHOOK_NOT_PROVEN' } }]);
    expect(missing).toEqual(wrong);
    expect(await post('{}', {})).toMatchObject([400, { details: { code: 'WEBHOOK_UNKNOWN' } }]);
    expect(await post('x', { 'content-type': 'text/plain' })).toMatchObject([400, {}]);
  });

  it('is bounded in its size and depth', async () => {
    const deep = '['.repeat(200_000);
    expect(await post(deep, signed(deep))).toMatchObject([413, { details: { code: 'JSON_TOO_DEEP' } }]);
    expect(await announced(51 << 20)).toBe(413);
    const allowed = `"${'x'.repeat(11 << 20)}"`;
    expect(await post(allowed, signed(allowed))).toMatchObject([400, { details: { code: 'WEBHOOK_UNREADABLE' } }]);
  });

  it('costs a few looks, however often it is repeated', async () => {
    const before = world.git.looksAt('fleet');
    const commit = await world.repository.commit({ 'blue/a.yaml': configMap('blue', 'storm') });
    const body = payload(commit, ['blue/a.yaml']);
    const statuses = new Map<number, number>();
    for (let sent = 0; sent < 1_000; sent += 50) {
      const answers = await Promise.all(Array.from({ length: 50 }, () => post(body, signed(body))));
      for (const [status] of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    await eventually('the push to arrive', async () => {
      const seen = JSON.stringify(onCluster('blue'));
      return [seen.includes('storm'), seen];
    });
    expect([...statuses.keys()].filter((status) => status !== 200 && status !== 429)).toEqual([]);
    expect(world.git.looksAt('fleet') - before).toBeLessThan(20);
  });
});
