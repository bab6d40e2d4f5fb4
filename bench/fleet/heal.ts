import type { KubernetesObject } from '../../src/kernel/object.js';
import type { VirtualCluster } from '../../src/simulator/virtual-cluster.js';
import type { HandEdit } from './members-process.js';

/** Edits the data of a ConfigMap and answers after how many milliseconds it is as it was. */
export function timeHeal(cluster: VirtualCluster, { namespace, name }: HandEdit): Promise<number> {
  const id = { group: '', kind: 'ConfigMap', namespace, name };
  const before = dataOf(cluster.get(id));
  if (before === undefined) throw new Error(`${cluster.name} has no ConfigMap ${namespace}/${name}`);
  const started = performance.now();
  return new Promise((resolve) => {
    const stop = cluster.store.subscribe(({ object }) => {
      const isIt = object.kind === 'ConfigMap' && object.metadata.name === name;
      if (!isIt || dataOf(object) !== before) return;
      stop();
      resolve(performance.now() - started);
    });
    cluster.edit(id, (draft) => {
      draft['data'] = { value: 'edited by hand' };
    });
  });
}

function dataOf(object: KubernetesObject | undefined): string | undefined {
  return object && JSON.stringify(object['data']);
}
