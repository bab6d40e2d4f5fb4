import { awaitCondition } from '../await-condition.js';
import { expectThat } from '../expect.js';
import { isConverged } from '../fleet-status.js';
import { SCENE_SECONDS, type Scene, type Stage } from '../stage.js';
import { applicationNames, deployment, onCluster, rollout, storeState } from '../tenant-content.js';
import { NEWCOMER, tenantMetadata } from '../tenants.js';

export const labelACluster: Scene = {
  title: `label a 21st cluster: its Applications appear and become Healthy`,
  play: async (stage) => {
    const { hub, status, fleet, signal } = stage;
    const before = await status.applications(onCluster(NEWCOMER));
    expectThat(before.length === 0, `${NEWCOMER} has Applications before it bears the label`);
    await hub.patch(`/api/v1/clusters/${NEWCOMER}`, { metadata: tenantMetadata(NEWCOMER) });
    await awaitCondition({
      what: `${NEWCOMER} runs all its Applications and has a store`,
      look: async () => ((await isComplete(stage)) ? true : undefined),
      explain: async () =>
        `its store: ${storeState(fleet.cluster(NEWCOMER))}\n${await status.complaints(onCluster(NEWCOMER))}`,
      seconds: SCENE_SECONDS,
      signal,
    });
    const { ready } = rollout(deployment(fleet.cluster(NEWCOMER), 'shop', 'shop'));
    expectThat(ready === 2, `the shop of ${NEWCOMER} has ${String(ready)} ready replicas instead of its overlay's 2`);
    return `${applicationNames(NEWCOMER).length} Applications, and a store with its own role`;
  },
};

async function isComplete({ status, fleet }: Stage): Promise<boolean> {
  const found = await status.applications(onCluster(NEWCOMER));
  const names = found.map(({ metadata }) => metadata.name).sort();
  const isAll = names.join() === applicationNames(NEWCOMER).sort().join();
  return isAll && found.every(isConverged) && storeState(fleet.cluster(NEWCOMER)) === 'Ready';
}
