import { Injectable } from '@nestjs/common';
import { StatusStore, type StatusWrite } from '../database/objects/status-store.js';
import { ReportSink, type AcceptedReport } from '../dispatch/gateway/report-sink.js';
import type { Transaction } from '../database/transactions.js';
import { RollingSets } from '../generation/rolling-sets.js';
import { WorkQueue } from '../reconcile/work-queue.js';
import type { JsonObject } from '../kernel/json.js';

/** Who finishes the removal of what an agent has pruned, by the kind of the hub object it belongs to. */
const QUEUE_OF: Readonly<Record<string, string>> = {
  Application: 'applications',
  DistributedStore: 'distributed-stores',
};

/** The agent's half of a status: what it observed. Other kinds that are delivered (stores) are reported the same way. */
@Injectable()
export class ApplicationReports extends ReportSink {
  constructor(
    private readonly statuses: StatusStore,
    private readonly queue: WorkQueue,
    private readonly rolling: RollingSets,
  ) {
    super();
  }

  async accept(reports: readonly AcceptedReport[], tx: Transaction): Promise<void> {
    // Of one that is on its way from a cluster to another, both may tell.
    const latest = new Map(reports.filter(({ gone }) => !gone).map((report) => [report.applicationUid, report]));
    const changed = await this.statuses.write([...latest.values()].map(statusOf), tx);
    await this.rolling.observed(changed, tx);
    const gone = reports
      .filter((report) => report.gone)
      .map(({ ownerKind, applicationUid }) => ({ queue: QUEUE_OF[ownerKind] ?? 'applications', key: applicationUid }));
    await this.queue.enqueueAll(gone, { tx });
  }
}

/** Spelled as Argo CD spells an Application's status (argocd-behaviour.md 4.10). Times of observation are left out: they would rewrite every row. */
function statusOf(report: AcceptedReport): StatusWrite {
  const { applicationUid, sync, health, message, counts, resources, operation, healed } = report;
  const status = {
    sync: { status: sync },
    health: { status: health, ...(message === '' ? {} : { message }) },
    summary: { ...counts, healed },
    resources: resources.map(({ sync: status, health: verdict, message: text, ...id }) => ({
      ...id,
      status,
      ...(verdict === null ? {} : { health: { status: verdict, message: text } }),
    })),
    ...(operation === null ? {} : { operationState: operation }),
  };
  return { uid: applicationUid, sync, health, status: status as unknown as JsonObject };
}
