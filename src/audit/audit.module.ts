import { Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';
import { Transactions } from '../database/transactions.js';
import { Clock } from '../kernel/clock.js';
import { AuditLog } from './audit-log.js';
import { RequestScope } from './request-scope.js';

/** Writing the audit log. Reading it needs the evaluator, which writes denials here: that is audit-reading.module. */
@Module({})
export class AuditModule {
  static of(logger: Logger): DynamicModule {
    const auditLog = {
      provide: AuditLog,
      useFactory: (transactions: Transactions, clock: Clock, requests: RequestScope) =>
        new AuditLog(transactions, clock, requests, logger),
      inject: [Transactions, Clock, RequestScope],
    };
    return {
      module: AuditModule,
      global: true,
      providers: [RequestScope, auditLog],
      exports: [RequestScope, AuditLog],
    };
  }
}
