import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimulatorServer } from '../../src/simulator/simulator-server.js';
import { VirtualCluster } from '../../src/simulator/virtual-cluster.js';
import { Kubectl, kubectlBinary } from '../support/kubectl.js';

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

const run = (line: string): Promise<string> => kubectl.print(line);
const id = (group: string, kind: string, name: string, namespace = 'default') => ({ group, kind, namespace, name });

describe.skipIf(kubectlBinary === undefined)('kubectl create, which sends protobuf', () => {
  it.each([
    ['namespace team', id('', 'Namespace', 'team', ''), { status: { phase: 'Active' } }],
    [
      'deployment web --image=nginx:1 --replicas=2 --port=80',
      id('apps', 'Deployment', 'web'),
      {
        spec: { replicas: 2, template: { spec: { containers: [{ name: 'nginx', ports: [{ containerPort: 80 }] }] } } },
      },
    ],
    ['configmap a --from-literal=x=1', id('', 'ConfigMap', 'a'), { data: { x: '1' } }],
    ['secret generic a --from-literal=x=1', id('', 'Secret', 'a'), { data: { x: 'MQ==' }, type: 'Opaque' }],
    ['serviceaccount bob', id('', 'ServiceAccount', 'bob'), {}],
    [
      'job once --image=a:1 -- sleep 1',
      id('batch', 'Job', 'once'),
      { spec: { template: { spec: { restartPolicy: 'Never', containers: [{ command: ['sleep', '1'] }] } } } },
    ],
    ['cronjob tick --image=a:1 --schedule=@hourly', id('batch', 'CronJob', 'tick'), { spec: { schedule: '@hourly' } }],
    [
      'role reader --verb=get,list --resource=pods',
      id('rbac.authorization.k8s.io', 'Role', 'reader'),
      { rules: [{ verbs: ['get', 'list'], resources: ['pods'], apiGroups: [''] }] },
    ],
    [
      'clusterrolebinding ops --clusterrole=admin --group=ops',
      id('rbac.authorization.k8s.io', 'ClusterRoleBinding', 'ops', ''),
      { roleRef: { name: 'admin' }, subjects: [{ kind: 'Group', name: 'ops' }] },
    ],
    [
      'service clusterip web --tcp=80:http',
      id('', 'Service', 'web'),
      { spec: { ports: [{ port: 80, targetPort: 'http' }], selector: { app: 'web' } } },
    ],
    [
      'ingress web --rule=a.example/x=web:80',
      id('networking.k8s.io', 'Ingress', 'web'),
      {
        spec: {
          rules: [{ http: { paths: [{ path: '/x', backend: { service: { name: 'web', port: { number: 80 } } } }] } }],
        },
      },
    ],
    [
      'quota small --hard=pods=3,cpu=500m',
      id('', 'ResourceQuota', 'small'),
      { spec: { hard: { pods: '3', cpu: '500m' } } },
    ],
    [
      'poddisruptionbudget web --selector=app=web --min-available=50%',
      id('policy', 'PodDisruptionBudget', 'web'),
      { spec: { minAvailable: '50%', selector: { matchLabels: { app: 'web' } } } },
    ],
    [
      'priorityclass high --value=-10',
      id('scheduling.k8s.io', 'PriorityClass', 'high', ''),
      { value: -10, preemptionPolicy: 'PreemptLowerPriority' },
    ],
  ])('%s', async (line, created, expected) => {
    expect(await run(`create ${line}`)).toMatch(/ created\n$/);
    expect(cluster.get(created)).toMatchObject(expected);
  });

  it('is told what is wrong with the object, and what exists', async () => {
    await run('create namespace team');
    expect(await kubectl.refusal('create namespace team')).toContain('namespaces "team" already exists');
    expect(await kubectl.refusal('create configmap a -n nowhere')).toContain('namespaces "nowhere" not found');
  });

  it('makes a Job of a CronJob, and a token for an account', async () => {
    await run('create cronjob tick --image=a:1 --schedule=@yearly');
    await run('create job now --from=cronjob/tick');
    expect(await run('wait --for=condition=complete job/now --timeout=60s')).toContain('condition met');
    expect(await run('create token default')).toMatch(/^\S{20,}$/);
  });
});

describe.skipIf(kubectlBinary === undefined)('kubectl auth', () => {
  it('may do everything', async () => {
    expect(await run('auth can-i delete pods')).toBe('yes\n');
    expect(await run('auth can-i --list')).toMatch(/^\*\.\* .*\[\*\]$/m);
    expect(await run('auth whoami')).toMatch(/^Username +admin$/m);
  });
});
