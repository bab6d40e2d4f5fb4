import { describe, expect, it } from 'vitest';
import { AnsweringHub } from '../support/answering-hub.js';
import { runInProcess } from '../support/terminal.js';

const hub = new AnsweringHub();
const REPOSITORY = 'https://git.example.com/team/apps.git';

const fleetwright = (...words: string[]) =>
  runInProcess(['impact', '--repo', REPOSITORY, '--base', 'main', '--head', 'change', ...hub.flags, ...words]);

const update = (from: unknown, to: unknown) => ({
  action: 'update',
  group: 'apps',
  kind: 'Deployment',
  namespace: 'shop',
  name: 'web',
  changes: [{ path: 'spec.replicas', from, to }],
});
const item = (name: string, cluster: string, change: object = update(1, 2)) => ({
  namespace: 'argocd',
  name,
  project: 'team-a',
  cluster,
  changes: [change],
  more: 0,
  unchanged: 3,
  warnings: [],
});
const answerWith = (items: object[], more: object = {}): void => {
  hub.answer = {
    status: 200,
    body: { kind: 'RepositoryImpact', metadata: {}, unchanged: 4, elsewhere: 1, items, ...more },
  };
};

describe('fleetwright impact', () => {
  it('asks for the repository and tells what would change, equal changes once', async () => {
    answerWith([item('web-1', 'c1'), item('web-2', 'c2'), item('api', 'c1', { ...update(1, 3), name: 'api' })]);
    const { code, stdout } = await fleetwright();
    expect(code).toBe(0);
    const [asked] = hub.asked;
    expect(asked).toMatchObject({
      method: 'POST',
      url: `/api/v1/repositories/${encodeURIComponent(REPOSITORY)}/impact`,
    });
    expect(JSON.parse(asked?.body ?? '')).toEqual({ base: 'main', head: 'change', limit: 100 });
    expect(stdout).toContain('### 3 Applications on 2 clusters would change');
    expect(stdout).toContain('4 stay as they are, 1 follow another revision');
    expect(stdout).toContain('`argocd/web-1 on c1`, `argocd/web-2 on c2`');
    expect(stdout.match(/<details>/g)).toHaveLength(2);
    expect(stdout).toContain('- **update** `Deployment.apps shop/web`\n  - `spec.replicas`: `1` → `2`\n');
  });

  it('lets no text of the repository out of its code', async () => {
    const hostile = '`</details>\n# @everyone <img src=x>`';
    answerWith([item('web', 'c1', { ...update(hostile, hostile), name: hostile })]);
    const { stdout } = await fleetwright();
    const bare = stdout.replace(/`[^`\n]*`/g, '');
    expect(bare).not.toMatch(/@everyone|<img|`/);
    expect(bare.match(/<\/details>/g)).toHaveLength(1);
  });

  it('fits into a comment and says what is left out', async () => {
    answerWith(Array.from({ length: 900 }, (_, index) => item(`web-${index}`, 'c1', update(index, 'x'.repeat(300)))));
    const { stdout } = await fleetwright();
    expect(stdout.length).toBeLessThan(61_000);
    expect(stdout).toMatch(/\*\d+ more sections are left out\.\*/);
  });

  it('tells of Applications that cannot be rendered or would be refused, and fails for the former', async () => {
    const error = { code: 'HELM_FAILED', message: 'helm: no luck' };
    answerWith([
      { ...item('web', 'c1'), refused: 'not this kind' },
      { namespace: 'argocd', name: 'broken', project: 'p', error },
    ]);
    const { code, stdout } = await fleetwright();
    expect(code).toBe(1);
    expect(stdout).toContain('**`argocd/broken` cannot be told:** `HELM_FAILED` `helm: no luck`');
    expect(stdout).toContain('**Would be refused:** `not this kind`');
  });

  it('asks page after page, a bounded number of times', async () => {
    answerWith([item('web', 'c1')], { metadata: { continue: 'on', remainingItemCount: 7 } });
    const { stdout } = await fleetwright();
    expect(hub.asked).toHaveLength(50);
    expect(JSON.parse(hub.asked[1]?.body ?? '')).toMatchObject({ continue: 'on' });
    expect(stdout).toContain('7 were not looked at');
  });

  it('prints the answer as JSON where it is asked to', async () => {
    answerWith([item('web', 'c1')]);
    const { stdout } = await fleetwright('-o', 'json');
    expect(JSON.parse(stdout)).toMatchObject({ repository: REPOSITORY, items: [{ name: 'web' }], unchanged: 4 });
  });

  it("says the hub's own words where it refuses", async () => {
    hub.answer = { status: 422, body: { kind: 'Status', message: 'change: no such revision' } };
    const { code, stderr } = await fleetwright();
    expect(code).toBe(1);
    expect(stderr).toContain('no such revision');
    expect((await runInProcess(['impact', '--repo', REPOSITORY])).code).toBe(2);
  });
});
