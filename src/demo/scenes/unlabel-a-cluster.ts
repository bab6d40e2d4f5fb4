import type { VirtualCluster } from '../../simulator/virtual-cluster.js';
import { HUB_LABEL } from '../../rendering/domain/stamp.js';
import { awaitCondition } from '../await-condition.js';
import { expectThat } from '../expect.js';
import type { FleetStatus } from '../fleet-status.js';
import { SCENE_SECONDS, type Scene } from '../stage.js';
import { onCluster } from '../tenant-content.js';
import { FLEET_LABEL, NEWCOMER } from '../tenants.js';
import { Bystanders } from './bystanders.js';

/** Every kind that the seed brings to a cluster. */
const KINDS = [
  ['', 'Namespace'],
  ['', 'ServiceAccount'],
  ['', 'ConfigMap'],
  ['', 'Service'],
  ['apps', 'Deployment'],
  ['networking.k8s.io', 'NetworkPolicy'],
  ['rbac.authorization.k8s.io', 'ClusterRole'],
  ['rbac.authorization.k8s.io', 'ClusterRoleBinding'],
  ['external-secrets.io', 'ClusterSecretStore'],
] as const;

export const unlabelACluster: Scene = {
  title: `remove the label of ${NEWCOMER}: its Applications are pruned, nothing else`,
  play: async (stage) => {
    const { hub, status, fleet, signal } = stage;
    const bystanders = await Bystanders.watch(stage, NEWCOMER);
    const others = await identities(status);
    const cluster = fleet.cluster(NEWCOMER);
    const count = managed(cluster).length;
    expectThat(count > 0, `${NEWCOMER} has nothing that could be pruned`);
    await hub.patch(`/api/v1/clusters/${NEWCOMER}`, { metadata: { labels: { [FLEET_LABEL]: null } } });
    await awaitCondition({
      what: `${NEWCOMER} has no Applications and none of their objects`,
      look: async () => {
        const left = await status.applications(onCluster(NEWCOMER));
        return left.length === 0 && managed(cluster).length === 0 ? true : undefined;
      },
      explain: async () => {
        const { items } = await hub.get<{ items: { target: string; reason: string }[] }>('/api/v1/approvals');
        const held = items.map(({ target, reason }) => `${target} awaits approval: ${reason}`);
        return [...held, `left: ${managed(cluster).join(', ')}`, await status.complaints(onCluster(NEWCOMER))].join(
          '\n',
        );
      },
      seconds: SCENE_SECONDS,
      signal,
    });
    const after = await identities(status);
    const changed = [...others].filter(([name, identity]) => after.get(name) !== identity).map(([name]) => name);
    expectThat(changed.length === 0, `Applications of other clusters changed: ${changed.join(', ')}`);
    bystanders.expectUntouched();
    return `${count} objects gone, no write to the other ${bystanders.count}`;
  },
};

/** What would change if an Application of another cluster were written or made anew. */
async function identities(status: FleetStatus): Promise<Map<string, string>> {
  const others = (await status.applications()).filter(({ spec }) => spec.destination.name !== NEWCOMER);
  return new Map(others.map(({ metadata: { name, uid, resourceVersion } }) => [name, `${uid} ${resourceVersion}`]));
}

function managed(cluster: VirtualCluster): string[] {
  return KINDS.flatMap(([group, kind]) => cluster.list(group, kind))
    .filter(({ metadata }) => metadata.labels?.[HUB_LABEL] !== undefined)
    .map(({ kind, metadata }) => `${kind} ${metadata.name}`);
}
