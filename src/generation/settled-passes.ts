import { Injectable } from '@nestjs/common';
import { GuardMemory } from '../approvals/guard-memory.js';
import type { HubObject } from '../database/objects/hub-object.js';
import { ObjectStore, type OwnedVersion } from '../database/objects/object-store.js';
import { digestJson } from '../kernel/digest.js';
import type { JsonObject } from '../kernel/json.js';
import { RepositoryReaders } from '../repositories/repository-readers.js';
import type { WholeFleet } from './fleet-readings.js';
import type { GeneratedPlan } from './generated-plan.js';
import { GitInputs } from './git-inputs.js';
import type { OwnedCommit } from './owned-objects.js';
import { ProgramStamp } from './program-stamp.js';
import { SettledPassStore, type SettledPass } from './settled-pass-store.js';

/** A pass that begins: what it will read stands at these versions or later. */
export interface BegunPass {
  queue: string;
  set: HubObject;
  fleet: WholeFleet;
  owned: OwnedVersion;
}

/** How a pass went. */
export interface EndedPass {
  plan: GeneratedPlan;
  commit: OwnedCommit;
  /** What it put over the set's status. */
  status: JsonObject;
}

/** What passes write beside documents. */
interface LeftBehind {
  status: JsonObject;
  inputs: ReadonlyMap<string, number>;
  /** Removals that wait. */
  waiting: number;
  repositories: Iterable<string>;
}

/**
 * Spares passes that can only repeat the last one: a set that is woken by its own Applications, by a push that changed
 * nothing it reads, or after a start. A settled pass tells all that it read and left, and nothing of when, so it holds
 * for whoever finds the same: this process, the next one, another replica. Whoever finds none runs.
 */
@Injectable()
export class SettledPasses {
  /** Of sets that this process looked at; undefined where the last pass left something to do. */
  private readonly known = new Map<string, SettledPass | undefined>();

  constructor(
    private readonly store: ObjectStore,
    private readonly memory: GuardMemory,
    private readonly readers: RepositoryReaders,
    private readonly git: GitInputs,
    private readonly kept: SettledPassStore,
    private readonly program: ProgramStamp,
  ) {}

  async begin(pass: Omit<BegunPass, 'owned'>): Promise<BegunPass> {
    return { ...pass, owned: await this.store.ownedVersion(pass.set.metadata.uid) };
  }

  /** Whether a pass that left nothing to do read just what this one would. */
  async isRepeated(pass: BegunPass): Promise<boolean> {
    const last = await this.last(pass.set.metadata.uid);
    if (last?.read !== this.readBy(pass, pass.owned)) return false;
    if (last.leftBehind !== (await this.leftBefore(pass))) return false;
    return this.git.areUnchanged(last.git);
  }

  /** Keeps what a pass read and left, if a further one would find nothing to do. */
  async end(pass: BegunPass, { plan, commit, status }: EndedPass): Promise<void> {
    const { uid } = pass.set.metadata;
    this.known.set(uid, undefined);
    this.kept.drop(uid);
    if (!isClean(plan, commit)) return;
    const git = await this.git.of(
      plan.expansion.branches.flatMap(({ remoteReads }) => remoteReads),
      plan.commits ?? [],
    );
    const owned = git && (await this.store.ownedVersion(uid, commit.position));
    if (!owned || !isOwnWork(pass.owned, owned, commit)) return;
    const leftBehind = digestOf({
      status: { ...pass.set.status, ...status },
      inputs: new Map((plan.inputs ?? []).map(({ path, results }) => [path, results])),
      waiting: 0,
      repositories: plan.repositories,
    });
    const settled = { read: this.readBy(pass, owned), leftBehind, git };
    this.known.set(uid, settled);
    this.kept.keep(uid, settled);
  }

  /** The set is gone. */
  forget(uid: string): void {
    this.known.delete(uid);
    this.kept.drop(uid);
  }

  private async last(uid: string): Promise<SettledPass | undefined> {
    if (!this.known.has(uid)) this.known.set(uid, await this.kept.find(uid));
    return this.known.get(uid);
  }

  private readBy({ set, fleet }: BegunPass, { count, position }: OwnedVersion): string {
    return [this.program.value, set.metadata.resourceVersion, fleet.version, count, position].join(' ');
  }

  private async leftBefore({ queue, set }: BegunPass): Promise<string> {
    const { uid } = set.metadata;
    const [{ inputs, waiting }, repositories] = await Promise.all([
      this.memory.read(uid),
      this.readers.urlsOf({ queue, key: uid }),
    ]);
    return digestOf({ status: set.status ?? {}, inputs, waiting: waiting.size, repositories });
  }
}

/**
 * Nothing failed, waits, is rolled out or asked for over the network again and again, so that nothing but what was read
 * decides about the next pass.
 */
function isClean({ expansion, problems, guarded, known, ...plan }: GeneratedPlan, { deleted }: OwnedCommit): boolean {
  if (expansion.errors.length > 0 || problems.length > 0) return false;
  if (plan.rollout !== undefined || plan.requeueSeconds !== undefined) return false;
  return guarded.held.length === 0 && known.waiting.size === 0 && deleted === 0;
}

/** Whether what the set owns differs from what the pass began with by nothing but the pass's own commit. */
function isOwnWork(before: OwnedVersion, after: OwnedVersion, { created }: OwnedCommit): boolean {
  return after.count === before.count + created && BigInt(after.othersPosition) <= BigInt(before.position);
}

function digestOf({ status, inputs, waiting, repositories }: LeftBehind): string {
  const byPath = [...inputs].sort(([a], [b]) => (a < b ? -1 : 1));
  return digestJson([status, byPath, waiting, [...repositories].sort()]);
}
