import { awaitCondition } from '../await-condition.js';
import { expectThat } from '../expect.js';
import { isConverged, type ApplicationView } from '../fleet-status.js';
import { overlayPath } from '../seed.js';
import { SCENE_SECONDS, type Scene, type Stage } from '../stage.js';
import { deployment, rollout } from '../tenant-content.js';
import { Bystanders } from './bystanders.js';

const CLUSTER = 'tenant-07';
const APPLICATION = `shop-${CLUSTER}`;
const FILE = overlayPath(CLUSTER, 'kustomization.yaml');
const REPLICAS = 4;

export const pushOneTenant: Scene = {
  title: `push a change to the overlay of ${CLUSTER}: only that cluster moves`,
  play: async (stage) => {
    const { hub, repository, status, signal } = stage;
    const bystanders = await Bystanders.watch(stage, CLUSTER);
    const text = await repository.read(FILE);
    const changed = text.replace(/count: \d+/, `count: ${REPLICAS}`);
    expectThat(changed !== text, `${FILE} sets no count of replicas`);
    const commit = await repository.push(`Scale the shop of ${CLUSTER}`, { [FILE]: changed });
    await hub.post(`/api/v1/applications/${APPLICATION}/refresh`);
    await awaitCondition({
      what: `${CLUSTER} runs ${REPLICAS} replicas of the shop, and every Application was read at ${commit}`,
      look: async () => ((await isSettled(stage, commit)) ? true : undefined),
      explain: async () => `${JSON.stringify(shopOf(stage))}\n${await status.complaints()}`,
      seconds: SCENE_SECONDS,
      signal,
    });
    bystanders.expectUntouched();
    return `${REPLICAS} replicas there, no write to the other ${bystanders.count}`;
  },
};

/** Every Application was looked at in the light of the commit, so whoever had to move has been told to. */
async function isSettled(stage: Stage, commit: string): Promise<boolean> {
  const { ready, replicas } = shopOf(stage);
  if (replicas !== REPLICAS || ready !== REPLICAS) return false;
  const isRead = ({ status }: ApplicationView): boolean => status?.source?.revision === commit;
  const applications = await stage.status.applications();
  const shop = applications.find(({ metadata }) => metadata.name === APPLICATION);
  return shop !== undefined && isConverged(shop) && applications.every(isRead);
}

function shopOf({ fleet }: Stage): ReturnType<typeof rollout> {
  return rollout(deployment(fleet.cluster(CLUSTER), 'shop', 'shop'));
}
