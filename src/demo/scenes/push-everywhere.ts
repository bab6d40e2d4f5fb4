import { awaitCondition } from '../await-condition.js';
import { expectThat } from '../expect.js';
import { isConverged } from '../fleet-status.js';
import { SCENE_SECONDS, type Scene, type Stage } from '../stage.js';
import { deployment, rollout } from '../tenant-content.js';
import { NEWCOMER, TENANTS } from '../tenants.js';

const FILE = 'platform/prometheus/deployment.yaml';
const OLD_IMAGE = 'quay.io/prometheus/prometheus:v3.5.0';
const NEW_IMAGE = 'quay.io/prometheus/prometheus:v3.6.0';
const CLUSTERS = [...TENANTS, NEWCOMER];

export const pushEverywhere: Scene = {
  title: 'push a commit: it is rolled out to every cluster',
  play: async (stage) => {
    const { hub, repository, status, signal } = stage;
    const text = await repository.read(FILE);
    expectThat(text.includes(OLD_IMAGE), `${FILE} does not name ${OLD_IMAGE}`);
    const commit = await repository.push('Update prometheus', { [FILE]: text.replace(OLD_IMAGE, NEW_IMAGE) });
    await hub.post(`/api/v1/applications/prometheus-${TENANTS[0]}/refresh`);
    await awaitCondition({
      what: `${CLUSTERS.length} clusters run ${NEW_IMAGE}`,
      look: () => (behind(stage).length === 0 ? true : undefined),
      explain: async () =>
        `behind: ${behind(stage).join(', ')}\n${await status.complaints('labelSelector=service=prometheus')}`,
      seconds: SCENE_SECONDS,
      signal,
    });
    await awaitCondition({
      what: `the API tells that every prometheus is at ${commit}`,
      look: async () => {
        const found = await status.applications('labelSelector=service=prometheus');
        const isThere = found.every((one) => isConverged(one) && one.status?.source?.revision === commit);
        return isThere && found.length === CLUSTERS.length ? true : undefined;
      },
      explain: () => status.complaints('labelSelector=service=prometheus'),
      seconds: SCENE_SECONDS,
      signal,
    });
    return `commit ${commit.slice(0, 7)} on ${CLUSTERS.length} clusters`;
  },
};

function behind({ fleet }: Stage): string[] {
  return CLUSTERS.filter((name) => {
    const { image, ready } = rollout(deployment(fleet.cluster(name), 'monitoring', 'prometheus'));
    return image !== NEW_IMAGE || ready !== 1;
  });
}
