import { describe, expect, it } from 'vitest';
import { readAgentConfig } from '../../src/config/agent-config.js';
import { AGENT_NAMESPACE, isAgentsOwn } from '../../src/dispatch/agent/agent-namespace.js';
import { objectId, type KubernetesObject } from '../../src/kernel/object.js';
import { HAS_HELM, lint, refusal, render } from '../support/helm.js';
import { podFaults, podOf } from '../support/pod-security.js';

const LEAST = { 'hub.url': 'https://hub.example', 'cluster.name': 'berlin' };
const CEILING = {
  'rbac.scope': 'ceiling',
  'rbac.rules': [{ apiGroups: ['apps'], resources: ['deployments'] }],
  'ceiling.namespaces': ['shop', 'blog'],
};

/** Every combination that docs/install.md names. */
const COMBINATIONS: [string, object][] = [
  ['the least', {}],
  ['a join token', { 'joinToken.value': 'fwjoin_abc-DEF_1' }],
  ['a pinned join token', { 'joinToken.value': `fwjoin_abc.${'0'.repeat(64)}` }],
  ['a Secret with the join token', { 'joinToken.existingSecret': 'join', 'joinToken.key': 'value' }],
  ['a private authority', { 'hub.ca': '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n' }],
  [
    'a ceiling',
    { 'ceiling.projects': ['shop'], 'ceiling.namespaces': ['shop-*'], 'ceiling.kinds': ['apps/Deployment'] },
  ],
  ['rights by the ceiling', CEILING],
  ['rights of an admin', { 'rbac.create': false }],
  ['an image by digest', { 'image.digest': `sha256:${'a'.repeat(64)}` }],
  ['no network policy', { 'networkPolicy.enabled': false }],
  ['a place', { nodeSelector: { disk: 'ssd' }, tolerations: [{ operator: 'Exists' }], priorityClassName: 'high' }],
];

const rendered = (values: object = {}) => render({ chart: 'agent', values: { ...LEAST, ...values } });
const only = (objects: KubernetesObject[], kind: string) => objects.filter((object) => object.kind === kind);
interface Rule {
  resources: string[];
  resourceNames?: string[];
  verbs: string[];
}

const named = (objects: KubernetesObject[], kind: string, namespace?: string) =>
  only(objects, kind).find(({ metadata }) => metadata.namespace === namespace) as KubernetesObject;

describe.skipIf(!HAS_HELM)("the agent's chart (needs helm)", () => {
  it.each(COMBINATIONS)('lints and renders restricted pods with %s', async (_, values) => {
    await lint({ chart: 'agent', values: { ...LEAST, ...values } });
    const objects = await rendered(values);
    const [deployment, ...others] = only(objects, 'Deployment') as [KubernetesObject];
    expect(others).toEqual([]);
    expect(podFaults(deployment)).toEqual([]);
  });

  it.each(COMBINATIONS)('makes nothing that a tenant could change through the agent with %s', async (_, values) => {
    const objects = await rendered(values);
    const inOthers = ({ metadata }: KubernetesObject) => ['shop', 'blog'].includes(metadata.namespace ?? '');
    for (const object of objects.filter((each) => !inOthers(each))) expect(isAgentsOwn(objectId(object))).toBe(true);
    expect(named(objects, 'Deployment', AGENT_NAMESPACE)).toBeDefined();
  });

  it('gives the agent an environment that it takes', async () => {
    const objects = await rendered({
      'ceiling.projects': ['a', 'b'],
      'ceiling.kinds': ['ConfigMap'],
      logLevel: 'debug',
    });
    const [container] = podOf(named(objects, 'Deployment', AGENT_NAMESPACE)).containers;
    const environment = Object.fromEntries((container?.env ?? []).map(({ name, value }) => [name, value]));
    expect(readAgentConfig({ ...environment, KUBERNETES_SERVICE_HOST: '10.0.0.1' })).toMatchObject({
      hubUrl: 'https://hub.example',
      cluster: 'berlin',
      ceiling: { projects: ['a', 'b'], kinds: [{ group: '', kind: 'ConfigMap' }] },
      healthPort: container?.ports?.[0]?.containerPort,
      dataDir: container?.volumeMounts?.find(({ name }) => name === 'data')?.mountPath,
    });
  });

  it('lets the agent write what its ceiling names, where it names it, and no more', async () => {
    const objects = await rendered(CEILING);
    const verbs = (object: KubernetesObject) =>
      (object['rules'] as { verbs: string[] }[]).flatMap((rule) => rule.verbs);
    expect(new Set(verbs(named(objects, 'ClusterRole')))).toEqual(new Set(['get', 'list', 'watch']));
    expect(only(objects, 'Role').map(({ metadata }) => metadata.namespace)).toEqual(
      expect.arrayContaining([AGENT_NAMESPACE, 'shop', 'blog']),
    );
    expect(named(objects, 'Role', 'shop')['rules']).toEqual([
      { apiGroups: ['apps'], resources: ['deployments'], verbs: ['create', 'patch', 'delete'] },
    ]);
    expect(only(await rendered({ 'rbac.create': false }), 'ClusterRole')).toEqual([]);
  });

  it('lets the agent read no Secret of its namespace but the one with its key', async () => {
    const { rules } = named(await rendered(CEILING), 'Role', AGENT_NAMESPACE) as unknown as { rules: Rule[] };
    const reading = rules.filter(
      ({ resources, verbs }) => resources.includes('secrets') && verbs.some((verb) => /get|list|watch|\*/.test(verb)),
    );
    expect(reading.map(({ resourceNames }) => resourceNames)).toEqual([['agent-identity']]);
  });

  it('lets the agent out to the hub, whatever its port, and to nothing beside what is listed', async () => {
    const ports = async (url: string, egressPorts: number[]) => {
      const [policy] = only(
        await rendered({ 'hub.url': url, 'networkPolicy.egressPorts': egressPorts }),
        'NetworkPolicy',
      );
      const { egress, ingress } = policy?.['spec'] as { egress: { ports: { port: number }[] }[]; ingress: unknown[] };
      expect(ingress).toEqual([]);
      return egress.flatMap((rule) => rule.ports.map(({ port }) => port));
    };
    expect(await ports('https://hub.example:8443/fleet', [6443])).toEqual([53, 53, 8443, 6443]);
    expect(await ports('https://[fd00::1]', [])).toEqual([53, 53, 443]);
  });

  it('starts a new pod for a new token', async () => {
    const annotations = async (token: string) => {
      const [deployment] = only(await rendered({ 'joinToken.value': token }), 'Deployment');
      return (deployment?.['spec'] as { template: { metadata: { annotations: object } } }).template.metadata
        .annotations;
    };
    expect(await annotations('fwjoin_one')).not.toEqual(await annotations('fwjoin_two'));
  });
});

describe.skipIf(!HAS_HELM)("values that the agent's chart refuses (needs helm)", () => {
  it.each([
    ['no hub', { 'hub.url': '' }, /hub\/url/],
    ['a hub over plain http', { 'hub.url': 'http://hub.example' }, /hub\/url/],
    ['no name', { 'cluster.name': '' }, /cluster\/name/],
    ['the reserved name', { 'cluster.name': 'in-cluster' }, /cluster\/name/],
    ['an unknown key', { 'cluster.nmae': 'berlin' }, /'nmae' not allowed/],
    ['an unknown section', { 'hubb.url': 'x' }, /'hubb' not allowed/],
    ['something that is no token', { 'joinToken.value': 'fw_1_abc' }, /joinToken\/value/],
    ['two tokens', { 'joinToken.value': 'fwjoin_a', 'joinToken.existingSecret': 'b' }, /leave one of them out/],
    ['a kind in lower case', { 'ceiling.kinds': ['deployments'] }, /ceiling\/kinds/],
    ['a comma in a name', { 'ceiling.projects': ['a,b'] }, /ceiling\/projects/],
    ['no ceiling to bind to', { 'rbac.scope': 'ceiling' }, /needs ceiling.namespaces/],
    ['globs to bind to', { ...CEILING, 'ceiling.namespaces': ['shop-*'] }, /needs plain names/],
    ['several replicas', { replicas: 2 }, /'replicas' not allowed/],
    ['a bad digest', { 'image.digest': 'sha256:abc' }, /image\/digest/],
  ])('%s', async (_, values, reason) => {
    expect(await refusal({ chart: 'agent', values: { ...LEAST, ...values } })).toMatch(reason);
  });

  it('another namespace', async () => {
    expect(await refusal({ chart: 'agent', namespace: 'default', values: LEAST })).toContain(AGENT_NAMESPACE);
  });
});
