import type { DemoFleet } from './fleet.js';
import type { DemoRepository } from './demo-repository.js';
import type { FleetStatus } from './fleet-status.js';
import type { HubClient } from './hub-client.js';

/** What scenes act on and look at. */
export interface Stage {
  /** In the name of a platform admin. */
  hub: HubClient;
  status: FleetStatus;
  fleet: DemoFleet;
  repository: DemoRepository;
  signal: AbortSignal;
}

/** One thing that happens to a fleet, checked at both ends: in the clusters and through the API. */
export interface Scene {
  title: string;
  /** Answers what was seen, in a few words. Throws when it did not come about. */
  play(stage: Stage): Promise<string>;
}

/** No scene waits longer for one thing to come about. */
export const SCENE_SECONDS = 30;
