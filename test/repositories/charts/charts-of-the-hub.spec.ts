import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../../src/access/actor.js';
import { ApplyDoor } from '../../../src/documents/apply-door.js';
import { SourceRenderer } from '../../../src/rendering/source-renderer.js';
import { ChartPoller } from '../../../src/repositories/charts/chart-poller.js';
import { chartRead } from '../../../src/repositories/charts/domain/chart-read.js';
import { DeclaredRepositoriesService } from '../../../src/repositories/declared-repositories.service.js';
import { RepositoryPoller } from '../../../src/repositories/repository-poller.js';
import { RepositoryReaders } from '../../../src/repositories/repository-readers.js';
import { ChartServer } from '../../support/chart-server.js';
import { packChart, type PackedChart } from '../../support/charts.js';
import { HAS_HELM } from '../../support/helm.js';
import { ANY_CLUSTER, WEB } from '../../support/rendering.js';
import { openRooms, type Rooms } from '../../support/rooms.js';

const ADMIN: Actor = { type: 'token', id: '1', name: 'admin', admin: true };
const PASSWORD = 'correct-horse-battery';

let one: PackedChart;
let two: PackedChart;
let server: ChartServer;
let rooms: Rooms;

beforeAll(async () => {
  if (!HAS_HELM) return;
  one = await packChart('web', '1.0.0');
  two = await packChart('web', '1.1.0');
});

beforeEach(async () => {
  server = (await ChartServer.start()).serve([one]);
  rooms = await openRooms();
});

afterEach(async () => {
  await rooms.close();
  await server.close();
});

const part = <T>(type: new (...args: never[]) => T): T => rooms.module.get<T>(type, { strict: false });

async function apply(kind: 'repository' | 'repo-creds', stringData: Record<string, string>): Promise<void> {
  const labels = { 'argocd.argoproj.io/secret-type': kind };
  const document = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: kind, namespace: 'argocd', labels },
    stringData,
  };
  const options = { dryRun: false, strict: true, fieldManager: 'test' };
  const [applied] = await part(ApplyDoor).applyAll(ADMIN, [document], options);
  expect(applied?.outcome).toMatchObject({ ok: true });
}

async function rendered(revision: string): Promise<string> {
  const sources = [{ repoURL: server.url, chart: 'web', revision, path: '' }];
  const result = await part(SourceRenderer).render({ sources, application: WEB, cluster: ANY_CLUSTER });
  return result.ok ? (result.value.revisions[0] ?? '') : result.error.code;
}

describe.skipIf(!HAS_HELM)('a Helm repository at a private address', () => {
  it('is read once a platform admin has named it in a Secret, with its credentials', async () => {
    server.credentials = `hub:${PASSWORD}`;
    expect(await rendered('1.0.0')).toBe('CHART_REFUSED');
    expect(server.asked).toEqual([]);
    await apply('repository', { url: server.url, type: 'helm', username: 'hub', password: PASSWORD });
    await expect.poll(() => rendered('1.0.0'), { timeout: 60_000 }).toBe('1.0.0');
    const rows = await rooms.db.transactions.query(`select row_to_json(r)::text as text from repository_credentials r`);
    expect(JSON.stringify([rows, rooms.log.lines])).not.toContain(PASSWORD);
  });

  it('is checked with a clear verdict', async () => {
    server.credentials = `hub:${PASSWORD}`;
    const check = () => part(DeclaredRepositoriesService).check(ADMIN, 'repository');
    await apply('repository', { url: server.url, type: 'helm', username: 'hub', password: 'wrong' });
    expect(await check()).toMatchObject({ status: 'Failed', code: 'CHART_AUTH' });
    await apply('repository', { url: server.url, type: 'helm', username: 'hub', password: PASSWORD });
    expect(await check()).toMatchObject({ status: 'Successful' });
  });

  it('is read with the credentials of the place where it lies, if it has none of its own', async () => {
    server.credentials = `hub:${PASSWORD}`;
    await apply('repo-creds', { url: server.url.slice(0, -2), username: 'hub', password: 'of another port' });
    await apply('repository', { url: server.url, type: 'helm', name: 'charts' });
    expect(await rendered('1.0.0')).toBe('CHART_AUTH');
    await apply('repo-creds', { url: `${server.url}/`, type: 'helm', username: 'hub', password: PASSWORD });
    await expect.poll(() => rendered('1.0.0'), { timeout: 60_000 }).toBe('1.0.0');
  });
});

describe.skipIf(!HAS_HELM)('an Application with a range of versions', () => {
  const reader = { queue: 'applications', key: 'app-1' };
  const waiting = () => rooms.db.transactions.query(`select queue, key from work_items`);

  beforeEach(async () => {
    await apply('repository', { url: server.url, type: 'helm' });
    const read = chartRead({ repoURL: server.url, chart: 'web', version: '1.x' });
    await part(RepositoryReaders).record(reader, new Map([[read, 'everything']]));
  });

  it('is woken when the range gives another version, and not before', async () => {
    await part(ChartPoller).poll();
    await rooms.db.transactions.query(`delete from work_items`);
    await part(ChartPoller).poll();
    expect(await waiting()).toEqual([]);
    server.serve([two, one]);
    await expect
      .poll(
        async () => {
          await part(ChartPoller).poll();
          return waiting();
        },
        { timeout: 60_000 },
      )
      .toEqual([reader]);
    expect(await rendered('1.x')).toBe('1.1.0');
  });

  it('looks at once where somebody asks for that', async () => {
    await part(RepositoryPoller).refreshFor(reader);
    expect(await waiting()).toEqual([reader]);
    expect(server.count('/index.yaml')).toBe(1);
    expect(await part(RepositoryReaders).urls()).toEqual([]);
  });
});
