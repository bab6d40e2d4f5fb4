import { Injectable } from '@nestjs/common';
import type { HubObject } from '../database/objects/hub-object.js';
import { StatusStore } from '../database/objects/status-store.js';
import { Clock, rfc3339 } from '../kernel/clock.js';
import { Log } from '../kernel/log.js';
import { again, done, wait, type Outcome } from '../reconcile/outcome.js';
import { RepositoryReaders } from '../repositories/repository-readers.js';
import type { GeneratedPlan } from './generated-plan.js';
import { generatorStatus } from './generator-status.js';
import { isLostRace } from './lost-race.js';
import { OwnedObjects } from './owned-objects.js';

const RETRY_UNREADABLE_MS = 60_000;

/** From a judged plan to rows and conditions, for every kind of generator set. */
@Injectable()
export class GeneratorRuns {
  constructor(
    private readonly owned: OwnedObjects,
    private readonly readers: RepositoryReaders,
    private readonly statuses: StatusStore,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** `set` is absent once its document is gone. */
  async run(set: HubObject | undefined, plan: GeneratedPlan): Promise<Outcome> {
    const { owner } = plan;
    await this.readers.record({ queue: owner.queue, key: owner.uid }, plan.repositories);
    try {
      const commit = await this.owned.commit(plan);
      if (set)
        await this.statuses.write([
          { uid: owner.uid, status: generatorStatus(set, plan, commit, rfc3339(this.clock.now())) },
        ]);
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
    if (failure) return wait(`${failure.code}: ${failure.message}`, RETRY_UNREADABLE_MS);
    return plan.requeueSeconds === undefined ? done() : again(plan.requeueSeconds * 1000);
  }
}
