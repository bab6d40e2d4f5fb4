import { Injectable } from '@nestjs/common';
import type { HubObject } from '../database/objects/hub-object.js';
import { StatusStore } from '../database/objects/status-store.js';
import { Clock, rfc3339 } from '../kernel/clock.js';
import { Log } from '../kernel/log.js';
import { again, done, wait, type Outcome } from '../reconcile/outcome.js';
import { RepositoryReaders } from '../repositories/repository-readers.js';
import type { WholeFleet } from './fleet-readings.js';
import type { GeneratedPlan } from './generated-plan.js';
import { generatorStatus } from './generator-status.js';
import { isLostRace } from './lost-race.js';
import { OwnedObjects } from './owned-objects.js';
import { repositoryWatches } from './repository-watches.js';
import { retryAfterMs } from './retry-after.js';
import { SettledPasses, type BegunPass } from './settled-passes.js';

/** Nobody tells a set that a name which another owner had is free: it looks again by itself. */
const RETRY_TAKEN_MS = 60_000;
const TAKEN: ReadonlySet<string> = new Set(['NAME_TAKEN', 'STORE_NAME_TAKEN']);

/** From a judged plan to rows and conditions, for every kind of generator set. */
@Injectable()
export class GeneratorRuns {
  constructor(
    private readonly owned: OwnedObjects,
    private readonly readers: RepositoryReaders,
    private readonly statuses: StatusStore,
    private readonly settled: SettledPasses,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** A pass over a stored set: planned and carried out, unless it could only repeat the last one. */
  async pass<T extends HubObject>(
    { queue, set, fleet }: { queue: string; set: T; fleet: WholeFleet },
    planSet: (set: T, fleet: WholeFleet) => Promise<GeneratedPlan>,
  ): Promise<Outcome> {
    const begun = await this.settled.begin({ queue, set, fleet });
    return (await this.settled.isRepeated(begun)) ? done() : this.run(set, await planSet(set, fleet), begun);
  }

  /** `set` is absent once its document is gone. */
  async run(set: HubObject | undefined, plan: GeneratedPlan, begun?: BegunPass): Promise<Outcome> {
    const { owner } = plan;
    if (!set) this.settled.forget(owner.uid);
    await this.readers.record({ queue: owner.queue, key: owner.uid }, repositoryWatches(plan));
    try {
      const commit = await this.owned.commit(plan);
      const status = set && generatorStatus(set, plan, commit, rfc3339(this.clock.now()));
      if (status) await this.statuses.write([{ uid: owner.uid, status }]);
      if (status && begun) await this.settled.end(begun, { plan, commit, status });
      if (commit.created + commit.updated + commit.deleted > 0)
        this.log.info({ set: owner.name, ...commit }, 'set applied');
      if (commit.held > 0)
        this.log.warn(
          { set: owner.name, held: commit.held, reason: plan.guarded.held[0]?.reason },
          'removals await approval',
        );
    } catch (error) {
      if (isLostRace(error)) return again(0);
      throw error;
    }
    const failure = plan.expansion.errors[0];
    if (failure) return wait(`${failure.code}: ${failure.message}`, retryAfterMs(plan.expansion.errors));
    if (plan.requeueSeconds !== undefined) return again(plan.requeueSeconds * 1000);
    const taken = plan.problems.find(({ code }) => TAKEN.has(code));
    return taken ? wait(taken.message, RETRY_TAKEN_MS) : done();
  }
}
