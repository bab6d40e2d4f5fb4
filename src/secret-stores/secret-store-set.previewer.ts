import { Injectable } from '@nestjs/common';
import type { PlanView } from '../changes/plan-view.js';
import { ObjectStore } from '../database/objects/object-store.js';
import type { ChangePreviewer, ProposedChange } from '../documents/change-previewer.js';
import { FleetReadings } from '../generation/fleet-readings.js';
import { viewOf } from '../generation/generated-view.js';
import { UNSTORED_UID } from '../kernel/ids.js';
import { StorePlanner, type StoredStoreSet } from './store-planner.js';

/** What a written SecretStoreSet would distribute: the same planner, without the commit. */
@Injectable()
export class SecretStoreSetPreviewer implements ChangePreviewer {
  constructor(
    private readonly store: ObjectStore,
    private readonly fleet: FleetReadings,
    private readonly planner: StorePlanner,
  ) {}

  async preview({ kind, next, previous }: ProposedChange): Promise<PlanView | undefined> {
    if (kind !== 'SecretStoreSet') return undefined;
    const uid = previous?.metadata.uid ?? UNSTORED_UID;
    if (!next) return viewOf(await this.planner.planOrphans(uid, await this.store.owned(uid)));
    const set = { ...next, metadata: { ...next.metadata, uid } } as StoredStoreSet;
    return viewOf(await this.planner.planSet(set, await this.fleet.now()));
  }
}
