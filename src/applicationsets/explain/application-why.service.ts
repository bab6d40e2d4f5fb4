import { Injectable } from '@nestjs/common';
import { CONTROL_NAMESPACE, type AccessObject } from '../../access/access-object.js';
import type { Actor } from '../../access/actor.js';
import { Evaluator } from '../../access/evaluator.js';
import { ApplicationKind } from '../../applications/application.kind.js';
import type { ApplicationSpec } from '../../applications/domain/application.js';
import { resolveDestination } from '../../applications/domain/destination.js';
import { applicationVerdicts } from '../../applications/domain/permits-application.js';
import type { HubObject, Stored } from '../../database/objects/hub-object.js';
import { ObjectQueries } from '../../database/objects/object-queries.js';
import { ObjectStore } from '../../database/objects/object-store.js';
import { DeliveriesStore } from '../../dispatch/gateway/deliveries/deliveries-store.js';
import { DocumentsService, type DocumentRef } from '../../documents/documents.service.js';
import { FleetReadings, type FleetReading } from '../../generation/fleet-readings.js';
import { rfc3339 } from '../../kernel/clock.js';
import { isObject } from '../../kernel/json.js';
import { ApplicationSetKind } from '../application-set.kind.js';
import { keyOf } from '../domain/desired-applications.js';
import { SetPlanner, type StoredSet } from '../set-planner.js';
import { stateIn } from './application-state.js';
import type { ApplicationWhyAnswer, DeliveryState, Maker } from './application-why.js';
import { LastWrites, type WrittenObject } from './last-writes.js';
import { SetTrace } from './set-trace.js';
import { generationOf } from './shown-template.js';

type StoredApplication = Stored<HubObject<ApplicationSpec>>;

/** What its maker has to do with an Application. */
type Making = Pick<ApplicationWhyAnswer, 'madeBy' | 'generated' | 'state' | 'git'> & { follows: WrittenObject[] };

const KINDS = "each object's kind and namespace is judged at delivery, and again by the agent";

/** Answers why an Application is there and as it is: by running its set again, not by remembering. */
@Injectable()
export class ApplicationWhy {
  constructor(
    private readonly documents: DocumentsService,
    private readonly evaluator: Evaluator,
    private readonly applications: ApplicationKind,
    private readonly sets: ApplicationSetKind,
    private readonly store: ObjectStore,
    private readonly queries: ObjectQueries,
    private readonly fleet: FleetReadings,
    private readonly planner: SetPlanner,
    private readonly deliveries: DeliveriesStore,
    private readonly writes: LastWrites,
  ) {}

  /** Needs `get` on the Application. What made it is explained to those who may get that too. */
  async ask(actor: Actor, ref: DocumentRef): Promise<ApplicationWhyAnswer> {
    const stored = (await this.documents.authorised(actor, 'get', this.applications, ref)) as StoredApplication;
    const { uid, namespace, name, generation, resourceVersion } = stored.object.metadata;
    const project = this.applications.projectOf(stored.object);
    const fleet = await this.fleet.now();
    const { follows, ...making } = await this.makingOf(actor, stored, fleet);
    const at = await this.queries.committedAt(resourceVersion);
    const objects = [...follows, ...surroundings(stored, project, fleet)];
    return {
      application: { namespace, name, uid, project, generation },
      ...making,
      project: { name: project, rules: rulesFor(stored.object, project, fleet), kinds: KINDS },
      commit: { position: resourceVersion, ...(at ? { at: rfc3339(at) } : {}) },
      writes: await this.writes.of(actor, objects, resourceVersion),
      delivery: await this.deliveryOf(stored.object, fleet),
    };
  }

  private async makingOf(actor: Actor, stored: StoredApplication, fleet: FleetReading): Promise<Making> {
    const { ownerUid } = stored.scope;
    if (ownerUid === undefined) return byHand(stored.object, { kind: 'document' });
    const owner = await this.store.findByUid(ownerUid);
    if (owner?.object.kind === 'Application') return byHand(stored.object, await this.parentOf(actor, owner.object));
    return this.bySet(actor, stored.object, { uid: ownerUid, set: owner?.object as StoredSet | undefined, fleet });
  }

  private async parentOf(actor: Actor, parent: HubObject): Promise<Maker> {
    const { namespace, name, uid } = parent.metadata;
    const access = { namespace, name, project: this.applications.projectOf(parent) };
    const verdict = await this.evaluator.can(actor, 'get', 'applications', access);
    const note = 'it is a document of this Application, as its repository has it';
    return verdict.allowed
      ? { kind: 'Application', namespace, name, uid, note }
      : { kind: 'Application', note: UNSEEN };
  }

  private async bySet(
    actor: Actor,
    application: HubObject,
    { uid, set, fleet }: { uid: string; set: StoredSet | undefined; fleet: FleetReading },
  ): Promise<Making> {
    const named = application.metadata.ownerReferences?.find((reference) => reference.uid === uid)?.name;
    const madeBy: Maker = { kind: 'ApplicationSet', uid, ...(named === undefined ? {} : { name: named }) };
    if (!set) {
      const state = stateIn(application, await this.planner.planOrphans(uid, await this.store.owned(uid)));
      return { madeBy: { ...madeBy, note: 'the set is gone' }, generated: [], state, git: [], follows: [] };
    }
    const access = accessOf(set, this.sets);
    const { allowed } = await this.evaluator.can(actor, 'get', 'applicationsets', access);
    if (!allowed) return { ...unexplained, madeBy: { ...madeBy, note: UNSEEN } };
    const trace = new SetTrace();
    const plan = await this.planner.planSet(set, fleet, trace);
    const key = keyOf(application.metadata);
    const { namespace, generation, resourceVersion: position } = set.metadata;
    return {
      madeBy: { ...madeBy, namespace, generation },
      generated: trace.applications
        .filter((each) => keyOf(each.application.metadata) === key)
        .slice(0, MOST_GENERATIONS)
        .map((each) => generationOf(each, set)),
      state: stateIn(application, plan),
      git: trace.commits,
      follows: [{ kind: set.kind, resource: 'applicationsets', ...access, position }],
    };
  }

  private async deliveryOf({ metadata, status = {} }: HubObject, { clusters }: FleetReading): Promise<DeliveryState> {
    const names = new Map(clusters.all.map(({ uid, name }) => [uid, name]));
    const rows = await this.deliveries.forApplications([metadata.uid]);
    const { sync, health, conditions } = status;
    return {
      sync: statusText(sync),
      health: statusText(health),
      conditions: Array.isArray(conditions) ? conditions : [],
      clusters: rows.map(({ clusterUid, intent, bundleDigest, position, heldPrunes, operation }) => ({
        cluster: names.get(clusterUid) ?? clusterUid,
        intent,
        bundle: bundleDigest,
        position,
        heldPrunes,
        operation: operation?.id ?? null,
      })),
    };
  }
}

const MOST_GENERATIONS = 5;
const UNSEEN = 'you may not see what made it';

const unexplained: Omit<Making, 'madeBy'> = {
  generated: [],
  state: { state: 'unknown', reason: UNSEEN },
  git: [],
  follows: [],
};

function byHand({ metadata }: HubObject, madeBy: Maker): Making {
  const state = metadata.deletionTimestamp === undefined ? 'written-by-hand' : 'being-deleted';
  return {
    madeBy,
    generated: [],
    state: { state: madeBy.kind === 'document' ? state : 'as-generated' },
    git: [],
    follows: [],
  };
}

/** Beside what made it: its own document, its cluster and its project. */
function surroundings({ object, scope }: StoredApplication, project: string, fleet: FleetReading): WrittenObject[] {
  const { namespace, name, resourceVersion } = object.metadata;
  const cluster = scope.cluster === undefined ? undefined : fleet.clusters.byName(scope.cluster);
  const rules = fleet.projects.get(project);
  const inControl = { namespace: CONTROL_NAMESPACE };
  return [
    ...(scope.ownerUid === undefined
      ? [{ kind: object.kind, resource: 'applications' as const, namespace, name, project, position: resourceVersion }]
      : []),
    ...(cluster
      ? [
          {
            kind: 'Cluster',
            resource: 'clusters' as const,
            ...inControl,
            name: cluster.name,
            ...(cluster.project === undefined ? {} : { project: cluster.project }),
            position: cluster.resourceVersion,
          },
        ]
      : []),
    ...(rules
      ? [
          {
            kind: 'AppProject',
            resource: 'projects' as const,
            ...inControl,
            name: project,
            position: rules.resourceVersion,
          },
        ]
      : []),
  ];
}

function rulesFor(
  { metadata, spec }: HubObject<ApplicationSpec>,
  project: string,
  { clusters, projects }: FleetReading,
) {
  const found = projects.get(project);
  const destination = resolveDestination(spec.destination, clusters);
  if (!found) return [{ rule: 'destinations' as const, subject: project, allowed: false, reason: 'no such project' }];
  if (!destination.ok) {
    const { message: reason } = destination.error;
    return [{ rule: 'destinations' as const, subject: metadata.name, allowed: false, reason }];
  }
  const place = {
    namespace: metadata.namespace,
    destination: destination.value,
    ownClusters: clusters.ownedBy(project),
  };
  return applicationVerdicts(found.spec, spec, place);
}

function accessOf(set: StoredSet, kind: ApplicationSetKind): AccessObject & { namespace: string } {
  const { namespace, name } = set.metadata;
  return { namespace, name, project: kind.projectOf(set) ?? 'default' };
}

function statusText(member: unknown): string {
  const status = isObject(member) ? member['status'] : undefined;
  return typeof status === 'string' ? status : 'Unknown';
}
