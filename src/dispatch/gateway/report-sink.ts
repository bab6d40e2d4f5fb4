import type { Transaction } from '../../database/transactions.js';
import type { ApplicationReport } from '../protocol/report.js';

/** A verdict on the delivery that is in force. With `gone`, its row is retired in the same transaction. */
export interface AcceptedReport extends ApplicationReport {
  clusterUid: string;
  /** `Application`, or the kind of the hub object whose objects these are. */
  ownerKind: string;
}

/** Where verdicts go; the features that own the deliveries implement it. */
export abstract class ReportSink {
  /** Stores them in the gateway's transaction: a report is acknowledged only when everything of it is kept. */
  abstract accept(reports: readonly AcceptedReport[], tx: Transaction): Promise<void>;
}
