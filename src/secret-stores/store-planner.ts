import { Injectable } from '@nestjs/common';
import { resolveDestination } from '../applications/domain/destination.js';
import type { HubObject, Stored } from '../database/objects/hub-object.js';
import { ObjectStore } from '../database/objects/object-store.js';
import { expandDocuments } from '../expansion/expand.js';
import { entropyOf } from '../expansion/templates/entropy.js';
import type { Expansion, RenderedDocument } from '../expansion/expansion.js';
import { FleetExpansionReader } from '../expansion/fetchers/fleet-expansion-reader.js';
import { RemoteInputs } from '../expansion/fetchers/remote-inputs.js';
import { shortestRequeueSeconds } from '../expansion/requeue-interval.js';
import type { FleetReading } from '../generation/fleet-readings.js';
import { GeneratedPlanner, versionsOf, type GeneratedPlan } from '../generation/generated-plan.js';
import { deny } from '../kernel/verdict.js';
import { permitsSource } from '../projects/domain/permits-source.js';
import { GitMirrors } from '../repositories/git/git-mirrors.js';
import { judgingStores, storedStore, storeKey, type RenderedStore } from './domain/desired-stores.js';
import { DISTRIBUTED_STORE, distributedStoreName } from './domain/distributed-store.js';
import type { SecretStoreSetSpec } from './domain/secret-store-set.js';

export type StoredStoreSet = HubObject<SecretStoreSetSpec>;

const OWNED = { unit: 'store', kinds: [DISTRIBUTED_STORE.kind] } as const;
const QUEUE = 'secretstoresets';
const NO_EXPANSION: Expansion<RenderedDocument> = { documents: [], branches: [], errors: [], warnings: [] };

/** What a SecretStoreSet's stores should become, given one reading of the fleet. Writes nothing. */
@Injectable()
export class StorePlanner {
  constructor(
    private readonly store: ObjectStore,
    private readonly git: GitMirrors,
    private readonly remote: RemoteInputs,
    private readonly planner: GeneratedPlanner,
  ) {}

  async planSet(set: StoredStoreSet, fleet: FleetReading): Promise<GeneratedPlan> {
    const { uid, name, namespace, deletionTimestamp } = set.metadata;
    const project = fleet.projects.get(set.spec.project);
    const reader = new FleetExpansionReader({
      clusters: fleet.clusters.records(),
      git: this.git,
      permits: (url) =>
        project ? permitsSource(project.spec, url) : deny(`the set's project "${set.spec.project}" does not exist`),
      remote: this.remote.readerFor(set.metadata),
    });
    const expansion =
      deletionTimestamp === undefined
        ? await expandDocuments(documentSet(set.spec), reader, {
            entropy: entropyOf(set.metadata),
            breathe: this.planner.turns.breathe,
          })
        : NO_EXPANSION;
    const stored = await this.storedByKey(set, expansion.documents, fleet);
    const owner = { apiVersion: set.apiVersion, kind: set.kind, name, uid, controller: true, blockOwnerDeletion: true };
    const context = { owner, namespace, project, clusters: fleet.clusters, stored };
    return this.planner.plan({
      ...OWNED,
      owner: { queue: QUEUE, uid, name: `SecretStoreSet ${namespace}/${name}`, project: set.spec.project },
      expansion,
      items: await this.planner.turns.pace().run(judgingStores(expansion.documents, context)),
      stored: [...stored.values()].filter(({ scope }) => scope.ownerUid === uid).map(storedStore),
      may: { create: true, update: true, delete: true },
      repositories: reader.read,
      commits: await reader.commitsRead(),
      requeueSeconds: shortestRequeueSeconds(set.spec.generators),
      reads: versionsOf(set, fleet),
    });
  }

  async planOrphans(uid: string, orphans: readonly Stored[]): Promise<GeneratedPlan> {
    const project = orphans[0]?.scope.project;
    const owner = { queue: QUEUE, uid, name: `deleted SecretStoreSet ${uid}`, ...(project ? { project } : {}) };
    return this.planner.planOrphans({ ...OWNED, owner, stored: orphans.map(storedStore) });
  }

  /** What the set owns, and whoever's stores have the names it wants. */
  private async storedByKey(
    set: StoredStoreSet,
    rendered: readonly RenderedDocument[],
    fleet: FleetReading,
  ): Promise<Map<string, Stored>> {
    const { uid, namespace } = set.metadata;
    const wanted = rendered.flatMap(({ document }) => nameOf(document as RenderedStore, fleet));
    const named = await this.store.named(
      DISTRIBUTED_STORE.kind,
      wanted.map((name) => ({ namespace, name })),
    );
    const owned = await this.store.owned(uid);
    return new Map([...owned, ...named].map((stored) => [storeKey(stored.object.metadata.name), stored]));
  }
}

/** Store and destination are rendered as one document; without a destination the parameter `name` is the cluster's. */
function documentSet({ generators, goTemplate, goTemplateOptions, destination, template }: SecretStoreSetSpec) {
  const name = goTemplate ? '{{.name}}' : '{{name}}';
  return {
    generators,
    ...(goTemplate ? { goTemplate } : {}),
    ...(goTemplateOptions ? { goTemplateOptions } : {}),
    template: { store: template, destination: destination ?? { name } },
  };
}

function nameOf({ store, destination }: RenderedStore, { clusters }: FleetReading): string[] {
  const resolved = resolveDestination(destination, clusters);
  return resolved.ok && resolved.value.type === 'member'
    ? [distributedStoreName(resolved.value.cluster.name, store)]
    : [];
}
