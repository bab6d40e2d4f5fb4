import { isObject, own } from '../../kernel/json.js';
import { awaitCondition } from '../await-condition.js';
import { expectThat } from '../expect.js';
import { FleetStatus, isConverged } from '../fleet-status.js';
import type { HubClient } from '../hub-client.js';
import { SCENE_SECONDS, type Scene, type Stage } from '../stage.js';

const OWN = 'team-a-reports';
const FOREIGN = 'team-b-web-tenant-02';
const ABSENT = 'nothing-of-that-name';

export const stayInYourProject: Scene = {
  title: "team-a's token sees and syncs only what is team-a's",
  play: async (stage) => {
    const team = await teamClient(stage);
    const seen = await seesOnlyItsOwn(team);
    await isRefused(team);
    await syncsItsOwn(stage, team);
    await isAudited(stage);
    return `${seen} seen and counted, team-b's answered with 403`;
  },
};

async function teamClient({ hub }: Stage): Promise<HubClient> {
  const scope = { admin: false, project: 'team-a', role: 'developer' };
  const { secret } = await hub.post<{ secret: string }>('/api/v1/tokens', { name: 'team-a-demo', scope, days: 1 });
  return hub.as(secret);
}

/** Lists, the counts beside them and the rollups: none may tell of more than the project. */
async function seesOnlyItsOwn(team: HubClient): Promise<number> {
  const status = new FleetStatus(team);
  const seen = await status.applications();
  const projects = new Set(seen.map(({ spec }) => spec.project));
  expectThat([...projects].join() === 'team-a', `the list shows projects ${[...projects].join(', ') || 'none'}`);
  const first = await status.page('limit=1');
  const counted = first.items.length + (first.metadata.remainingItemCount ?? 0);
  expectThat(counted === seen.length, `a page of one counts ${counted} Applications, the list has ${seen.length}`);
  const { applications, rollup } = await team.graphql<{
    applications: { totalCount: number };
    rollup: { group: string; total: number }[];
  }>('{ applications(first: 1) { totalCount } rollup(by: PROJECT) { group total } }');
  expectThat(applications.totalCount === seen.length, `GraphQL counts ${applications.totalCount} Applications`);
  const rolled = rollup.map(({ group, total }) => `${group}: ${total}`).join();
  expectThat(rolled === `team-a: ${seen.length}`, `the rollup by project shows ${rolled}`);
  return seen.length;
}

/** What is another team's and what does not exist must read the same. */
async function isRefused(team: HubClient): Promise<void> {
  for (const name of [FOREIGN, ABSENT]) {
    const path = `/api/v1/applications/${name}`;
    const sync = { method: 'POST', path: `${path}/sync`, type: 'application/json', body: '{}' } as const;
    for (const request of [{ method: 'GET', path } as const, sync]) {
      const { status, body } = await team.send(request);
      const reason = isObject(body) ? own(body, 'reason') : undefined;
      const isForbidden = status === 403 && reason === 'Forbidden';
      expectThat(isForbidden, `${request.method} ${request.path} was answered with ${status} ${String(reason)}`);
    }
  }
}

async function syncsItsOwn({ status, signal }: Stage, team: HubClient): Promise<void> {
  const before = await status.application(OWN);
  expectThat(before.status?.sync?.status === 'OutOfSync', `${OWN} is not OutOfSync before anybody syncs it`);
  await team.post(`/api/v1/applications/${OWN}/sync`);
  await awaitCondition({
    what: `${OWN} is synced`,
    look: async () => (isConverged(await status.application(OWN)) ? true : undefined),
    explain: async () => JSON.stringify((await status.application(OWN)).status),
    seconds: SCENE_SECONDS,
    signal,
  });
}

async function isAudited({ hub }: Stage): Promise<void> {
  const { items } = await hub.get<{ items: { verb: string; object: string }[] }>('/api/v1/audit?decision=denied');
  const isWritten = items.some(({ verb, object }) => verb === 'sync' && object.includes(FOREIGN));
  expectThat(isWritten, `the audit log does not hold the refused sync of ${FOREIGN}`);
}
