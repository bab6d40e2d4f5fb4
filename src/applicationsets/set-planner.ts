import { Injectable } from '@nestjs/common';
import { GuardMemory, type OwnerMemory, type RememberedInput, type RemovalOwner } from '../approvals/guard-memory.js';
import { RemovalGuard } from '../approvals/removal-guard.js';
import type { Guarded } from '../changes/guard.js';
import { emptiedInput } from '../changes/emptied-input.js';
import { plan, type Plan } from '../changes/plan.js';
import type { FleetReading } from '../clusters/fleet-readings.js';
import type { HubObject, ObjectWrite, Stored } from '../database/objects/hub-object.js';
import { ObjectStore } from '../database/objects/object-store.js';
import { expandApplicationSet } from '../expansion/expand.js';
import type { ApplicationSetSpec as ExpandedSpec } from '../expansion/applicationset-document.js';
import type { Expansion, GeneratedApplication } from '../expansion/expansion.js';
import { FleetExpansionReader } from '../expansion/fetchers/fleet-expansion-reader.js';
import { deny } from '../kernel/verdict.js';
import { permitsSource } from '../projects/domain/permits-source.js';
import { GitMirrors } from '../repositories/git/git-mirrors.js';
import type { ApplicationSetSpec } from './domain/application-set.js';
import { desiredApplications, keyOf, storedItem, type ApplicationProblem } from './domain/desired-applications.js';
import { ownerProject } from './domain/owner-project.js';
import { preservedFieldsOf } from './domain/preserved-fields.js';
import { mayOf } from './domain/set-policy.js';

export type StoredSet = HubObject<ApplicationSetSpec>;

/** inputs → desired → plan → guard, for one set; commit and preview start from the same value. */
export interface SetPlan {
  owner: RemovalOwner;
  known: OwnerMemory;
  expansion: Expansion<GeneratedApplication>;
  problems: ApplicationProblem[];
  plan: Plan<ObjectWrite, Stored>;
  guarded: Guarded;
  /** Absent when some input was unreadable or removals wait: what was known before stays the measure. */
  inputs?: RememberedInput[];
  repositories: ReadonlySet<string>;
  /** Versions of everything that was read. */
  reads: Map<string, string>;
}

const QUEUE = 'applicationsets';
const NO_EXPANSION: Expansion<GeneratedApplication> = { documents: [], branches: [], errors: [], warnings: [] };

@Injectable()
export class SetPlanner {
  constructor(
    private readonly store: ObjectStore,
    private readonly git: GitMirrors,
    private readonly memory: GuardMemory,
    private readonly guard: RemovalGuard,
  ) {}

  async planSet(set: StoredSet, fleet: FleetReading): Promise<SetPlan> {
    const project = ownerProject(set) ?? 'default';
    const rules = fleet.projects.get(project)?.spec;
    const reader = new FleetExpansionReader(fleet.clusters.records(), this.git, (url) =>
      rules ? permitsSource(rules, url) : deny(`the set's project "${project}" does not exist`),
    );
    const expansion =
      set.metadata.deletionTimestamp === undefined
        ? await expandApplicationSet({ metadata: set.metadata, spec: set.spec as unknown as ExpandedSpec }, reader)
        : NO_EXPANSION;
    const planned = await this.planResults(set, expansion, { fleet, project });
    return { ...planned, expansion, repositories: reader.read, reads: versions(set, fleet) };
  }

  /** The set is gone: what it generated goes too, under the same guard (as its owner reference has it in Argo CD). */
  async planOrphans(
    uid: string,
    owned: readonly Stored[],
  ): Promise<Omit<SetPlan, 'expansion' | 'repositories' | 'problems'>> {
    const project = owned[0]?.scope.project;
    const name = owned[0]?.object.metadata.ownerReferences?.find((reference) => reference.uid === uid)?.name ?? uid;
    const owner = { queue: QUEUE, uid, name: `deleted ApplicationSet ${name}`, ...(project ? { project } : {}) };
    const preserved = { labels: new Set<string>(), annotations: new Set<string>() };
    const result = plan<ObjectWrite, Stored>({
      desired: [],
      stored: owned.map((stored) => storedItem(stored, preserved)),
      may: { create: false, update: false, delete: true },
    });
    const known = await this.memory.read(uid);
    return {
      owner,
      known,
      plan: result,
      guarded: await this.judge(owner, known, result),
      inputs: [],
      reads: new Map(),
    };
  }

  private async planResults(
    set: StoredSet,
    expansion: Expansion<GeneratedApplication>,
    { fleet, project }: { fleet: FleetReading; project: string },
  ): Promise<Pick<SetPlan, 'owner' | 'known' | 'problems' | 'plan' | 'guarded' | 'inputs'>> {
    const { uid, name, namespace } = set.metadata;
    const owned = await this.store.owned(uid);
    const stored = await this.storedByKey(owned, expansion.documents);
    const preserved = preservedFieldsOf(set.spec);
    const reference = {
      apiVersion: set.apiVersion,
      kind: set.kind,
      name,
      uid,
      controller: true,
      blockOwnerDeletion: true,
    };
    const context = {
      project,
      owner: reference,
      preserved,
      clusters: fleet.clusters,
      projects: fleet.projects,
      stored,
    };
    const { desired, leave, problems } = desiredApplications(expansion.documents, context);
    const failed = expansion.branches.find((branch) => branch.state === 'failed')?.error ?? expansion.errors[0];
    const result = plan({
      desired,
      leave,
      stored: [...stored.values()].map((item) => storedItem(item, preserved)),
      may: mayOf(set.spec),
      ...(failed ? { unreadable: `${failed.path}: ${failed.message}` } : {}),
    });
    const owner = { queue: QUEUE, uid, name: `ApplicationSet ${namespace}/${name}`, project };
    const known = await this.memory.read(uid);
    const inputs = expansion.branches.flatMap((branch) => branch.remoteReads.map(rememberedInput));
    const emptied = emptiedInput(known.inputs, inputs);
    const guarded = await this.judge(owner, known, result, emptied);
    const settled = failed === undefined && guarded.held.length === 0;
    return { owner, known, problems, plan: result, guarded, ...(settled ? { inputs } : {}) };
  }

  private async judge(
    owner: RemovalOwner,
    known: OwnerMemory,
    { deletes }: Plan<ObjectWrite, Stored>,
    emptied?: string,
  ): Promise<Guarded> {
    const lines = deletes.map((item) => ({
      uid: item.uid,
      action: 'delete' as const,
      target: `Application ${item.key}`,
      objects: [],
    }));
    const totals =
      lines.length === 0 ? { owner: 0, project: 0, fleet: 0 } : await this.store.totals('Application', owner);
    return this.guard.judge({ owner, unit: 'application', known, lines, totals, ...(emptied ? { emptied } : {}) });
  }

  private async storedByKey(
    owned: readonly Stored[],
    generated: readonly GeneratedApplication[],
  ): Promise<Map<string, Stored>> {
    const byKey = new Map(owned.map((stored) => [keyOf(stored.object.metadata), stored]));
    const names = generated.map(({ metadata }) => metadata).filter((metadata) => !byKey.has(keyOf(metadata)));
    for (const stored of await this.store.named('Application', names)) byKey.set(keyOf(stored.object.metadata), stored);
    return byKey;
  }
}

function rememberedInput(read: {
  path: string;
  repoURL: string;
  revision: string;
  patterns: readonly string[];
  results: number;
}): RememberedInput {
  return { path: [read.path, read.repoURL, read.revision, ...read.patterns].join(' '), results: read.results };
}

function versions(set: StoredSet, { clusters, projects }: FleetReading): Map<string, string> {
  return new Map([
    [set.metadata.uid, set.metadata.resourceVersion],
    ...clusters.all.map((cluster): [string, string] => [cluster.uid, cluster.resourceVersion]),
    ...[...projects.values()].map((project): [string, string] => [project.uid, project.resourceVersion]),
  ]);
}
