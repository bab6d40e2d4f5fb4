import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../../src/kernel/object.js';
import { SimulatorServer } from '../../src/simulator/simulator-server.js';
import { VirtualCluster } from '../../src/simulator/virtual-cluster.js';
import { Kubectl, kubectlBinary } from '../support/kubectl.js';
import { configMap, deployment } from '../support/manifests.js';
import { until } from '../support/until.js';

let cluster: VirtualCluster;
let server: SimulatorServer;
let kubectl: Kubectl;

beforeEach(async () => {
  cluster = new VirtualCluster({ name: 'one', readyAfterMs: 20 });
  server = new SimulatorServer();
  server.add(cluster);
  await server.listen();
  kubectl = new Kubectl(server.kubectlUrlOf('one'));
});

afterEach(async () => {
  kubectl.close();
  await server.close();
});

const pod = (image: string) => ({
  metadata: { labels: { app: 'x' } },
  spec: { containers: [{ name: 'main', image }] },
});
const workload = (kind: string, spec: object = {}): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name: 'x', namespace: 'default' },
  spec: { selector: { matchLabels: { app: 'x' } }, template: pod('a:1'), ...spec },
});
const job = (image: string): KubernetesObject => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'x', namespace: 'default' },
  spec: { backoffLimit: 0, template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image }] } } },
});
const run = (line: string): Promise<string> => kubectl.print(line);
const id = (group: string, kind: string, name: string, namespace = 'default') => ({ group, kind, namespace, name });

describe.skipIf(kubectlBinary === undefined)('kubectl rollout of each kind of workload', () => {
  it.each([
    ['StatefulSet', { replicas: 2 }, /roll(ing update|out) complete|partitioned roll out complete/],
    ['DaemonSet', {}, /daemon set "x" successfully rolled out/],
    ['Deployment', { replicas: 2 }, /deployment "x" successfully rolled out/],
  ])('%s: status, set image, restart, history and undo', async (kind, spec, done) => {
    const name = `${kind.toLowerCase()}/x`;
    const image = async (): Promise<string> => run(`get ${name} -o jsonpath={.spec.template.spec.containers[0].image}`);
    cluster.create(workload(kind, spec));
    expect(await run(`rollout status ${name} --timeout=60s`)).toMatch(done);
    await run(`set image ${name} main=a:2`);
    expect(await run(`rollout status ${name} --timeout=60s`)).toMatch(done);
    expect(await run(`rollout history ${name}`)).toMatch(/^2 /m);
    await run(`rollout undo ${name}`);
    expect(await image()).toBe('a:1');
    expect(await run(`rollout history ${name}`)).toMatch(/^3 /m);
    expect(await run(`rollout restart ${name}`)).toContain('restarted');
    expect(await run(`rollout status ${name} --timeout=60s`)).toMatch(done);
  });

  it('pauses and goes on', async () => {
    cluster.create(workload('Deployment'));
    await run('rollout status deploy/x --timeout=60s');
    await run('rollout pause deploy/x');
    await run('set image deploy/x main=a:2');
    expect(await kubectl.refusal('rollout restart deploy/x')).toContain('paused');
    expect(cluster.list('apps', 'ReplicaSet')).toHaveLength(1);
    await run('rollout resume deploy/x');
    expect(await run('rollout status deploy/x --timeout=60s')).toContain('successfully rolled out');
    expect(cluster.list('apps', 'ReplicaSet')).toHaveLength(2);
  });

  it('scales a StatefulSet, by its own verb and by a patch of the subresource', async () => {
    cluster.create(workload('StatefulSet', { replicas: 1 }));
    await run('scale sts x --replicas=2');
    await run('wait --for=jsonpath={.status.readyReplicas}=2 sts/x --timeout=60s');
    await run('patch sts x --subresource=scale --type=merge -p {"spec":{"replicas":3}}');
    await run('wait --for=jsonpath={.status.readyReplicas}=3 sts/x --timeout=60s');
    expect(await run('get pods -o name')).toBe('pod/x-0\npod/x-1\npod/x-2\n');
  });

  it('waits for a Job to complete, or to fail', async () => {
    cluster.create(job('a:1'));
    expect(await run('wait --for=condition=complete job/x --timeout=60s')).toBe('job.batch/x condition met\n');
    expect(await run('get job x --no-headers')).toMatch(/^x +Complete +1\/1 /);
    await run('delete job x');
    cluster.crashImage('a:1');
    cluster.create(job('a:1'));
    expect(await run('wait --for=condition=failed job/x --timeout=60s')).toBe('job.batch/x condition met\n');
    expect(await run('get pods --no-headers')).toMatch(/^x-\S+ +0\/1 +Error +0 /);
  });
});

describe.skipIf(kubectlBinary === undefined)('kubectl changes objects', () => {
  it.each([
    ['label deploy x tier=web', { metadata: { labels: { tier: 'web' } } }],
    ['annotate deploy x note=n', { metadata: { annotations: { note: 'n' } } }],
    ['set env deploy/x A=1', { spec: { template: { spec: { containers: [{ env: [{ name: 'A', value: '1' }] }] } } } }],
    [
      'set resources deploy/x --limits=cpu=1',
      { spec: { template: { spec: { containers: [{ resources: { limits: { cpu: '1' } } }] } } } },
    ],
    ['set serviceaccount deploy/x bob', { spec: { template: { spec: { serviceAccountName: 'bob' } } } }],
  ])('%s', async (line, expected) => {
    cluster.create(workload('Deployment'));
    await run(line);
    expect(cluster.get(id('apps', 'Deployment', 'x'))).toMatchObject(expected);
  });

  it('refuses to change a label that is there, unless told to', async () => {
    cluster.create({ ...configMap('a'), metadata: { name: 'a', namespace: 'default', labels: { tier: 'web' } } });
    expect(await kubectl.refusal('label cm a tier=db')).toContain('--overwrite is false');
    await run('label cm a tier=db --overwrite');
    await run('label cm a tier-');
    expect(cluster.get(id('', 'ConfigMap', 'a'))?.metadata.labels).toBeUndefined();
  });

  it('replaces, and by force deletes and makes anew', async () => {
    const file = kubectl.file('a.json', configMap('a', { x: '2' }));
    const { uid } = cluster.create(configMap('a', { x: '1', y: '1' })).metadata;
    expect(await run(`replace -f ${file}`)).toBe('configmap/a replaced\n');
    expect(cluster.get(id('', 'ConfigMap', 'a'))).toMatchObject({ data: { x: '2' }, metadata: { uid } });
    await run(`replace --force -f ${file}`);
    expect(cluster.get(id('', 'ConfigMap', 'a'))?.metadata.uid).not.toBe(uid);
  });

  it('shows what a server-side apply would change', async () => {
    const file = kubectl.file('a.json', configMap('a', { x: '2' }));
    cluster.apply(configMap('a', { x: '1' }), 'kubectl');
    const { code, stdout } = await kubectl.run(['diff', '--server-side', '-f', file]);
    expect([code, /^\+ {2}x: "2"$/m.test(stdout)]).toEqual([1, true]);
    expect(cluster.get(id('', 'ConfigMap', 'a'))?.data).toEqual({ x: '1' });
  });

  it('exposes and autoscales', async () => {
    cluster.create(workload('Deployment'));
    await run('expose deployment x --port=80');
    await run('autoscale deployment x --max=3');
    expect(cluster.get(id('', 'Service', 'x'))).toMatchObject({
      spec: { selector: { app: 'x' }, ports: [{ port: 80 }] },
    });
    expect(await run('get hpa x -o jsonpath={.spec.maxReplicas}')).toBe('3');
  });
});

describe.skipIf(kubectlBinary === undefined)('kubectl and what happens', () => {
  it('tells Events by either group, and in descriptions', async () => {
    cluster.create(deployment('web'));
    await run('rollout status deploy/web --timeout=60s');
    expect(await run('get events')).toMatch(/^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n/);
    expect(await run('get events.events.k8s.io')).toMatch(/ScalingReplicaSet +deployment\/web +Scaled up replica set/);
    expect(await run('events --for=deployment/web')).toMatch(/Scaled up replica set web-\S+ from 0 to 1/);
    expect(await run('describe deployment web')).toMatch(/Normal +ScalingReplicaSet +\S+ +deployment-controller/);
    expect(await run('describe pods')).toMatch(/Normal +Scheduled +\S+ +default-scheduler +Successfully assigned/);
  });

  it('warns of what goes wrong', async () => {
    cluster.create(workload('StatefulSet', { template: pod('registry.invalid/a:1') }));
    await until(
      () => cluster.list('', 'Event').some(({ reason }) => reason === 'Failed') || undefined,
      () => 'an Event of a failed pull',
    );
    expect(await run('get events --field-selector type=Warning')).toMatch(/Failed +pod\/x-0 +Failed to pull image/);
    expect(await run('describe sts x')).toMatch(/SuccessfulCreate .* Create Pod x-0 in StatefulSet x successful/);
  });
});

describe.skipIf(kubectlBinary === undefined)('kubectl and nodes', () => {
  it('lists, describes, cordons and drains', async () => {
    expect(await run('get nodes --no-headers')).toMatch(/^(node-[123] +Ready +<none> +\d+s +v1\.36\.1\n){3}$/);
    cluster.create(deployment('web', { spec: { replicas: 6 } }));
    await run('rollout status deploy/web --timeout=60s');
    expect(await run('describe node node-1')).toMatch(/^ +Kubelet Version: +v1/m);
    expect(await run('drain node-1 --timeout=60s')).toContain('node/node-1 drained');
    expect(await run('get pods -o name --field-selector spec.nodeName=node-1')).toBe('');
    expect(await run('get node node-1 --no-headers')).toContain('Ready,SchedulingDisabled');
    await run('uncordon node-1');
    await run('rollout status deploy/web --timeout=60s');
  });
});

describe.skipIf(kubectlBinary === undefined)('kubectl and definitions', () => {
  const version = (name: string, storage: boolean) => ({
    name,
    storage,
    served: true,
    schema: {
      openAPIV3Schema: {
        type: 'object',
        properties: {
          spec: {
            type: 'object',
            properties: { size: { type: 'string', default: 'small', description: 'How large.' } },
            'x-kubernetes-validations': [{ rule: "self.size != 'huge'" }],
          },
        },
      },
    },
    additionalPrinterColumns: [{ name: 'Size', type: 'string', jsonPath: '.spec.size' }],
  });

  it('prints their columns, explains their fields, and reads either version', async () => {
    const names = { kind: 'Gadget', plural: 'gadgets', shortNames: ['gd'] };
    const spec = {
      group: 'example.com',
      scope: 'Namespaced',
      names,
      versions: [version('v1', true), version('v2', false)],
    };
    const metadata = { name: 'gadgets.example.com' };
    const definition = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata, spec };
    await kubectl.print('apply -f -', { input: JSON.stringify(definition) });
    await run('wait --for=condition=Established crd/gadgets.example.com --timeout=60s');
    const gadget = { apiVersion: 'example.com/v2', kind: 'Gadget', metadata: { name: 'a' }, spec: { size: 'huge' } };
    await kubectl.print('apply -f -', { input: JSON.stringify(gadget) });
    expect(await run('get gd')).toMatch(/^NAME +SIZE\na +huge\n$/);
    expect(await run('get gadgets.v1.example.com a -o jsonpath={.apiVersion}')).toBe('example.com/v1');
    expect(await run('explain gadget.spec.size')).toContain('How large.');
    expect(await run('api-versions')).toContain('example.com/v2\n');
  });
});
