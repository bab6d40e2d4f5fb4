import { Injectable } from '@nestjs/common';
import { HubDocuments } from '../../applications/hub-documents/hub-documents.js';
import { OperationStart, openOperation, type OperationToStart } from '../../applications/operation-start.js';
import type { Transaction } from '../../database/transactions.js';
import { FleetReadings } from '../../generation/fleet-readings.js';
import { Clock } from '../../kernel/clock.js';
import { Ids } from '../../kernel/ids.js';
import { HUB_OPERATION, type RolloutMember } from './rollout-observations.js';

/** A cluster that is away so long is asked anew, with another operation. */
const OPERATION_SECONDS = 3_600;
/** As Argo CD names who starts it. */
const INITIATOR = 'applicationset-controller';

export interface StartedOperations {
  /** Operation id by uid of the Application. */
  ids: ReadonlyMap<string, string>;
  operations: readonly OperationToStart[];
}

/** The syncs that a rollout starts, through the door of "sync now" (argocd-behaviour.md 3.6). */
@Injectable()
export class RolloutOperations {
  constructor(
    private readonly door: OperationStart,
    private readonly hubDocuments: HubDocuments,
    private readonly fleet: FleetReadings,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Members that can be synced now: delivered, and with no operation of someone else in the way. */
  prepare(members: readonly RolloutMember[]): StartedOperations {
    const operations = members.flatMap((member) => this.operationFor(member));
    const hub = members.filter(({ inHub }) => inHub).map(({ observed }) => [observed.uid, HUB_OPERATION] as const);
    const ids = operations.map(({ row, operation }) => [row.applicationUid, operation.id] as const);
    return { ids: new Map([...hub, ...ids]), operations };
  }

  start(tx: Transaction, { operations }: StartedOperations): Promise<void> {
    return this.door.start(tx, operations);
  }

  /** What no agent does: documents enter the hub here. Repeating it changes nothing. */
  async syncHubDocuments(members: readonly RolloutMember[]): Promise<void> {
    for (const { stored } of members.filter(({ inHub }) => inHub)) {
      await this.hubDocuments.sync(stored, await this.fleet.around([stored.object.spec]));
    }
  }

  private operationFor({ stored, row, inHub }: RolloutMember): OperationToStart[] {
    const now = this.clock.now();
    if (inHub || !row || openOperation(row, now)) return [];
    const operation = {
      id: this.ids.uuid(),
      bundleDigest: row.bundleDigest ?? '',
      prune: stored.object.spec.syncPolicy?.automated?.prune === true,
      notAfter: new Date(now.getTime() + OPERATION_SECONDS * 1000).toISOString(),
      initiatedBy: INITIATOR,
      automated: true,
    };
    return [{ row, operation }];
  }
}
