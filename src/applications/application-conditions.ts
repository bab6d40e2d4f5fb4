import { Injectable } from '@nestjs/common';
import { StatusStore, type StatusWrite } from '../database/objects/status-store.js';
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

/** What the hub found of an Application. */
export interface ObservedApplication extends Pick<DeliveryDecision, 'conditions' | 'rendered'> {
  application: StoredApplication;
  /** Where there is no agent to report: of Applications that are destined for the hub itself. */
  verdict?: { sync: string; health: string };
}

/** The hub's half of an Application's status: conditions and revision. The agent's half comes by its reports. */
@Injectable()
export class ApplicationConditions {
  constructor(
    private readonly statuses: StatusStore,
    private readonly rolling: RollingSets,
    private readonly clock: Clock,
  ) {}

  async write(observed: readonly ObservedApplication[]): Promise<void> {
    const changed = new Set(await this.statuses.write(observed.map((each) => this.statusOf(each))));
    const applications = observed.map(({ application }) => application);
    const rolled = applications.filter(({ metadata }) => changed.has(metadata.uid)).filter(mayBeRolledOut);
    await this.rolling.observed(rolled.map(({ metadata }) => metadata.uid));
  }

  private statusOf({ application, conditions, rendered, verdict }: ObservedApplication): StatusWrite {
    const { uid, generation } = application.metadata;
    const status = {
      observedGeneration: generation,
      conditions: this.dated(application, conditions),
      ...(rendered ? { source: sourceStatus(application, rendered) } : {}),
      ...(verdict ? { sync: { status: verdict.sync }, health: { status: verdict.health } } : {}),
    };
    return { uid, ...verdict, status: status as unknown as JsonObject };
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

function sourceStatus({ spec }: StoredApplication, { revisions, sourceTypes, digest }: RenderOutcome) {
  const sources = sourcesOf(spec).map(({ repoURL }, index) => ({ repoURL, revision: revisions[index] ?? '' }));
  const { repoURL, revision } = sources[0] ?? { repoURL: '', revision: '' };
  const several = sources.length > 1 ? { sources } : {};
  return { repoURL, revision, type: sourceTypes.join(', '), bundle: digest, ...several };
}
