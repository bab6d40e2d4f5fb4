import { Injectable } from '@nestjs/common';
import { AgentFacts } from '../../../clusters/agents/agent-facts.js';
import { AgentSessions, sessionEnded } from '../../../clusters/agents/agent-sessions.js';
import { Transactions, type Transaction } from '../../../database/transactions.js';
import { FleetError } from '../../../kernel/errors.js';
import { Gathering } from '../../../kernel/gathering.js';
import { isUuid } from '../../../kernel/ids.js';
import type { Report } from '../../protocol/report.js';
import { DeliveriesStore } from '../deliveries/deliveries-store.js';
import { ReportSink, type AcceptedReport } from '../report-sink.js';

export interface ReportAnswer {
  /** False when the whole report was taken before. */
  taken: boolean;
  /** Verdicts kept; others spoke of deliveries that are no longer in force. */
  applications: number;
}

interface ReceivedReport {
  clusterUid: string;
  report: Report;
}

/** Reports that are stored in one transaction at most. */
const MOST_TOGETHER = 50;

/**
 * Takes what agents report: verdicts, retired rows and finished operations are kept together or not. What several agents
 * report at about the same time is stored in one transaction, and none is answered before that is committed.
 */
@Injectable()
export class AgentReports {
  private readonly gathering = new Gathering<ReceivedReport, ReportAnswer | FleetError>({
    work: (received) => this.transactions.run((tx) => this.store(tx, received)),
    most: MOST_TOGETHER,
    keyOf: ({ clusterUid }) => clusterUid,
  });

  constructor(
    private readonly transactions: Transactions,
    private readonly sessions: AgentSessions,
    private readonly deliveries: DeliveriesStore,
    private readonly facts: AgentFacts,
    private readonly sink: ReportSink,
  ) {}

  /** Throws SESSION_ENDED for a session that another one replaced. */
  async take(clusterUid: string, report: Report): Promise<ReportAnswer> {
    const answer = await this.gathering.add({ clusterUid, report });
    if (answer instanceof FleetError) throw answer;
    return answer;
  }

  /** Reports of different agents. */
  private async store(
    tx: Transaction,
    received: readonly ReceivedReport[],
  ): Promise<readonly (ReportAnswer | FleetError)[]> {
    const verdicts = await this.sessions.take(
      tx,
      received.map(({ clusterUid, report: { session, sequence } }) => ({ clusterUid, session, sequence })),
    );
    const taken = received.filter((_, index) => verdicts[index] === 'taken');
    const accepted = await this.retire(tx, await this.inForce(tx, taken));
    if (accepted.length > 0) await this.sink.accept(accepted, tx);
    await this.note(tx, taken);
    return received.map(({ clusterUid }, index) => {
      if (verdicts[index] === 'ended') return sessionEnded();
      if (verdicts[index] === 'repeated') return { taken: false, applications: 0 };
      return { taken: true, applications: accepted.filter((each) => each.clusterUid === clusterUid).length };
    });
  }

  private async note(tx: Transaction, taken: readonly ReceivedReport[]): Promise<void> {
    for (const { clusterUid, report } of taken) if (report.facts) await this.facts.record(tx, clusterUid, report.facts);
    const unowned = taken.map(({ clusterUid, report }) => ({ clusterUid, unowned: report.unowned }));
    if (unowned.length > 0) await this.facts.recordUnowned(tx, unowned);
  }

  /** Verdicts on the delivery that is stored now. An older one says nothing about it, a newer one is of another history. */
  private async inForce(tx: Transaction, taken: readonly ReceivedReport[]): Promise<AcceptedReport[]> {
    const told = new Map(
      taken.flatMap(({ clusterUid, report }) =>
        report.applications.map((each) => [`${clusterUid} ${each.applicationUid}`, { ...each, clusterUid }] as const),
      ),
    );
    const rows = await this.deliveries.inForce(
      tx,
      [...told.values()].filter(({ applicationUid }) => isUuid(applicationUid)),
    );
    return rows.flatMap(({ clusterUid, applicationUid, position, ownerKind }) => {
      const report = told.get(`${clusterUid} ${applicationUid}`);
      return report?.position === position ? [{ ...report, ownerKind }] : [];
    });
  }

  /** A row that is no removal is not retired, whatever the agent says; the verdict is then worth nothing either. */
  private async retire(tx: Transaction, reports: readonly AcceptedReport[]): Promise<AcceptedReport[]> {
    const accepted: AcceptedReport[] = [];
    for (const [clusterUid, own] of byCluster(reports)) {
      const gone = own.filter((report) => report.gone);
      const retired = new Set(await this.deliveries.retire(tx, clusterUid, gone));
      const kept = own.filter((report) => !report.gone || retired.has(report.applicationUid));
      await this.deliveries.retireOperations(tx, clusterUid, kept.flatMap(finishedOperation));
      accepted.push(...kept);
    }
    return accepted;
  }
}

function byCluster(reports: readonly AcceptedReport[]): Map<string, AcceptedReport[]> {
  const groups = new Map<string, AcceptedReport[]>();
  for (const report of reports) groups.set(report.clusterUid, [...(groups.get(report.clusterUid) ?? []), report]);
  return groups;
}

function finishedOperation({ applicationUid, operation }: AcceptedReport) {
  if (!operation || operation.phase === 'Running') return [];
  return [{ applicationUid, operationId: operation.id }];
}
