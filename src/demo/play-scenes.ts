import { healAHandEdit } from './scenes/heal-a-hand-edit.js';
import { labelACluster } from './scenes/label-a-cluster.js';
import { pushEverywhere } from './scenes/push-everywhere.js';
import { pushOneTenant } from './scenes/push-one-tenant.js';
import { stayInYourProject } from './scenes/stay-in-your-project.js';
import { unlabelACluster } from './scenes/unlabel-a-cluster.js';
import type { Screen } from './screen.js';
import type { Scene, Stage } from './stage.js';

/** In this order: the last takes back what the first did. */
const SCENES: readonly Scene[] = [
  labelACluster,
  healAHandEdit,
  pushEverywhere,
  pushOneTenant,
  stayInYourProject,
  unlabelACluster,
];

/** Plays every scene, the later ones also after one that failed. Answers how many failed. */
export async function playScenes(stage: Stage, screen: Screen): Promise<number> {
  let failed = 0;
  for (const { title, play } of SCENES) {
    try {
      await screen.step(
        title,
        () => play(stage),
        (seen) => seen,
      );
    } catch (error) {
      stage.signal.throwIfAborted();
      failed += 1;
      screen.failure(error);
    }
  }
  return failed;
}
