import { Injectable } from '@nestjs/common';
import { isEmptyPlan } from '../../changes/plan.js';
import type { RemovalOwner } from '../../approvals/guard-memory.js';
import type { Stored } from '../../database/objects/hub-object.js';
import { ObjectStore } from '../../database/objects/object-store.js';
import { Transactions } from '../../database/transactions.js';
import type { FleetReading } from '../../generation/fleet-readings.js';
import { GeneratedPlanner, type GeneratedPlan } from '../../generation/generated-plan.js';
import { OwnedObjects, type OwnedCommit } from '../../generation/owned-objects.js';
import { Log } from '../../kernel/log.js';
import { controllerOf } from '../../kernel/object.js';
import type { ProjectInfo } from '../../projects/project.reader.js';
import { done, wait, type Outcome } from '../../reconcile/outcome.js';
import { ApplicationConditions } from '../application-conditions.js';
import type { ApplicationCondition, StoredApplication } from '../delivery/delivery-decision.js';
import { sourcesOf } from '../domain/application.js';
import { permitsApplication } from '../domain/permits-application.js';
import { deliverySettings } from '../domain/sync-settings.js';
import { HubBundleReader, type HubBundle } from './hub-bundle-reader.js';
import { GRANTABLE_KINDS } from './hub-document-door.js';
import { circular, COMES_FROM_IT, storedDocument } from './hub-document-plan.js';

const RETRY_MS = 60_000;
const OWNED = { unit: 'document', kinds: GRANTABLE_KINDS } as const;

/** Applications destined for `in-cluster`: their bundle's documents enter the hub's own store (app-of-apps). */
@Injectable()
export class HubDocuments {
  constructor(
    private readonly reader: HubBundleReader,
    private readonly planner: GeneratedPlanner,
    private readonly owned: OwnedObjects,
    private readonly store: ObjectStore,
    private readonly conditions: ApplicationConditions,
    private readonly transactions: Transactions,
    private readonly log: Log,
  ) {}

  reconcile({ object }: Stored<StoredApplication>, fleet: FleetReading): Promise<Outcome> {
    return this.run(object, fleet, deliverySettings(object, '').automated);
  }

  /** "Sync now", for an Application whose sync is not automated. Documents that left go only where pruning is. */
  async sync({ object }: Stored<StoredApplication>, fleet: FleetReading): Promise<void> {
    await this.run(object, fleet, true);
  }

  private async run(object: StoredApplication, fleet: FleetReading, applies: boolean): Promise<Outcome> {
    const project = fleet.projects.get(object.spec.project || 'default');
    const refusal = refusalOf(object, project);
    if (!project || refusal !== undefined) {
      await this.report(object, 'Unknown', [{ type: 'InvalidSpecError', message: refusal ?? '' }]);
      return done();
    }
    const bundle = await this.reader.read(object, project.spec);
    if (!bundle.ok) {
      await this.report(object, 'Unknown', [{ type: 'ComparisonError', message: bundle.error }]);
      return wait(bundle.error, RETRY_MS);
    }
    const plan = await this.plan(object, project, bundle.value);
    const { held, reason } = applies ? await this.commit(plan) : { held: 0, reason: undefined };
    const conditions = conditionsOf(bundle.value, plan);
    if (held > 0)
      conditions.push({ type: 'AwaitingApproval', message: `${held} documents wait to be removed: ${reason}` });
    const pending = conditions.length > 0 || plan.plan.kept.length > 0 || !(applies || isEmptyPlan(plan.plan));
    await this.report(object, pending ? 'OutOfSync' : 'Synced', conditions, bundle.value);
    const fault = bundle.value.faults[0];
    return fault ? wait(`${fault.path}: ${fault.code}`, RETRY_MS) : done();
  }

  /**
   * True when no document is left; false while some are pruned or held. The last one to go wakes its owner. Documents
   * that the Application itself comes from stay: its end is not theirs.
   */
  async remove(application: StoredApplication): Promise<boolean> {
    const owners = await this.store.ownersOf(application.metadata.uid);
    const stored = (await this.stored(application)).filter(({ uid }) => !owners.has(uid));
    const plan = await this.planner.planOrphans({ ...OWNED, owner: ownerOf(application), stored });
    await this.commit(plan);
    return stored.length === 0;
  }

  /** The Application is gone: documents that it left are nobody's then, and another may bring them. */
  async release(uid: string): Promise<void> {
    const left = await this.store.owned(uid);
    const isApplications = left.every(({ object }) => controllerOf(object.metadata)?.uid !== uid);
    if (left.length > 0 && isApplications) await this.transactions.run((tx) => this.store.disown(tx, [uid]));
  }

  private async plan(application: StoredApplication, project: ProjectInfo, bundle: HubBundle): Promise<GeneratedPlan> {
    const { documents: desired, live } = bundle;
    const known = new Map((await this.stored(application)).map((item) => [item.key, item]));
    // As the documents were read when the desired ones were made of them, so that a later edit is not undone.
    for (const item of live.map(storedDocument)) known.set(item.key, item);
    const stored = [...known.values()];
    const owners = await this.store.ownersOf(application.metadata.uid);
    return this.planner.plan({
      ...OWNED,
      owner: ownerOf(application),
      expansion: { documents: [], branches: [branchOf(application, bundle)], errors: bundle.faults, warnings: [] },
      items: { desired, leave: circular(stored, desired, owners), problems: [] },
      stored,
      may: { create: true, update: true, delete: deliverySettings(application, '').prune },
      repositories: new Set(),
      reads: new Map([application.metadata, project].map(({ uid, resourceVersion }) => [uid, resourceVersion])),
    });
  }

  private async commit(plan: GeneratedPlan): Promise<OwnedCommit> {
    const commit = await this.owned.commit(plan);
    const changes = commit.created + commit.updated + commit.deleted;
    if (changes > 0) this.log.info({ application: plan.owner.name, ...commit }, 'hub documents applied');
    return commit;
  }

  private async stored(application: StoredApplication) {
    return (await this.store.owned(application.metadata.uid)).map(storedDocument);
  }

  /** Documents have no health of their own here; what they lead to is judged where it is delivered. */
  private report(
    application: StoredApplication,
    sync: 'Synced' | 'OutOfSync' | 'Unknown',
    conditions: ApplicationCondition[],
    bundle?: HubBundle,
  ): Promise<void> {
    const rendered = bundle ? { rendered: bundle.rendered } : {};
    return this.conditions.write([{ application, conditions, ...rendered, verdict: { sync, health: 'Healthy' } }]);
  }
}

function conditionsOf({ faults }: HubBundle, { plan }: GeneratedPlan): ApplicationCondition[] {
  const refused = faults.map(({ path, code, message }) => `${path}: ${code}: ${message}`);
  const stuck = plan.kept.filter(({ reason }) => reason === COMES_FROM_IT);
  const stays = stuck.map(({ item, reason }) => {
    const { kind, metadata } = item.value.object;
    return `${kind} "${metadata.name}" left the repository, but stays: ${reason}`;
  });
  return [...refused, ...stays].map((message) => ({ type: 'SyncError', message }));
}

/** The source as a remote input: if it gave documents before and gives none now, their removal waits. */
function branchOf({ spec }: StoredApplication, { rendered }: HubBundle) {
  const { repoURL = '', targetRevision } = sourcesOf(spec)[0] ?? {};
  const { objectCount: results } = rendered;
  const read = {
    path: 'spec.source',
    repoURL,
    revision: targetRevision ?? '',
    kind: 'files' as const,
    patterns: [],
    results,
  };
  return { index: 0, state: 'complete' as const, remoteReads: [read], results };
}

function refusalOf({ metadata, spec }: StoredApplication, project: ProjectInfo | undefined): string | undefined {
  if (!project) return `application references project ${spec.project || 'default'} which does not exist`;
  const destination = { type: 'hub', namespace: spec.destination.namespace ?? '' } as const;
  const verdict = permitsApplication(project.spec, spec, {
    namespace: metadata.namespace,
    destination,
    ownClusters: [],
  });
  return verdict.allowed ? undefined : verdict.reason;
}

function ownerOf({ metadata, spec }: StoredApplication): RemovalOwner {
  const { uid, namespace, name } = metadata;
  return { queue: 'applications', uid, name: `Application ${namespace}/${name}`, project: spec.project || 'default' };
}
