import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configMap, project } from '../support/documents.js';
import { ProviderServer } from '../support/provider-server.js';
import { eventually, World } from '../support/world.js';

const PATH = '/api/v1/getparams.execute';
const output = (...names: string[]) => ({
  [PATH]: { body: { output: { parameters: names.map((name) => ({ name })) } } },
});

describe('a set whose parameters come from a service', () => {
  let world: World;
  let server: ProviderServer;
  beforeAll(async () => {
    [world, server] = await Promise.all([World.start(['c1']), ProviderServer.start()]);
    await world.repository.commit({ 'app/config.yaml': configMap('settings') });
    server.serve(output('red', 'blue'));
    await world.admin.apply(
      [project('team-a'), secret(), config(server.url), pluginSet(world.repository.url)].join('---'),
    );
    await world.converged('plug-blue', 'plug-red');
  });
  afterAll(() => Promise.all([world.stop(), server.close()]));

  const refresh = () => world.admin.post('/api/v1/applicationsets/plug/refresh');
  const condition = async (type: string, status: string): Promise<void> => {
    await eventually(`${type} to be ${status}`, async () => {
      const { status: found } = await world.get('applicationsets', 'plug');
      return [found?.conditions?.find((each) => each.type === type)?.status === status, found];
    });
  };

  it('asks with the token that an admin applied, and not again for a label edit', async () => {
    const before = server.asked.length;
    expect(server.asked[0]?.headers.authorization).toBe('Bearer letmein');
    await world.label('c1', { tier: 'gold' });
    server.serve(output('red', 'blue', 'green'));
    await refresh();
    await world.converged('plug-blue', 'plug-green', 'plug-red');
    expect([before, server.asked.length]).toEqual([1, 1]);
  });

  it('keeps everything while the service fails', async () => {
    server.serve({ [PATH]: { status: 503 } });
    await refresh();
    await condition('ErrorOccurred', 'True');
    const { status } = await world.get('applicationsets', 'plug');
    expect(status?.errors?.map(({ code }) => code)).toEqual(['PLUGIN_UNREACHABLE']);
    expect(await world.names('applications')).toEqual(['plug-blue', 'plug-green', 'plug-red']);
  });

  it('waits for approval when the service that gave results gives none', async () => {
    server.serve(output());
    await refresh();
    await condition('AwaitingApproval', 'True');
    expect(await world.names('applications')).toEqual(['plug-blue', 'plug-green', 'plug-red']);
  });

  it('asks again by itself after its interval', async () => {
    server.serve(output('red', 'blue', 'green', 'white'));
    await world.admin.apply(pluginSet(world.repository.url, 'requeueAfterSeconds: 2'));
    await world.converged('plug-blue', 'plug-green', 'plug-red', 'plug-white');
    server.serve(output('red', 'blue', 'green', 'white', 'black'));
    await world.converged('plug-black', 'plug-blue', 'plug-green', 'plug-red', 'plug-white');
  });
});

const secret = () => `
apiVersion: v1
kind: Secret
metadata:
  name: plugin
  namespace: argocd
  labels: { argocd.argoproj.io/secret-type: scm-creds }
stringData: { token: letmein }
`;

const config = (url: string) => `
apiVersion: v1
kind: ConfigMap
metadata: { name: plug, namespace: argocd }
data: { baseUrl: "${url}", token: "$plugin:token" }
`;

const pluginSet = (repoURL: string, more = 'requeueAfterSeconds: 0') => `
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: { name: plug }
spec:
  generators:
    - plugin: { configMapRef: { name: plug }, ${more} }
  template:
    metadata: { name: 'plug-{{name}}' }
    spec:
      project: team-a
      destination: { name: c1, namespace: 'web-{{name}}' }
      source: { repoURL: ${repoURL}, targetRevision: main, path: app }
      syncPolicy: { automated: { prune: true }, syncOptions: [CreateNamespace=true] }
`;
