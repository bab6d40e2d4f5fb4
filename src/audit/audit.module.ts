import { Global, Module } from '@nestjs/common';
import { AuditLog } from './audit-log.js';
import { RequestScope } from './request-scope.js';

/** Writing the audit log. Reading it needs the evaluator, which writes denials here: that is audit-reading.module. */
@Global()
@Module({ providers: [RequestScope, AuditLog], exports: [RequestScope, AuditLog] })
export class AuditModule {}
