import { Injectable } from '@nestjs/common';
import type { HubObject, Stored } from '../database/objects/hub-object.js';
import { ObjectStore } from '../database/objects/object-store.js';
import type { ApplicationSetSpec as ExpandedSpec } from '../expansion/applicationset-document.js';
import { expandApplicationSet } from '../expansion/expand.js';
import type { Expansion, ExpansionError, GeneratedApplication } from '../expansion/expansion.js';
import { FleetExpansionReader } from '../expansion/fetchers/fleet-expansion-reader.js';
import { RemoteInputs } from '../expansion/fetchers/remote-inputs.js';
import { shortestRequeueSeconds } from '../expansion/requeue-interval.js';
import type { JudgedItems } from '../generation/judged-items.js';
import type { FleetReading } from '../generation/fleet-readings.js';
import { GeneratedPlanner, versionsOf, type GeneratedPlan } from '../generation/generated-plan.js';
import type { RolloutVerdict } from '../generation/generator-status.js';
import { deny } from '../kernel/verdict.js';
import { permitsSource } from '../projects/domain/permits-source.js';
import { GitMirrors } from '../repositories/git/git-mirrors.js';
import type { ApplicationSetSpec } from './domain/application-set.js';
import { judging, keyOf, storedItem, UNITS_AN_ITEM } from './domain/desired-applications.js';
import { ownerProject } from './domain/owner-project.js';
import type { RolloutStep } from './domain/rollout/rolling-strategy.js';
import { removalRule } from './domain/removal-order.js';
import { rolloutTurns, type RolloutTurn } from './domain/rollout/rollout-turns.js';
import { mayOf, NO_POLICIES, setPolicies } from './domain/set-policy.js';
import type { SetTrace } from './explain/set-trace.js';

export type StoredSet = HubObject<ApplicationSetSpec>;

const OWNED = { unit: 'application', kinds: ['Application'] } as const;
const QUEUE = 'applicationsets';

/** What an ApplicationSet's Applications should become, given one reading of the fleet. Writes nothing. */
@Injectable()
export class SetPlanner {
  constructor(
    private readonly store: ObjectStore,
    private readonly git: GitMirrors,
    private readonly remote: RemoteInputs,
    private readonly planner: GeneratedPlanner,
  ) {}

  /** A trace, where one is given, is told how each Application came about. */
  async planSet(set: StoredSet, fleet: FleetReading, trace?: SetTrace): Promise<GeneratedPlan> {
    const { uid, name, namespace, deletionTimestamp } = set.metadata;
    if (deletionTimestamp !== undefined) return this.planRemoval(set);
    const project = ownerProject(set) ?? 'default';
    const rules = fleet.projects.get(project)?.spec;
    const reader = new FleetExpansionReader({
      clusters: fleet.clusters.records(),
      git: this.git,
      permits: (url) => (rules ? permitsSource(rules, url) : deny(`the set's project "${project}" does not exist`)),
      remote: this.remote.readerFor(set.metadata),
    });
    const document = { metadata: set.metadata, spec: set.spec as unknown as ExpandedSpec };
    const policies = setPolicies(set.spec);
    const expansion = policies.ok
      ? await expandApplicationSet(document, reader, { observer: trace, breathe: this.planner.turns.breathe })
      : refused(policies.error);
    if (trace) trace.commits = await reader.commitsRead();
    const stored = await this.storedByKey(uid, expansion.documents);
    const { preserved, ignored, steps } = policies.ok ? policies.value : NO_POLICIES;
    const owner = { apiVersion: set.apiVersion, kind: set.kind, name, uid, controller: true, blockOwnerDeletion: true };
    const context = {
      project,
      owner,
      preserved,
      ignored,
      rollsOut: steps !== undefined,
      clusters: fleet.clusters,
      projects: fleet.projects,
      stored,
      comesFrom: await this.comesFrom(uid, stored),
    };
    const pace = this.planner.turns.pace();
    const items = await pace.run(judging(expansion.documents, context));
    const plan = await this.planner.plan({
      ...OWNED,
      owner: { queue: QUEUE, uid, name: `ApplicationSet ${namespace}/${name}`, project },
      expansion,
      items,
      stored: await pace.map(stored.values(), (item) => storedItem(item, preserved), UNITS_AN_ITEM),
      may: mayOf(set.spec),
      repositories: reader.read,
      commits: await reader.commitsRead(),
      requeueSeconds: shortestRequeueSeconds(set.spec.generators),
      reads: versionsOf(set, fleet),
    });
    return steps === undefined ? plan : { ...plan, rollout: rolloutOf(set), turns: turnsOf(steps, items, plan) };
  }

  /** What the deletion of a set leads to in the end. */
  async planRemoval({ metadata, spec }: StoredSet): Promise<GeneratedPlan> {
    const owned = await this.store.owned(metadata.uid);
    return this.planOrphans(metadata.uid, owned, removalRule(spec, metadata.finalizers ?? []) === 'keep');
  }

  async planOrphans(uid: string, orphans: readonly Stored[], keeps = false): Promise<GeneratedPlan> {
    const [first] = orphans;
    const project = first?.scope.project;
    const name = first?.object.metadata.ownerReferences?.find((reference) => reference.uid === uid)?.name ?? uid;
    return this.planner.planOrphans({
      ...OWNED,
      owner: { queue: QUEUE, uid, name: `deleted ApplicationSet ${name}`, ...(project ? { project } : {}) },
      stored: orphans.map((stored) => storedItem(stored, { labels: new Set(), annotations: new Set() })),
      keeps,
    });
  }

  private async storedByKey(uid: string, generated: readonly GeneratedApplication[]): Promise<Map<string, Stored>> {
    const owned = await this.store.owned(uid);
    const byKey = new Map(owned.map((stored) => [keyOf(stored.object.metadata), stored]));
    const names = generated.map(({ metadata }) => metadata).filter((metadata) => !byKey.has(keyOf(metadata)));
    for (const stored of await this.store.named('Application', names)) byKey.set(keyOf(stored.object.metadata), stored);
    return byKey;
  }

  /** Asked only where some Application might be adopted. */
  private async comesFrom(uid: string, stored: ReadonlyMap<string, Stored>): Promise<ReadonlySet<string>> {
    const adopts = [...stored.values()].some(({ scope }) => scope.ownerUid === undefined);
    return adopts ? this.store.ownersOf(uid) : new Set();
  }
}

/** Nothing was generated, and so nothing is touched. */
function refused(error: ExpansionError): Expansion<GeneratedApplication> {
  return { documents: [], branches: [], errors: [error], warnings: [] };
}

/** Written by the rollout, and told among the conditions of the set. */
function rolloutOf({ status }: StoredSet): RolloutVerdict | null {
  return (status?.['rollout'] ?? null) as unknown as RolloutVerdict | null;
}

function turnsOf(
  steps: readonly RolloutStep[],
  { desired }: JudgedItems,
  { plan }: GeneratedPlan,
): Map<string, RolloutTurn> {
  const labelled = desired.map(({ key, value }) => ({ key, labels: value.object.metadata.labels ?? {} }));
  return rolloutTurns(steps, labelled, new Set([...plan.creates, ...plan.updates].map(({ key }) => key)));
}
