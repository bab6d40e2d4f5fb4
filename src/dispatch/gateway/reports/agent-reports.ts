import { Injectable } from '@nestjs/common';
import { AgentFacts } from '../../../clusters/agents/agent-facts.js';
import { AgentSessions } from '../../../clusters/agents/agent-sessions.js';
import { Transactions, type Transaction } from '../../../database/transactions.js';
import { isUuid } from '../../../kernel/ids.js';
import type { ApplicationReport, Report } from '../../protocol/report.js';
import { DeliveriesStore } from '../deliveries/deliveries-store.js';
import { ReportSink, type AcceptedReport } from '../report-sink.js';

export interface ReportAnswer {
  /** False when the whole report was taken before. */
  taken: boolean;
  /** Verdicts kept; others spoke of deliveries that are no longer in force. */
  applications: number;
}

/** Takes what agents report. One transaction: verdicts, retired rows and finished operations are kept together or not. */
@Injectable()
export class AgentReports {
  constructor(
    private readonly transactions: Transactions,
    private readonly sessions: AgentSessions,
    private readonly deliveries: DeliveriesStore,
    private readonly facts: AgentFacts,
    private readonly sink: ReportSink,
  ) {}

  /** Throws SESSION_ENDED for a session that another one replaced. */
  async take(clusterUid: string, report: Report): Promise<ReportAnswer> {
    return this.transactions.run(async (tx) => {
      if (!(await this.sessions.take(tx, clusterUid, report))) return { taken: false, applications: 0 };
      const inForce = await this.inForce(tx, clusterUid, report.applications);
      const accepted = await this.retire(tx, clusterUid, inForce);
      if (accepted.length > 0) await this.sink.accept(clusterUid, accepted, tx);
      if (report.facts) await this.facts.record(tx, clusterUid, report.facts);
      await this.facts.recordUnowned(tx, clusterUid, report.unowned);
      return { taken: true, applications: accepted.length };
    });
  }

  /** Verdicts on the delivery that is stored now. An older one says nothing about it, a newer one is of another history. */
  private async inForce(
    tx: Transaction,
    clusterUid: string,
    reports: readonly ApplicationReport[],
  ): Promise<AcceptedReport[]> {
    const byUid = new Map(reports.map((report) => [report.applicationUid, report]));
    const rows = await this.deliveries.ofCluster(tx, clusterUid, [...byUid.keys()].filter(isUuid));
    return rows.flatMap(({ applicationUid, position, ownerKind }) => {
      const report = byUid.get(applicationUid);
      return report?.position === position ? [{ ...report, ownerKind }] : [];
    });
  }

  /** A row that is no removal is not retired, whatever the agent says; the verdict is then worth nothing either. */
  private async retire(
    tx: Transaction,
    clusterUid: string,
    reports: readonly AcceptedReport[],
  ): Promise<AcceptedReport[]> {
    const gone = reports.filter((report) => report.gone);
    const retired = new Set(await this.deliveries.retire(tx, clusterUid, gone));
    const accepted = reports.filter((report) => !report.gone || retired.has(report.applicationUid));
    await this.deliveries.retireOperations(tx, clusterUid, accepted.flatMap(finishedOperation));
    return accepted;
  }
}

function finishedOperation({ applicationUid, operation }: AcceptedReport) {
  if (!operation || operation.phase === 'Running') return [];
  return [{ applicationUid, operationId: operation.id }];
}
