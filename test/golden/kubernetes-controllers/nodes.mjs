// Plays the scheduler and three kubelets of a real API server: binds pods, lets them run, end or fail by their image.
import { setTimeout as sleep } from 'node:timers/promises';

const PATCH = 'application/strategic-merge-patch+json';
const now = () => new Date().toISOString().replace(/\.\d+Z/, 'Z');

async function provideNodes(ask) {
  for (const number of [1, 2, 3]) {
    const name = `node-${number}`;
    const amounts = { cpu: '4', memory: '16Gi', pods: '110' };
    const ready = { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'ready' };
    const conditions = [{ ...ready, lastHeartbeatTime: now(), lastTransitionTime: now() }];
    await ask('POST', '/api/v1/nodes', { metadata: { name, labels: { 'kubernetes.io/hostname': name } } });
    await ask('PATCH', `/api/v1/nodes/${name}`, { spec: { taints: null } }, 'application/merge-patch+json');
    const status = { capacity: amounts, allocatable: amounts, conditions };
    await ask('PATCH', `/api/v1/nodes/${name}/status`, { status }, PATCH);
  }
}

function statusOf({ spec }) {
  const isOnce = spec.restartPolicy !== 'Always';
  const fails = spec.containers[0].image.startsWith('fail');
  const ended = { exitCode: fails ? 1 : 0, reason: fails ? 'Error' : 'Completed', startedAt: now(), finishedAt: now() };
  const state = isOnce ? { terminated: ended } : { running: { startedAt: now() } };
  const isTrue = (type) => (isOnce && type.includes('Ready') ? 'False' : 'True');
  const types = ['Ready', 'ContainersReady', 'Initialized', 'PodScheduled'];
  const seen = { imageID: '', ready: !isOnce, started: !isOnce, restartCount: 0, state, lastState: {} };
  return {
    phase: isOnce ? (fails ? 'Failed' : 'Succeeded') : 'Running',
    startTime: now(),
    conditions: types.map((type) => ({ type, status: isTrue(type), lastTransitionTime: now() })),
    containerStatuses: spec.containers.map(({ name, image }) => ({ name, image, ...seen })),
  };
}

/** Which node a DaemonSet's pod is for. */
function boundTo({ spec }) {
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return required?.nodeSelectorTerms?.[0]?.matchFields?.[0]?.values?.[0];
}

/** Goes on until the answer is called. */
export async function playNodes(ask) {
  await provideNodes(ask);
  let isOver = false;
  let count = 0;
  const step = async () => {
    const { items = [] } = await ask('GET', '/api/v1/pods');
    for (const pod of items) {
      const { name, namespace, deletionTimestamp } = pod.metadata;
      const at = `/api/v1/namespaces/${namespace}/pods/${name}`;
      if (deletionTimestamp) await ask('DELETE', at, { gracePeriodSeconds: 0 });
      else if (!pod.spec.nodeName) {
        const target = { kind: 'Node', name: boundTo(pod) ?? `node-${1 + (count++ % 3)}` };
        await ask('POST', `${at}/binding`, { apiVersion: 'v1', kind: 'Binding', metadata: { name }, target });
      } else if (pod.status.phase === 'Pending' && !pod.spec.containers[0].image.includes('.invalid')) {
        await ask('PATCH', `${at}/status`, { status: statusOf(pod) }, PATCH);
      }
    }
  };
  const done = (async () => {
    while (!isOver) {
      await step();
      await sleep(100);
    }
  })();
  return async () => {
    isOver = true;
    await done;
  };
}
