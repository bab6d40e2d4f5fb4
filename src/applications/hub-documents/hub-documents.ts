import { Injectable } from '@nestjs/common';
import { GuardMemory, type OwnerMemory, type RemovalOwner } from '../../approvals/guard-memory.js';
import { RemovalGuard } from '../../approvals/removal-guard.js';
import { plan, type DesiredItem, type Plan } from '../../changes/plan.js';
import type { FleetReading } from '../../generation/fleet-readings.js';
import type { ObjectWrite, Stored } from '../../database/objects/hub-object.js';
import { ObjectStore } from '../../database/objects/object-store.js';
import { StatusStore } from '../../database/objects/status-store.js';
import { OwnedObjects } from '../../generation/owned-objects.js';
import { FleetError, messageOf } from '../../kernel/errors.js';
import { groupOf } from '../../kernel/object.js';
import { Log } from '../../kernel/log.js';
import { done, wait, type Outcome } from '../../reconcile/outcome.js';
import { BundleStore } from '../../rendering/bundle-store.js';
import { decodeBundle } from '../../rendering/domain/bundle.js';
import { SourceRenderer, type RenderOutcome } from '../../rendering/source-renderer.js';
import { ApplicationConditions } from '../application-conditions.js';
import type { ApplicationCondition, StoredApplication } from '../delivery/delivery-decision.js';
import { permitsApplication } from '../domain/permits-application.js';
import { permitsObjects } from '../domain/permits-objects.js';
import { renderRequestOf } from '../domain/render-request.js';
import { deliverySettings } from '../domain/sync-settings.js';
import { HubDocumentDoor } from './hub-document-door.js';
import { storedDocument } from './hub-document-plan.js';

const RETRY_MS = 60_000;

interface Reading {
  bundle: RenderOutcome;
  documents: DesiredItem<ObjectWrite>[];
  faults: string[];
}

/** Applications destined for `in-cluster`: their bundle's documents enter the hub's own store (app-of-apps). */
@Injectable()
export class HubDocuments {
  constructor(
    private readonly renderer: SourceRenderer,
    private readonly bundles: BundleStore,
    private readonly door: HubDocumentDoor,
    private readonly store: ObjectStore,
    private readonly owned: OwnedObjects,
    private readonly memory: GuardMemory,
    private readonly guard: RemovalGuard,
    private readonly conditions: ApplicationConditions,
    private readonly statuses: StatusStore,
    private readonly log: Log,
  ) {}

  async reconcile({ object }: Stored<StoredApplication>, fleet: FleetReading): Promise<Outcome> {
    const refusal = refusalOf(object, fleet);
    if (refusal !== undefined)
      return this.report(object, { conditions: [{ type: 'InvalidSpecError', message: refusal }], sync: 'Unknown' });
    const request = renderRequestOf(object.spec);
    if (!request.ok)
      return this.report(object, {
        conditions: [{ type: 'InvalidSpecError', message: request.error.message }],
        sync: 'Unknown',
      });
    const bundle = await this.renderer.render(request.value);
    if (!bundle.ok) {
      const message = `${bundle.error.code}: ${bundle.error.message}`;
      await this.report(object, { conditions: [{ type: 'ComparisonError', message }], sync: 'Unknown' });
      return wait(message, RETRY_MS);
    }
    if (!deliverySettings(object, '').automated)
      return this.report(object, { conditions: [], sync: 'OutOfSync', rendered: bundle.value });
    return this.apply(object, fleet, await this.read(object, fleet, bundle.value));
  }

  /** True when no document is left; false while some are pruned or held. The last one to go wakes its owner. */
  async remove(application: StoredApplication): Promise<boolean> {
    const stored = await this.stored(application);
    const result = plan<ObjectWrite, Stored>({ desired: [], stored, may: MAY_ALL });
    if (result.deletes.length > 0) await this.commit(application, { result, reads: new Map() });
    return stored.length === 0;
  }

  private async read(application: StoredApplication, fleet: FleetReading, bundle: RenderOutcome): Promise<Reading> {
    const text = await this.bundles.read(bundle.digest);
    const project = fleet.projects.get(application.spec.project || 'default');
    if (text === undefined || !project) throw new Error(`bundle ${bundle.digest} is not in the store`);
    const reading: Reading = { bundle, documents: [], faults: [] };
    for (const object of decodeBundle(text, bundle.digest).objects) {
      try {
        const admitted = await this.door.admit(application, object);
        const { kind, metadata, apiVersion } = admitted.value.object;
        const place = {
          group: groupOf(apiVersion),
          kind,
          namespace: metadata.namespace ?? '',
          name: metadata.name,
          namespaced: true,
        };
        const verdict = permitsObjects(project.spec, {
          server: 'https://kubernetes.default.svc',
          name: 'in-cluster',
          objects: [place],
        });
        if (verdict.allowed) reading.documents.push(admitted);
        else reading.faults.push(verdict.reason);
      } catch (error) {
        if (!(error instanceof FleetError)) throw error;
        reading.faults.push(`${error.code}: ${messageOf(error)}`);
      }
    }
    return reading;
  }

  private async apply(
    application: StoredApplication,
    fleet: FleetReading,
    { bundle, documents, faults }: Reading,
  ): Promise<Outcome> {
    const prune = deliverySettings(application, '').prune;
    const [fault] = faults;
    const result = plan({
      desired: documents,
      stored: await this.stored(application),
      may: { ...MAY_ALL, delete: prune },
      ...(fault === undefined ? {} : { unreadable: fault }),
    });
    const project = fleet.projects.get(application.spec.project || 'default');
    const reads = new Map([[application.metadata.uid, application.metadata.resourceVersion]]);
    if (project) reads.set(project.uid, project.resourceVersion);
    const emptied =
      bundle.objectCount === 0 && result.deletes.length > 0
        ? 'the source gave documents before and gives none now'
        : undefined;
    const commit = await this.commit(application, { result, reads, emptied });
    if (commit.created + commit.updated + commit.deleted > 0)
      this.log.info({ application: application.metadata.name, ...commit }, 'hub documents applied');
    const conditions: ApplicationCondition[] = faults.map((message) => ({ type: 'SyncError', message }));
    if (commit.held > 0)
      conditions.push({
        type: 'AwaitingApproval',
        message: `${commit.held} documents wait to be removed: ${commit.reason}`,
      });
    const sync = faults.length === 0 && commit.held === 0 && result.kept.length === 0 ? 'Synced' : 'OutOfSync';
    return this.report(application, { conditions, sync, rendered: bundle });
  }

  private async commit(
    application: StoredApplication,
    {
      result,
      reads,
      emptied,
    }: { result: Plan<ObjectWrite, Stored>; reads: Map<string, string>; emptied?: string | undefined },
  ) {
    const owner = ownerOf(application);
    const known: OwnerMemory = await this.memory.read(owner.uid);
    const lines = result.deletes.map((item) => ({
      uid: item.uid,
      action: 'delete' as const,
      target: item.key,
      objects: [],
    }));
    const total = (await this.stored(application)).length;
    const totals = { owner: total, project: total, fleet: total };
    const guarded = await this.guard.judge({
      owner,
      unit: 'document',
      known,
      lines,
      totals,
      ...(emptied ? { emptied } : {}),
    });
    return this.owned.commit({ owner, unit: 'document', known, plan: result, guarded, reads });
  }

  private async stored(application: StoredApplication) {
    return (await this.store.owned(application.metadata.uid)).map(storedDocument);
  }

  private async report(
    application: StoredApplication,
    { conditions, sync, rendered }: { conditions: ApplicationCondition[]; sync: string; rendered?: RenderOutcome },
  ): Promise<Outcome> {
    await this.conditions.write(application, { conditions, ...(rendered ? { rendered } : {}) });
    const status = {
      sync: { status: sync, ...(rendered ? { revision: rendered.revision } : {}) },
      health: { status: 'Healthy' },
    };
    await this.statuses.write([{ uid: application.metadata.uid, sync, health: 'Healthy', status }]);
    return done();
  }
}

const MAY_ALL = { create: true, update: true, delete: true };

function refusalOf({ spec }: StoredApplication, { projects }: FleetReading): string | undefined {
  const name = spec.project || 'default';
  const project = projects.get(name);
  if (!project) return `application references project ${name} which does not exist`;
  const verdict = permitsApplication(project.spec, spec, { type: 'hub', namespace: spec.destination.namespace ?? '' });
  return verdict.allowed ? undefined : verdict.reason;
}

function ownerOf({ metadata, spec }: StoredApplication): RemovalOwner {
  return {
    queue: 'applications',
    uid: metadata.uid,
    name: `Application ${metadata.namespace}/${metadata.name}`,
    project: spec.project || 'default',
  };
}
