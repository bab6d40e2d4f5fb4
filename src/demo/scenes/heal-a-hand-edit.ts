import { isObject } from '../../kernel/json.js';
import type { KubernetesObject } from '../../kernel/object.js';
import { awaitCondition } from '../await-condition.js';
import { expectThat } from '../expect.js';
import { isConverged } from '../fleet-status.js';
import { SCENE_SECONDS, type Scene } from '../stage.js';
import { deployment, rollout } from '../tenant-content.js';

const CLUSTER = 'tenant-05';
const SERVICE = 'external-dns';
const APPLICATION = `${SERVICE}-${CLUSTER}`;

export const healAHandEdit: Scene = {
  title: `edit a Deployment of ${CLUSTER} by hand: it is healed`,
  play: async ({ status, fleet, signal }) => {
    const cluster = fleet.cluster(CLUSTER);
    const before = rollout(deployment(cluster, SERVICE, SERVICE));
    const healed = (await status.application(APPLICATION)).status?.summary?.healed ?? 0;
    const id = { group: 'apps', kind: 'Deployment', namespace: SERVICE, name: SERVICE };
    const edited = rollout(cluster.edit(id, scaleToNothing));
    expectThat(edited.replicas === 0, 'the edit by hand did not get through');
    await awaitCondition({
      what: `${SERVICE} on ${CLUSTER} is again as Git has it`,
      look: () => (isSame(rollout(deployment(cluster, SERVICE, SERVICE)), before) ? true : undefined),
      explain: () => JSON.stringify(rollout(deployment(cluster, SERVICE, SERVICE))),
      seconds: SCENE_SECONDS,
      signal,
    });
    await awaitCondition({
      what: `the API tells that ${APPLICATION} was healed`,
      look: async () => {
        const application = await status.application(APPLICATION);
        return isConverged(application) && (application.status?.summary?.healed ?? 0) > healed ? true : undefined;
      },
      explain: async () => JSON.stringify((await status.application(APPLICATION)).status),
      seconds: SCENE_SECONDS,
      signal,
    });
    return `${String(before.replicas)} replica again`;
  },
};

function scaleToNothing(draft: KubernetesObject): void {
  if (isObject(draft['spec'])) draft['spec']['replicas'] = 0;
}

function isSame(one: object, other: object): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
