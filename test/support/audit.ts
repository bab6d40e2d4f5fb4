import { AuditLog } from '../../src/audit/audit-log.js';
import { RequestScope } from '../../src/audit/request-scope.js';
import type { Transactions } from '../../src/database/transactions.js';
import { SystemClock } from '../../src/kernel/clock.js';
import type { Log } from '../../src/kernel/log.js';
import { RecordingLog } from './recording-log.js';

/** A real audit log; its own failures go to `log`. */
export function createAuditLog(transactions: Transactions, log: Log = new RecordingLog()): AuditLog {
  return new AuditLog(transactions, new SystemClock(), new RequestScope(), log);
}
