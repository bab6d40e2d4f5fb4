import { Injectable } from '@nestjs/common';
import { StatusStore } from '../database/objects/status-store.js';
import { Clock, rfc3339 } from '../kernel/clock.js';
import { RollingSets } from '../generation/rolling-sets.js';
import type { JsonObject } from '../kernel/json.js';
import type { RenderOutcome } from '../rendering/source-renderer.js';
import type { ApplicationCondition, DeliveryDecision, StoredApplication } from './delivery/delivery-decision.js';
import { sourcesOf } from './domain/application.js';
import { mayBeRolledOut } from './domain/sync-settings.js';

interface WrittenCondition extends ApplicationCondition {
  lastTransitionTime: string;
}

/** The hub's half of an Application's status: conditions and revision. The agent's half comes by its reports. */
@Injectable()
export class ApplicationConditions {
  constructor(
    private readonly statuses: StatusStore,
    private readonly rolling: RollingSets,
    private readonly clock: Clock,
  ) {}

  /** `verdict` is given where there is no agent to report: Applications that are destined for the hub itself. */
  async write(
    application: StoredApplication,
    { conditions, rendered }: Pick<DeliveryDecision, 'conditions' | 'rendered'>,
    verdict?: { sync: string; health: string },
  ): Promise<void> {
    const { uid, generation } = application.metadata;
    const status = {
      observedGeneration: generation,
      conditions: this.dated(application, conditions),
      ...(rendered ? { source: sourceStatus(application, rendered) } : {}),
      ...(verdict ? { sync: { status: verdict.sync }, health: { status: verdict.health } } : {}),
    };
    const changed = await this.statuses.write([{ uid, ...verdict, status: status as unknown as JsonObject }]);
    if (mayBeRolledOut(application)) await this.rolling.observed(changed);
  }

  /** Sorted, and dated by when their text last changed. */
  private dated(application: StoredApplication, conditions: readonly ApplicationCondition[]): WrittenCondition[] {
    const previous = (application.status?.['conditions'] ?? []) as unknown as WrittenCondition[];
    const now = rfc3339(this.clock.now());
    return conditions
      .map(({ type, message }) => {
        const same = previous.find((condition) => condition.type === type && condition.message === message);
        return { type, message, lastTransitionTime: same?.lastTransitionTime ?? now };
      })
      .sort((a, b) => (`${a.type}${a.message}` < `${b.type}${b.message}` ? -1 : 1));
  }
}

function sourceStatus({ spec }: StoredApplication, { revision, sourceType, digest }: RenderOutcome) {
  return { repoURL: sourcesOf(spec)[0]?.repoURL ?? '', revision, type: sourceType, bundle: digest };
}
