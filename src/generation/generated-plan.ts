import { Injectable } from '@nestjs/common';
import {
  GuardMemory,
  type OwnerMemory,
  type RememberedInput,
  type RemovalOwner,
  type RemovalUnit,
} from '../approvals/guard-memory.js';
import { RemovalGuard } from '../approvals/removal-guard.js';
import { emptiedInput } from '../changes/emptied-input.js';
import type { Guarded } from '../changes/guard.js';
import { plan, planning, type Plan, type PlanInput, type StoredItem } from '../changes/plan.js';
import type { HubObject, ObjectWrite, Stored } from '../database/objects/hub-object.js';
import { ObjectStore } from '../database/objects/object-store.js';
import type { Expansion, RemoteRead } from '../expansion/expansion.js';
import type { ReadCommit } from '../expansion/fetchers/fleet-expansion-reader.js';
import type { FleetReading } from './fleet-readings.js';
import type { RolloutVerdict } from './generator-status.js';
import type { JudgedItems, Problem } from './judged-items.js';
import { Turns } from './turns.js';

export interface GenerationRequest {
  owner: RemovalOwner;
  unit: RemovalUnit;
  /** Kinds of the hub objects that are generated, and counted together. */
  kinds: readonly string[];
  expansion: Expansion<unknown>;
  items: JudgedItems;
  stored: readonly StoredItem<Stored>[];
  may: PlanInput<unknown, unknown>['may'];
  /** Repositories that were asked for. */
  repositories: ReadonlySet<string>;
  /** What their revisions stood for. */
  commits?: readonly ReadCommit[];
  /** After how long remote inputs are asked again; undefined where the set has none that must be. */
  requeueSeconds?: number | undefined;
  /** Versions of everything that was read. */
  reads: ReadonlyMap<string, string>;
}

export interface OrphanRequest extends Pick<GenerationRequest, 'owner' | 'unit' | 'kinds' | 'stored'> {
  /** The owner's policy lets them stay. */
  keeps?: boolean;
}

/** inputs → desired → plan → guard, for one set of generators; commit and preview start from the same value. */
export interface GeneratedPlan {
  owner: RemovalOwner;
  unit: RemovalUnit;
  known: OwnerMemory;
  expansion: Omit<Expansion<unknown>, 'documents'>;
  problems: readonly Problem[];
  plan: Plan<ObjectWrite, Stored>;
  /** What the plan compared with: all that the set owns, and whoever else has the names it wants. */
  stored: readonly StoredItem<Stored>[];
  guarded: Guarded;
  /** As it was last judged, of a set that rolls out. */
  rollout?: RolloutVerdict | null;
  /** When the rollout would sync what the plan creates and updates, by key. */
  turns?: ReadonlyMap<string, { step: number; first: boolean }>;
  /** Absent when some input was unreadable or removals wait: what was known before stays the measure. */
  inputs?: RememberedInput[];
  repositories: ReadonlySet<string>;
  commits?: readonly ReadCommit[];
  requeueSeconds?: number | undefined;
  reads: ReadonlyMap<string, string>;
}

/** The part of planning that is the same for Applications and stores. */
@Injectable()
export class GeneratedPlanner {
  /** Whoever plans for this process takes turns. */
  readonly turns = new Turns();

  constructor(
    private readonly store: ObjectStore,
    private readonly memory: GuardMemory,
    private readonly guard: RemovalGuard,
  ) {}

  async plan({ items, stored, may, ...request }: GenerationRequest): Promise<GeneratedPlan> {
    const { owner, unit, kinds, expansion } = request;
    const failed = expansion.branches.find((branch) => branch.state === 'failed')?.error ?? expansion.errors[0];
    const unreadable = failed ? { unreadable: `${failed.path}: ${failed.message}` } : {};
    const pace = this.turns.pace();
    const result = await pace.run(planning({ desired: items.desired, leave: items.leave, stored, may, ...unreadable }));
    const known = await this.memory.read(owner.uid);
    const inputs = expansion.branches.flatMap((branch) => branch.remoteReads.map(rememberedInput));
    const guarded = await this.judge({
      owner,
      unit,
      kinds,
      known,
      result,
      emptied: emptiedInput(known.inputs, inputs),
    });
    const settled = failed === undefined && guarded.held.length === 0;
    const { repositories, commits = [], reads, requeueSeconds } = request;
    return {
      owner,
      unit,
      known,
      expansion,
      problems: items.problems,
      plan: result,
      stored,
      guarded,
      repositories,
      commits,
      requeueSeconds,
      reads,
      ...(settled ? { inputs } : {}),
    };
  }

  /** The set is gone: what it generated goes too, under the same guard (as its owner reference has it in Argo CD). */
  async planOrphans(from: OrphanRequest): Promise<GeneratedPlan> {
    const { owner, unit, kinds, stored, keeps = false } = from;
    const may = { create: false, update: false, delete: !keeps };
    const result = plan<ObjectWrite, Stored>({ desired: [], stored, may });
    const known = await this.memory.read(owner.uid);
    const guarded = await this.judge({ owner, unit, kinds, known, result, emptied: undefined });
    const expansion = { branches: [], errors: [], warnings: [] };
    return {
      owner,
      unit,
      known,
      expansion,
      problems: [],
      plan: result,
      stored,
      guarded,
      inputs: [],
      repositories: new Set(),
      reads: new Map(),
    };
  }

  private async judge(question: {
    owner: RemovalOwner;
    unit: RemovalUnit;
    kinds: readonly string[];
    known: OwnerMemory;
    result: Plan<ObjectWrite, Stored>;
    emptied: string | undefined;
  }): Promise<Guarded> {
    const { owner, unit, kinds, known, result, emptied } = question;
    if (result.deletes.length === 0) return { allowed: [], held: [] };
    const lines = result.deletes.map((item) => ({
      uid: item.uid,
      action: 'delete' as const,
      target: `${item.value.object.kind} ${item.key}`,
      objects: [],
    }));
    const totals = await this.store.totals(kinds, owner);
    return this.guard.judge({ owner, unit, known, lines, totals, ...(emptied ? { emptied } : {}) });
  }
}

/** Versions of a set and of the whole fleet reading it was planned from. */
export function versionsOf(set: HubObject, { clusters, projects }: FleetReading): Map<string, string> {
  return new Map([
    [set.metadata.uid, set.metadata.resourceVersion],
    ...clusters.all.map((cluster): [string, string] => [cluster.uid, cluster.resourceVersion]),
    ...[...projects.values()].map((project): [string, string] => [project.uid, project.resourceVersion]),
  ]);
}

function rememberedInput({ path, repoURL, revision, patterns, results }: RemoteRead): RememberedInput {
  return { path: [path, repoURL, revision, ...patterns].join(' '), results };
}
