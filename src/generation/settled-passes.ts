import { Injectable } from '@nestjs/common';
import type { HubObject } from '../database/objects/hub-object.js';
import { ObjectStore, type OwnedVersion } from '../database/objects/object-store.js';
import { again, done, type Outcome } from '../reconcile/outcome.js';
import type { WholeFleet } from './fleet-readings.js';
import type { GeneratedPlan } from './generated-plan.js';
import { GitInputs, type GitInput } from './git-inputs.js';
import type { OwnedCommit } from './owned-objects.js';

/** Everything that a pass over a set read, when it left nothing to do. */
interface Settled {
  set: string;
  fleet: string;
  owned: OwnedVersion;
  git: readonly GitInput[];
  outcome: Outcome;
}

/** A pass that begins: what it will read stands at these versions or later. */
export interface BegunPass {
  set: HubObject;
  fleet: WholeFleet;
  owned: OwnedVersion;
}

/**
 * Spares passes that can only repeat the last one: a set that is woken by its own Applications, or by a push that
 * changed nothing it reads. Kept in memory alone; whoever does not remember runs.
 */
@Injectable()
export class SettledPasses {
  private readonly settled = new Map<string, Settled>();

  constructor(
    private readonly store: ObjectStore,
    private readonly git: GitInputs,
  ) {}

  async begin(set: HubObject, fleet: WholeFleet): Promise<BegunPass> {
    return { set, fleet, owned: await this.store.ownedVersion(set.metadata.uid) };
  }

  /** How the last pass ended, where this one would read the same; undefined where it must run. */
  async repeated({ set, fleet, owned }: BegunPass): Promise<Outcome | undefined> {
    const last = this.settled.get(set.metadata.uid);
    if (last?.set !== set.metadata.resourceVersion || last.fleet !== fleet.version) return undefined;
    if (last.owned.count !== owned.count || last.owned.position !== owned.position) return undefined;
    return (await this.git.areUnchanged(last.git)) ? last.outcome : undefined;
  }

  /** Keeps what a pass read, if a further one would find nothing to do. */
  async end(pass: BegunPass, plan: GeneratedPlan, commit: OwnedCommit): Promise<void> {
    const { uid, resourceVersion } = pass.set.metadata;
    this.settled.delete(uid);
    if (!isClean(plan, commit)) return;
    const git = await this.git.of(
      plan.expansion.branches.flatMap(({ remoteReads }) => remoteReads),
      plan.commits ?? [],
    );
    const owned = git && (await this.store.ownedVersion(uid, commit.position));
    if (!owned || !isOwnWork(pass.owned, owned, commit)) return;
    const outcome = plan.requeueSeconds === undefined ? done() : again(plan.requeueSeconds * 1000);
    this.settled.set(uid, { set: resourceVersion, fleet: pass.fleet.version, owned, git, outcome });
  }

  /** The set is gone. */
  forget(uid: string): void {
    this.settled.delete(uid);
  }
}

/** Nothing failed, waits or is rolled out, so that nothing but what was read decides about the next pass. */
function isClean({ expansion, problems, guarded, known, rollout }: GeneratedPlan, { deleted }: OwnedCommit): boolean {
  if (expansion.errors.length > 0 || problems.length > 0 || rollout !== undefined) return false;
  return guarded.held.length === 0 && known.waiting.size === 0 && deleted === 0;
}

/** Whether what the set owns differs from what the pass began with by nothing but the pass's own commit. */
function isOwnWork(before: OwnedVersion, after: OwnedVersion, { created }: OwnedCommit): boolean {
  return after.count === before.count + created && BigInt(after.othersPosition) <= BigInt(before.position);
}
