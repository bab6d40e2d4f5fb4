import type { ObjectWrite } from '../../src/database/objects/hub-object.js';
import type { HubClient } from '../../src/demo/hub-client.js';
import { median, percentile } from '../frame/statistics.js';
import type { Work } from '../frame/work.js';
import { rssOf } from '../frame/processes.js';
import { BenchDatabase } from '../fleet/bench-database.js';
import { applicationWrite, projectWrite } from '../fleet/documents.js';
import { HubProcess } from '../fleet/hub-process.js';
import { Pipeline } from '../fleet/pipeline.js';

const APPLICATIONS = 50_000;
const TEAMS = 20;
const WARM_UPS = 20;
const REQUESTS = 300;
const SELECTORS = ['', 'env=prod', 'env in (dev,prod),!missing', 'region=region-3'];

/** A team that may see its own Applications asks for pages of them, with and without selectors, over HTTP. */
export const listWork: Work = {
  name: 'list',
  about: `pages of 100 out of ${APPLICATIONS} Applications of ${TEAMS} teams, filtered, with one team's rights`,
  run: async () => {
    const database = await BenchDatabase.open();
    try {
      await makeApplications(database);
      const hub = await HubProcess.start(database, { roles: 'api' });
      try {
        const scope = { admin: false, project: 'team-3', role: 'dev' };
        const { secret } = await hub.admin.post<{ secret: string }>('/api/v1/tokens', { name: 'bench', scope });
        const times = await walk(hub.admin.as(secret));
        const figure = { unit: 'ms', runs: times, better: 'less' } as const;
        return {
          figures: [
            { ...figure, name: 'p50', value: median(times) },
            { ...figure, name: 'p95', value: percentile(times, 0.95), hold: 150, reach: 40, anchor: 'no paging' },
          ],
          memory: [{ process: 'hub, role api', rss: rssOf(hub.pid) }],
        };
      } finally {
        await hub.stop();
      }
    } finally {
      await database.stop();
    }
  },
};

interface Page {
  items: unknown[];
  metadata: { continue?: string };
}

/** From the first page to the last, by one selector after the other. */
async function walk(team: HubClient): Promise<number[]> {
  const times: number[] = [];
  let [walks, page] = [0, ''];
  for (let request = -WARM_UPS; request < REQUESTS; request++) {
    const selector = encodeURIComponent(SELECTORS[walks % SELECTORS.length] ?? '');
    const after = page === '' ? '' : `&continue=${encodeURIComponent(page)}`;
    const started = performance.now();
    const answer = await team.get<Page>(`/api/v1/applications?limit=100&labelSelector=${selector}${after}`);
    if (request >= 0) times.push(performance.now() - started);
    if (answer.items.length === 0) throw new Error('the team sees nothing');
    page = answer.metadata.continue ?? '';
    if (page === '') walks += 1;
  }
  return times;
}

async function makeApplications(database: BenchDatabase): Promise<void> {
  const pipeline = await Pipeline.start(database);
  const policies = ['p, proj:team-3:dev, applications, get, team-3/*, allow'];
  const projects = Array.from({ length: TEAMS }, (_, team) =>
    projectWrite(`team-${team}`, [{ name: 'dev', policies }]),
  );
  await pipeline.insert(projects.map((write, team) => (team === 3 ? write : projectWrite(`team-${team}`))));
  const all = Array.from({ length: APPLICATIONS }, (_, index): ObjectWrite =>
    applicationWrite(index, `team-${index % TEAMS}`),
  );
  await pipeline.insert(all);
  await pipeline.stop();
  await database.query('analyze');
}
