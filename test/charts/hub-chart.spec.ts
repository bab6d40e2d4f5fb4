import { describe, expect, it } from 'vitest';
import { readHubConfig } from '../../src/config/hub-config.js';
import type { KubernetesObject } from '../../src/kernel/object.js';
import { HAS_HELM, lint, refusal, render, type Chart } from '../support/helm.js';
import { podFaults, podOf } from '../support/pod-security.js';

const EXTERNAL = {
  'database.existingSecret': 'postgres',
  'encryptionKey.existingSecret': 'key',
  'persistence.enabled': false,
  'tls.mode': 'secret',
  'tls.secretName': 'hub-tls',
};
const INGRESS = { 'ingress.enabled': true, 'ingress.host': 'hub.example', 'ingress.tlsSecretName': 'tls' };

/** Every combination that docs/install.md names. */
const COMBINATIONS: [string, object][] = [
  ['nothing said', {}],
  ['a public URL', { publicUrl: 'https://hub.example' }],
  ['an external Postgres and a volume', { 'database.existingSecret': 'postgres' }],
  ['a database URL', { 'database.url': 'postgres://u:p@db/fleet' }],
  ['three replicas', { ...EXTERNAL, replicas: 3 }],
  ['controllers apart', { ...EXTERNAL, replicas: 2, 'controller.separate': true, 'controller.replicas': 2 }],
  ['TLS at an Ingress', { ...INGRESS, 'tls.mode': 'off' }],
  ['TLS at a mesh', { 'tls.mode': 'off', publicUrl: 'https://hub.example' }],
  ['an Ingress before own TLS', { ...INGRESS, 'ingress.annotations': { 'a/backend-protocol': 'HTTPS' } }],
  ['more names', { 'tls.names': ['hub.example', '10.0.0.7'] }],
  ['a volume that is there', { 'persistence.existingClaim': 'old' }],
  ['Prometheus', { 'serviceMonitor.enabled': true, 'serviceMonitor.labels': { release: 'prometheus' } }],
  ['settings', { settings: { FLEETWRIGHT_POLL_SECONDS: '60' }, envFrom: [{ secretRef: { name: 'aws' } }] }],
  ['a bound network', { 'networkPolicy.from': [{ podSelector: {} }], 'networkPolicy.egressPorts': [443] }],
];

const of = (values: object = {}): Chart => ({ chart: 'hub', namespace: 'fleet', values });
const only = (objects: KubernetesObject[], kind: string) => objects.filter((object) => object.kind === kind);
const environmentOf = (deployment: KubernetesObject): Record<string, string> =>
  Object.fromEntries((podOf(deployment).containers[0]?.env ?? []).map(({ name, value }) => [name, value ?? '']));
const labelsOf = (deployment: KubernetesObject) =>
  (deployment['spec'] as { template: { metadata: { labels: object } } }).template.metadata.labels;

/** What Secrets stand for, which a Deployment only names. */
const SECRETS = {
  DATABASE_URL: 'postgres://db/fleet',
  FLEETWRIGHT_ENCRYPTION_KEY: Buffer.alloc(32, 1).toString('base64'),
};

describe.skipIf(!HAS_HELM)("the hub's chart (needs helm)", () => {
  it.each(COMBINATIONS)('lints and renders restricted pods without a token with %s', async (_, values) => {
    await lint(of(values));
    for (const deployment of only(await render(of(values)), 'Deployment')) {
      expect(podFaults(deployment)).toEqual([]);
      expect(podOf(deployment).automountServiceAccountToken).toBe(false);
    }
  });

  it.each(COMBINATIONS)('gives the hub an environment that it takes with %s', async (_, values) => {
    for (const deployment of only(await render(of(values)), 'Deployment')) {
      const environment = environmentOf(deployment);
      const named = Object.fromEntries(Object.entries(SECRETS).filter(([name]) => environment[name] === ''));
      const config = readHubConfig({ ...environment, ...named });
      const [container] = podOf(deployment).containers;
      expect(config.http).toMatchObject({ host: '0.0.0.0', port: container?.ports?.[0]?.containerPort });
      expect(container?.readinessProbe?.httpGet?.scheme).toBe(config.http.tls.from === 'off' ? 'HTTP' : 'HTTPS');
      expect(config.http.publicUrl).toMatch(/^https:/);
      const mounts = container?.volumeMounts?.map(({ mountPath }) => mountPath);
      expect(mounts).toContain(config.dataDir);
    }
  });

  it('finds the serving pods only by its Service', async () => {
    const objects = await render(of({ ...EXTERNAL, 'controller.separate': true }));
    const [service] = only(objects, 'Service');
    const { selector } = service?.['spec'] as { selector: object };
    const serving = only(objects, 'Deployment').filter((each) => isPart(selector, labelsOf(each)));
    expect(serving.map((each) => environmentOf(each)['FLEETWRIGHT_ROLES'])).toEqual(['api,gateway']);
    expect(only(objects, 'Deployment').map((each) => environmentOf(each)['FLEETWRIGHT_ROLES'])).toContain('controller');
  });

  it("has every name of its Service in the hub's own certificate", async () => {
    const [deployment] = only(await render({ ...of(), release: 'prod' }), 'Deployment');
    const { tls } = readHubConfig(environmentOf(deployment as KubernetesObject)).http;
    expect(tls).toMatchObject({
      from: 'own',
      names: expect.arrayContaining(['prod-fleetwright.fleet.svc']) as string[],
    });
  });

  it('lets tokens pin its certificate only where agents are shown that one', async () => {
    const pinned = async (values: object) => {
      const [deployment] = only(await render(of(values)), 'Deployment');
      return readHubConfig(environmentOf(deployment as KubernetesObject)).http.pinned;
    };
    expect(await pinned({})).toBe(true);
    expect(await pinned({ 'ingress.enabled': true, 'ingress.host': 'hub.example' })).toBe(true);
    expect(await pinned(INGRESS)).toBe(false);
    expect(await pinned({ 'tls.pinned': false, publicUrl: 'https://hub.example' })).toBe(false);
  });

  it('lets the hub out to the database it names, wherever that listens', async () => {
    const ports = async (url: string) => {
      const [policy] = only(await render(of({ 'database.url': url })), 'NetworkPolicy');
      return (policy?.['spec'] as { egress: { ports: { port: number }[] }[] }).egress[0]?.ports.map(({ port }) => port);
    };
    expect(await ports('postgres://u:p@db:6432/fleet')).toContain(6432);
    expect(await ports('postgres://db/fleet')).toContain(5432);
  });

  it('starts new pods for another database', async () => {
    const template = async (url: string) => {
      const [deployment] = only(await render(of({ 'database.url': url })), 'Deployment');
      return (deployment?.['spec'] as { template: object }).template;
    };
    expect(await template('postgres://a/b')).toEqual(await template('postgres://a/b'));
    expect(await template('postgres://a/b')).not.toEqual(await template('postgres://c/d'));
  });

  it('shows the figures of every pod to Prometheus', async () => {
    const apart = { ...EXTERNAL, 'controller.separate': true, 'serviceMonitor.enabled': true };
    const objects = await render(of(apart));
    const [monitor] = only(objects, 'ServiceMonitor');
    const { selector, endpoints } = monitor?.['spec'] as MonitorSpec;
    expect(endpoints).toMatchObject([{ path: '/metrics', port: 'http', scheme: 'https' }]);
    const found = only(objects, 'Service').filter(({ metadata }) =>
      isPart(selector.matchLabels, metadata.labels ?? {}),
    );
    const scraped = found.flatMap((service) => {
      const { selector: pods } = service['spec'] as { selector: object };
      return only(objects, 'Deployment').filter((each) => isPart(pods, labelsOf(each)));
    });
    expect(scraped.map(({ metadata }) => metadata.name).sort()).toEqual(['fleetwright', 'fleetwright-controller']);
  });

  it('makes a budget, a monitor and an Ingress only where they are of use', async () => {
    const kinds = async (values: object = {}) => new Set((await render(of(values))).map(({ kind }) => kind));
    const least = await kinds();
    for (const kind of ['PodDisruptionBudget', 'ServiceMonitor', 'Ingress', 'Secret'])
      expect(least).not.toContain(kind);
    expect(least).toContain('PersistentVolumeClaim');
    expect(await kinds({ ...EXTERNAL, replicas: 2 })).toContain('PodDisruptionBudget');
    expect(await kinds(EXTERNAL)).not.toContain('PersistentVolumeClaim');
    expect(await kinds({ 'serviceMonitor.enabled': true })).toContain('ServiceMonitor');
    expect(await kinds(INGRESS)).toContain('Ingress');
  });

  it('keeps the volume when it is uninstalled', async () => {
    const [claim] = only(await render(of()), 'PersistentVolumeClaim');
    expect(claim?.metadata.annotations).toEqual({ 'helm.sh/resource-policy': 'keep' });
  });
});

interface MonitorSpec {
  selector: { matchLabels: object };
  endpoints: object[];
}

function isPart(part: object, whole: object): boolean {
  return Object.entries(part).every(([name, value]) =>
    Object.entries(whole).some(([n, v]) => n === name && v === value),
  );
}

describe.skipIf(!HAS_HELM)("values that the hub's chart refuses (needs helm)", () => {
  const { 'encryptionKey.existingSecret': _, ...unsealed } = EXTERNAL;
  it.each([
    [
      'replicas without a database',
      { replicas: 2 },
      /embedded Postgres serves one replica only.*database.existingSecret/,
    ],
    ['controllers apart without a database', { 'controller.separate': true }, /one replica only/],
    ['replicas on one volume', { 'database.existingSecret': 'a', replicas: 2 }, /persistence.enabled=false/],
    ['an embedded Postgres without a volume', { 'persistence.enabled': false }, /needs a volume/],
    ['no place for the encryption key', unsealed, /encryptionKey.existingSecret/],
    ['no place for the authority', { ...EXTERNAL, 'tls.mode': 'own', 'tls.secretName': '' }, /tls.mode=secret/],
    ['no certificate', { 'tls.mode': 'secret' }, /needs tls.secretName/],
    ['a certificate that nobody uses', { 'tls.secretName': 'a' }, /set tls.mode=secret/],
    ['no TLS at all', { 'tls.mode': 'off' }, /something in front/],
    ['an Ingress without a host', { 'ingress.enabled': true }, /ingress.host/],
    ['two databases', { 'database.url': 'postgres://a/b', 'database.existingSecret': 'c' }, /leave one of them out/],
    ['a database of another kind', { 'database.url': 'mysql://a/b' }, /database\/url/],
    ['an unknown key', { 'database.uri': 'postgres://a/b' }, /'uri' not allowed/],
    ['an unknown section', { postgres: {} }, /'postgres' not allowed/],
    ['no replica', { replicas: 0 }, /replicas/],
    ['replicas as text', { replicas: '2' }, /replicas/],
    ['a public URL over plain http', { publicUrl: 'http://hub' }, /publicUrl/],
    ['a way of TLS that does not exist', { 'tls.mode': 'acme' }, /tls\/mode/],
    ['a setting that has a value of its own', { settings: { DATABASE_URL: 'x' } }, /settings.DATABASE_URL/],
    ['a budget that keeps nodes from being drained', { 'podDisruptionBudget.maxUnavailable': 0 }, /maxUnavailable/],
    ['a share that is none', { 'podDisruptionBudget.maxUnavailable': 'half' }, /maxUnavailable/],
    ['a label that the chart sets', { podLabels: { 'app.kubernetes.io/name': 'x' } }, /podLabels/],
    ['a setting that is no text', { settings: { FLEETWRIGHT_POLL_SECONDS: 60 } }, /FLEETWRIGHT_POLL_SECONDS/],
  ])('%s', async (_name, values, reason) => {
    expect(await refusal(of(values))).toMatch(reason);
  });
});
