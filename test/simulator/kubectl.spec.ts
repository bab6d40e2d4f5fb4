import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');
const map = (name: string, data: Record<string, string>, labels: Record<string, string> = {}) => {
  const object = configMap(name, data);
  return { ...object, metadata: Object.keys(labels).length === 0 ? object.metadata : { ...object.metadata, labels } };
};

describe.skipIf(kubectlBinary === undefined)('kubectl get', () => {
  it('prints the tables of a real server', async () => {
    await kubectl.print('apply -f -', { input: JSON.stringify(deployment('web', { spec: { replicas: 2 } })) });
    await kubectl.print('rollout status deployment/web --timeout=60s');
    expect(await kubectl.print('get deployments')).toMatch(
      /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nweb +2\/2 +2 +2 +\d+s\n$/,
    );
    expect(await kubectl.print('get deploy web -o wide')).toMatch(
      /CONTAINERS +IMAGES +SELECTOR\nweb .* main +nginx:1 +app=web\n$/,
    );
    expect(await kubectl.print('get namespaces --no-headers')).toMatch(/^default +Active +\d+s$/m);
  });

  it('selects by label and field, in every form of output', async () => {
    cluster.create(map('a', { x: '1' }, { tier: 'web' }));
    cluster.create(map('b', { x: '2' }, { tier: 'db' }));
    expect(await kubectl.print('get cm -l tier=web -o name')).toBe('configmap/a\n');
    expect(await kubectl.print('get cm -l tier -o name --field-selector metadata.name!=a')).toBe('configmap/b\n');
    expect(await kubectl.print('get cm a -o jsonpath={.data.x}')).toBe('1');
    expect(await kubectl.print('get cm a -o yaml')).toContain('\ndata:\n  x: "1"\nkind: ConfigMap\n');
    expect(linesOf(await kubectl.print('get cm -A --chunk-size=1 --no-headers'))).toHaveLength(5);
  });

  it('goes on telling what changes', async () => {
    const watch = kubectl.start(['get', 'configmap', '-w', '-l', 'tier', '--no-headers', '--output-watch-events']);
    cluster.create(map('a', { x: '1' }, { tier: 'web' }));
    await watch.prints(/ADDED +a +1 /);
    cluster.edit({ group: '', kind: 'ConfigMap', namespace: 'default', name: 'a' }, (draft) => {
      draft.data = { x: '1', y: '2' };
    });
    await watch.prints(/MODIFIED +a +2 /);
    await kubectl.print('delete cm a');
    await watch.prints(/DELETED +a +2 /);
    watch.child.kill();
    await watch.ended;
  });
});

describe.skipIf(kubectlBinary === undefined)('kubectl apply', () => {
  it('merges three ways: what the last apply named and this one does not is removed', async () => {
    const first = kubectl.file('first.json', map('a', { x: '1', y: '2' }));
    const second = kubectl.file('second.json', map('a', { x: '3' }));
    expect(await kubectl.print(`apply -f ${first}`)).toBe('configmap/a created\n');
    await kubectl.print('patch cm a --type=merge -p {"data":{"z":"9"}}');
    expect(await kubectl.print(`apply -f ${second}`)).toBe('configmap/a configured\n');
    expect(await kubectl.print(`apply -f ${second}`)).toBe('configmap/a unchanged\n');
    expect(JSON.parse(await kubectl.print('get cm a -o jsonpath={.data}'))).toEqual({ x: '3', z: '9' });
  });

  it('merges lists of a workload by their keys', async () => {
    const containers = [
      { name: 'main', image: 'nginx:1' },
      { name: 'side', image: 'side:1' },
    ];
    const template = (list: object[]) => ({ metadata: { labels: { app: 'web' } }, spec: { containers: list } });
    const apply = (list: object[]) =>
      kubectl.print('apply -f -', { input: JSON.stringify(deployment('web', { spec: { template: template(list) } })) });
    await apply(containers);
    await kubectl.print('set env deployment/web A=1');
    await apply([{ name: 'main', image: 'nginx:2' }]);
    expect(await kubectl.print('get deploy web -o jsonpath={.spec.template.spec.containers[*].name}')).toBe('main');
    expect(await kubectl.print('get deploy web -o jsonpath={.spec.template.spec.containers[0].env[0].name}')).toBe('A');
  });

  it('refuses another manager’s fields on the server’s side, until forced', async () => {
    const file = kubectl.file('a.json', map('a', { x: '2' }));
    cluster.apply(map('a', { x: '1' }), 'fleet');
    const conflict = 'Apply failed with 1 conflict: conflict with "fleet": .data.x';
    expect(await kubectl.refusal(`apply --server-side -f ${file}`)).toContain(conflict);
    const forced = `apply --server-side --force-conflicts -f ${file}`;
    expect(await kubectl.print(forced)).toBe('configmap/a serverside-applied\n');
    expect(await kubectl.print('get cm a -o jsonpath={.data.x}')).toBe('2');
  });

  it('takes a client-side apply over', async () => {
    const file = kubectl.file('a.json', map('a', { x: '1', y: '2' }));
    await kubectl.print(`apply -f ${file}`);
    await kubectl.print(`apply --server-side -f ${kubectl.file('b.json', map('a', { x: '1' }))}`);
    expect(await kubectl.print('get cm a -o jsonpath={.data}')).toBe('{"x":"1"}');
  });
});

describe.skipIf(kubectlBinary === undefined)('kubectl diff, edit and patch', () => {
  it('shows what an apply would change, and exits with 1', async () => {
    const same = kubectl.file('same.json', map('a', { x: '1' }));
    await kubectl.print(`apply -f ${same}`);
    const { code, stdout } = await kubectl.run(['diff', '-f', kubectl.file('a.json', map('a', { x: '2' }))]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^- {2}x: "1"$/m);
    expect(stdout).toMatch(/^\+ {2}x: "2"$/m);
    expect((await kubectl.run(['diff', '-f', same])).code).toBe(0);
  });

  it('writes what an editor saved, and nothing when it saved the same', async () => {
    cluster.create(map('a', { x: '1' }));
    const editor = kubectl.file('editor', '#!/bin/sh\nsed -i \'s/x: "1"/x: "9"/\' "$1"\n');
    expect(await kubectl.print('edit cm a', { editor })).toBe('configmap/a edited\n');
    expect(await kubectl.print('get cm a -o jsonpath={.data.x}')).toBe('9');
    expect((await kubectl.run(['edit', 'cm', 'a'], { editor: 'true' })).stderr).toContain('no changes made');
  });

  it.each([
    ['strategic', '{"data":{"y":"2"}}'],
    ['merge', '{"data":{"y":"2"}}'],
    ['json', '[{"op":"add","path":"/data/y","value":"2"}]'],
  ])('takes a %s patch', async (type, patch) => {
    cluster.create(map('a', { x: '1' }));
    expect(await kubectl.print(`patch cm a --type=${type} -p ${patch}`)).toBe('configmap/a patched\n');
    expect(JSON.parse(await kubectl.print('get cm a -o jsonpath={.data}'))).toEqual({ x: '1', y: '2' });
  });
});

describe.skipIf(kubectlBinary === undefined)('kubectl delete and wait', () => {
  it('waits until finalizers let go', async () => {
    const held = map('a', {});
    held.metadata.finalizers = ['example.com/hold'];
    cluster.create(held);
    const deleting = kubectl.start(['delete', 'cm', 'a']);
    await deleting.prints(/configmap "a" deleted/);
    expect(await kubectl.print('get cm a -o jsonpath={.metadata.deletionTimestamp}')).not.toBe('');
    const waiting = kubectl.start(['wait', '--for=delete', 'cm/a', '--timeout=60s']);
    await until(
      () => cluster.watches.size >= 2 || undefined,
      () => 'two commands that watch',
    );
    await kubectl.print('patch cm a --type=merge -p {"metadata":{"finalizers":null}}');
    expect(await deleting.ended).toMatchObject({ code: 0 });
    expect(await waiting.ended).toMatchObject({ code: 0 });
  });

  it('waits for conditions and values', async () => {
    cluster.create(deployment('web'));
    expect(await kubectl.print('wait --for=condition=Available deploy/web --timeout=60s')).toContain('condition met');
    expect(await kubectl.print('wait --for=jsonpath={.status.readyReplicas}=1 deploy/web --timeout=60s')).toContain(
      'condition met',
    );
  });

  it('empties a namespace before it goes', async () => {
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } };
    await kubectl.print('apply -f -', { input: JSON.stringify(namespace) });
    cluster.create(configMap('a', {}, 'team'));
    expect(await kubectl.print('delete namespace team --timeout=60s')).toContain('namespace "team" deleted');
    expect(await kubectl.refusal('get namespace team')).toBe(
      'Error from server (NotFound): namespaces "team" not found\n',
    );
  });
});

describe.skipIf(kubectlBinary === undefined)('kubectl rollout, scale and logs', () => {
  const names = async (what: string): Promise<string[]> => linesOf(await kubectl.print(`get ${what} -o name`));

  it('rolls out, back and again, by the history of ReplicaSets', async () => {
    cluster.create(deployment('web', { spec: { replicas: 2 } }));
    await kubectl.print('rollout status deploy/web --timeout=60s');
    await kubectl.print('set image deploy/web main=nginx:2');
    expect(await kubectl.print('rollout status deploy/web --timeout=60s')).toContain('successfully rolled out');
    expect(
      linesOf(await kubectl.print('rollout history deploy/web'))
        .slice(-2)
        .map((line) => line[0]),
    ).toEqual(['1', '2']);
    await kubectl.print('rollout undo deploy/web');
    await kubectl.print('rollout status deploy/web --timeout=60s');
    expect(await kubectl.print('get deploy web -o jsonpath={.spec.template.spec.containers[0].image}')).toBe('nginx:1');
    expect(
      linesOf(await kubectl.print('rollout history deploy/web'))
        .slice(-2)
        .map((line) => line[0]),
    ).toEqual(['2', '3']);
    expect(await names('replicasets')).toHaveLength(2);
  });

  it('tells a roll-out that fails, and the image that cannot be pulled', async () => {
    const image = 'registry.invalid/web:1';
    const spec = { progressDeadlineSeconds: 1 };
    cluster.create(deployment('web', { image, spec }));
    const { code, stderr } = await kubectl.run(['rollout', 'status', 'deploy/web', '--timeout=60s']);
    expect([code, stderr]).toEqual([1, 'error: deployment "web" exceeded its progress deadline\n']);
    expect(await kubectl.print('get pods --no-headers')).toMatch(/^web-\S+ +0\/1 +ImagePullBackOff +0 /);
    const [pod = ''] = await names('pods');
    expect(await kubectl.refusal(`logs ${pod}`)).toContain('trying and failing to pull image');
  });

  it('scales, and prints what containers print', async () => {
    cluster.create(deployment('web'));
    await kubectl.print('scale deploy web --replicas=3');
    await kubectl.print('wait --for=jsonpath={.status.readyReplicas}=3 deploy/web --timeout=60s');
    expect(await names('pods -l app=web --field-selector status.phase=Running')).toHaveLength(3);
    const [pod = ''] = await names('pods');
    expect(await kubectl.print(`logs ${pod}`)).toBe(`main of ${pod.slice('pod/'.length)} started\n`);
    const following = kubectl.start(['logs', '-f', pod]);
    await following.prints(/started/);
    const live = cluster.list('', 'Pod').find(({ metadata }) => pod.endsWith(metadata.name));
    if (live) cluster.logs.print(live, 'main', 'ready to serve');
    await following.prints(/ready to serve/);
    await kubectl.print(`delete ${pod}`);
    expect(await following.ended).toMatchObject({ code: 0 });
  });

  it.each([
    ['background', 0],
    ['foreground', 0],
    ['orphan', 1],
  ])('deletes with --cascade=%s', async (cascade, left) => {
    cluster.create(deployment('web'));
    await kubectl.print('rollout status deploy/web --timeout=60s');
    await kubectl.print(`delete deploy web --cascade=${cascade} --timeout=60s`);
    await until(
      () => cluster.list('', 'Pod').length === left || undefined,
      () => `${left} pods`,
    );
    expect(await names('pods')).toHaveLength(left);
  });
});

describe.skipIf(kubectlBinary === undefined)('kubectl apply --prune, explain and describe', () => {
  it('prunes what was applied before and is not named any more', async () => {
    const both = [map('a', { x: '1' }, { set: 's' }), map('b', { x: '1' }, { set: 's' })];
    const list = (items: object[]): string => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
    await kubectl.print('apply --prune -l set=s -f -', { input: list(both) });
    const printed = await kubectl.print('apply --prune -l set=s -f -', { input: list(both.slice(1)) });
    expect(linesOf(printed)).toEqual(['configmap/b unchanged', 'configmap/a pruned']);
  });

  it('explains fields, names what is served, and describes', async () => {
    cluster.create(deployment('web'));
    await kubectl.print('rollout status deploy/web --timeout=60s');
    expect(await kubectl.print('explain deployment.spec.template.spec.containers.env')).toContain(
      'FIELD: env <[]EnvVar>',
    );
    expect(await kubectl.print('api-resources --api-group=apps -o name')).toContain('deployments.apps\n');
    const described = await kubectl.print('describe deploy web');
    expect(described).toMatch(/Replicas: +1 desired \| 1 updated \| 1 total \| 1 available \| 0 unavailable/);
    expect(described).toMatch(/NewReplicaSet: +web-\S+ \(1\/1 replicas created\)/);
    expect(await kubectl.print('get all --no-headers')).toMatch(/^replicaset.apps\/web-\S+ +1 +1 +1 /m);
  });

  it('names fields that a manifest has wrong', async () => {
    const file = kubectl.file('web.json', deployment('web', { spec: { replcas: 2 } }));
    const strict = 'strict decoding error: unknown field "spec.replcas"';
    expect(await kubectl.refusal(`apply -f ${file}`)).toContain(strict);
    const { code, stderr } = await kubectl.run(['apply', '--validate=warn', '-f', file]);
    expect([code, stderr]).toEqual([0, 'Warning: unknown field "spec.replcas"\n']);
  });
});

describe.skipIf(kubectlBinary === undefined)('what kubectl is refused', () => {
  it.each([
    ['get cm nope', 'Error from server (NotFound): configmaps "nope" not found'],
    ['get nothings', 'the server doesn\'t have a resource type "nothings"'],
    ['get cm --field-selector data.x=1', 'field label not supported: data.x'],
    ['patch cm a -p {"data":', 'the body cannot be read'],
    [
      'patch cm a --type=json -p [{"op":"remove","path":"/data/none"}]',
      'the server rejected our request due to an error in our request',
    ],
    ['get cm --token=none -s SERVER', 'You must be logged in to the server'],
  ])('%s', async (line, message) => {
    cluster.create(map('a', { x: '1' }));
    expect(await kubectl.refusal(line.replace('SERVER', server.urlOf('one')))).toContain(message);
  });
});
