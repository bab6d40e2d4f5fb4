import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChartServer } from '../support/chart-server.js';
import { packChart, type PackedChart } from '../support/charts.js';
import { project } from '../support/documents.js';
import { HAS_HELM } from '../support/helm.js';
import { eventually, World } from '../support/world.js';

const application = (repoURL: string): object => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'shop' },
  spec: {
    project: 'team-a',
    destination: { name: 'c1', namespace: 'shop' },
    source: { repoURL, chart: 'web', targetRevision: '1.x' },
    syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: ['CreateNamespace=true'] },
  },
});

const secret = (url: string): object => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'charts', labels: { 'argocd.argoproj.io/secret-type': 'repository' } },
  stringData: { url, type: 'helm', username: 'hub', password: 'correct-horse' },
});

describe.skipIf(!HAS_HELM)('a chart of a private Helm repository', () => {
  let world: World;
  let server: ChartServer;
  let old: PackedChart;
  let next: PackedChart;

  beforeAll(async () => {
    old = await packChart('web', '1.0.0');
    next = await packChart('web', '1.1.0');
    server = (await ChartServer.start()).serve([old]);
    server.credentials = 'hub:correct-horse';
    world = await World.start(['c1']);
    await world.admin.apply(project('team-a'));
    await world.admin.apply(JSON.stringify(secret(server.url)));
    await world.admin.apply(JSON.stringify(application(server.url)));
  });

  afterAll(async () => {
    await world.stop();
    await server.close();
  });

  const settings = () =>
    world.fleet.cluster('c1').get({ group: '', kind: 'ConfigMap', namespace: 'shop', name: 'shop-web' })?.['data'];
  const becomes = (version: string) =>
    eventually(`version ${version} of the chart`, () =>
      Promise.resolve([JSON.stringify(settings()).includes(version), settings()]),
    );
  const refresh = () => world.admin.post('/api/v1/applications/shop/refresh');
  const statusOf = async () => (await world.get('applications', 'shop')).status;

  it('is rendered and delivered in the version that the range gives', async () => {
    await world.converged('shop');
    expect(settings()).toMatchObject({ version: '1.0.0' });
    expect(await statusOf()).toMatchObject({ source: { type: 'Helm', revision: '1.0.0', repoURL: server.url } });
  });

  it('moves to the next version within its range', async () => {
    server.serve([next, old]);
    await refresh();
    await becomes('1.1.0');
  });

  it('stays while its repository is away, and says so', async () => {
    server.instead = { status: 503 };
    await refresh();
    await eventually('the Application to say what is away', async () => {
      const status = await statusOf();
      return [JSON.stringify(status?.conditions ?? []).includes('CHART_UNREACHABLE'), status];
    });
    expect(settings()).toMatchObject({ version: '1.1.0' });
  });
});
