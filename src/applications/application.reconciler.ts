import { Injectable } from '@nestjs/common';
import { FleetReadings, type FleetReading } from '../generation/fleet-readings.js';
import type { Stored } from '../database/objects/hub-object.js';
import { ObjectStore } from '../database/objects/object-store.js';
import { DeliveriesStore } from '../dispatch/gateway/deliveries/deliveries-store.js';
import { FleetError } from '../kernel/errors.js';
import { Log } from '../kernel/log.js';
import type { ObjectChange } from '../reconcile/object-change.js';
import { again, done, wait, type Outcome } from '../reconcile/outcome.js';
import { Reconciler } from '../reconcile/reconciler.js';
import { RepositoryReaders } from '../repositories/repository-readers.js';
import { ApplicationConditions } from './application-conditions.js';
import { ApplicationRemoval } from './application-removal.js';
import { DeliveryCommit } from './delivery/delivery-commit.js';
import type { DeliveryDecision, StoredApplication } from './delivery/delivery-decision.js';
import { DeliveryPlanner } from './delivery/delivery-planner.js';
import { sourcesOf } from './domain/application.js';
import { resolveDestination, type MemberDestination } from './domain/destination.js';
import { permitsApplication } from './domain/permits-application.js';
import { HubDocuments } from './hub-documents/hub-documents.js';

const SKIP_ANNOTATION = 'argocd.argoproj.io/skip-reconcile';

/** Brings each Application's deliveries to what its sources, its destination and its project say. */
@Injectable()
export class ApplicationReconciler extends Reconciler {
  readonly queue = 'applications';

  constructor(
    private readonly store: ObjectStore,
    private readonly fleet: FleetReadings,
    private readonly deliveries: DeliveriesStore,
    private readonly planner: DeliveryPlanner,
    private readonly deliver: DeliveryCommit,
    private readonly hubDocuments: HubDocuments,
    private readonly removal: ApplicationRemoval,
    private readonly conditions: ApplicationConditions,
    private readonly readers: RepositoryReaders,
    private readonly log: Log,
  ) {
    super();
  }

  /** An Application itself; the owner of a changed document; every one of a changed project or on a changed cluster. */
  async interestedIn(changes: readonly ObjectChange[]): Promise<readonly string[]> {
    const keys = new Set(changes.filter(({ kind }) => kind === 'Application').map(({ uid }) => uid));
    const projects = changes.filter(({ kind }) => kind === 'AppProject').map(({ name }) => name);
    const clusters = changes.filter(({ kind }) => kind === 'Cluster').map(({ name }) => name);
    const touched = await this.store.uidsWithin('Application', { projects, clusters });
    for (const uid of touched) keys.add(uid);
    for (const { ownerUid } of changes) if (ownerUid !== undefined) keys.add(ownerUid);
    return [...keys];
  }

  async reconcile(uid: string): Promise<Outcome> {
    const stored = await this.store.findByUid<StoredApplication>(uid);
    try {
      if (!stored) return await this.removal.orphan(uid);
      if (stored.object.kind !== 'Application') return done();
      return await this.reconcileStored(stored);
    } catch (error) {
      if (error instanceof FleetError && error.code === 'STALE_PLAN') return again(0);
      throw error;
    }
  }

  private async reconcileStored(stored: Stored<StoredApplication>): Promise<Outcome> {
    const { metadata, spec } = stored.object;
    if (metadata.deletionTimestamp !== undefined) return this.removal.remove(stored.object);
    if (metadata.annotations[SKIP_ANNOTATION] === 'true') return done();
    const urls = sourcesOf(spec).map(({ repoURL }) => repoURL);
    await this.readers.record({ queue: this.queue, key: metadata.uid }, new Set(urls));
    const { name, server } = spec.destination;
    const asked = { project: spec.project || 'default', name: name ?? '', server: server ?? '' };
    const fleet = await this.fleet.around(asked);
    const destination = resolveDestination(spec.destination, fleet.clusters);
    if (!destination.ok) return this.dispatch(stored, fleet, destination.error.message);
    if (destination.value.type === 'hub') return this.hubDocuments.reconcile(stored, fleet);
    return this.dispatch(stored, fleet, destination.value);
  }

  private async dispatch(
    stored: Stored<StoredApplication>,
    fleet: FleetReading,
    where: MemberDestination | string,
  ): Promise<Outcome> {
    const decision = await this.decide(stored, fleet, where);
    const changed = await this.deliver.commit(stored.object, decision, reads(stored, fleet, where));
    await this.conditions.write(stored.object, decision);
    const application = decision.owner.name;
    if (changed > 0)
      this.log.info(
        { application, bundle: decision.rendered?.digest, intents: decision.writes.map(({ intent }) => intent) },
        'delivery committed',
      );
    for (const { line, reason } of decision.guarded.held)
      this.log.warn({ application, objects: line.objects.length, reason }, 'removal awaits approval');
    const [condition] = decision.conditions;
    return decision.retryAfterMs === undefined
      ? done()
      : wait(condition?.message ?? 'input unreadable', decision.retryAfterMs);
  }

  /** The questions in order: is there a project, does the destination exist, may it go there, what would it deliver? */
  private async decide(
    stored: Stored<StoredApplication>,
    fleet: FleetReading,
    where: MemberDestination | string,
  ): Promise<DeliveryDecision> {
    const { metadata, spec } = stored.object;
    const rows = await this.deliveries.forApplications([metadata.uid]);
    const name = spec.project || 'default';
    const project = fleet.projects.get(name);
    if (!project)
      return this.planner.freeze(stored, rows, `application references project ${name} which does not exist`);
    if (typeof where === 'string') return this.planner.freeze(stored, rows, where);
    const verdict = permitsApplication(project.spec, spec, where);
    if (!verdict.allowed) return this.planner.freeze(stored, rows, verdict.reason);
    return this.planner.plan({ stored, project, cluster: where.cluster, namespace: where.namespace, rows });
  }
}

function reads(
  stored: Stored<StoredApplication>,
  { projects, clusters }: FleetReading,
  where: MemberDestination | string,
): Map<string, string> {
  const project = projects.get(stored.object.spec.project || 'default');
  const cluster = typeof where === 'string' ? undefined : clusters.byName(where.cluster.name);
  return new Map([project, cluster].flatMap((read) => (read ? [[read.uid, read.resourceVersion] as const] : [])));
}
