import { Injectable } from '@nestjs/common';
import { clusterInfo, type ClusterInfo } from '../clusters/cluster-reader.js';
import type { HubObject } from '../database/objects/hub-object.js';
import { ObjectStore } from '../database/objects/object-store.js';
import type { ProposedChange } from '../documents/change-previewer.js';
import { UNSTORED_UID } from '../kernel/ids.js';
import { FleetReadings, type FleetReading } from './fleet-readings.js';
import { TouchedSets } from './touched-sets.js';

export interface ProposedFleet<T> {
  fleet: FleetReading;
  /** The sets that the change can touch; all of them where more than labels and annotations change. */
  sets: T[];
}

/** A Cluster that is written, thought through to the fleet it would give and the sets that would run. */
@Injectable()
export class ProposedClusters {
  constructor(
    private readonly store: ObjectStore,
    private readonly fleet: FleetReadings,
    private readonly touched: TouchedSets,
  ) {}

  async of<T extends HubObject>(kind: string, change: ProposedChange): Promise<ProposedFleet<T>> {
    const fleet = await this.fleet.now();
    const before = change.previous && proposed(change.previous);
    const after = change.next && proposed(change.next, change.previous?.metadata.uid);
    const name = (after ?? before)?.name ?? '';
    const sets = await this.setsOf<T>(kind, before, after);
    return { fleet: { ...fleet, clusters: fleet.clusters.with(name, after) }, sets };
  }

  private async setsOf<T extends HubObject>(
    kind: string,
    before: ClusterInfo | undefined,
    after: ClusterInfo | undefined,
  ): Promise<T[]> {
    const onlyMetadata = before && after && before.server === after.server && before.project === after.project;
    const touched = onlyMetadata ? await this.touched.ofEdit(kind, [before, after]) : undefined;
    if (touched?.size === 0) return [];
    const sets = (await this.store.all<T>(kind)).map(({ object }) => object);
    return touched ? sets.filter(({ metadata }) => touched.has(metadata.uid)) : sets;
  }
}

function proposed(object: NonNullable<ProposedChange['next']>, uid = object.metadata.uid ?? UNSTORED_UID): ClusterInfo {
  return clusterInfo({ ...object, metadata: { ...object.metadata, uid } });
}
