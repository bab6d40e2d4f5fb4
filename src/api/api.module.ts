import { Module } from '@nestjs/common';
import { AuditReadingModule } from '../audit/audit-reading.module.js';
import { ClustersModule } from '../clusters/clusters.module.js';
import { ErrorsModule } from './errors/errors.module.js';
import { FleetGraphqlModule } from './graphql/graphql.module.js';
import { ApplyAnswers } from './rest/apply-answer.js';
import { ApplyController } from './rest/apply.controller.js';
import { ApprovalsController } from './rest/approvals.controller.js';
import { AuditController } from './rest/audit.controller.js';
import { DocumentsController } from './rest/documents.controller.js';
import { JoinTokensController } from './rest/join-tokens.controller.js';
import { TokensController } from './rest/tokens.controller.js';
import { WhoAmIController } from './rest/whoami.controller.js';

/** Fixed paths come before DocumentsController, whose paths begin with any kind. */
const CONTROLLERS = [
  ApplyController,
  WhoAmIController,
  TokensController,
  JoinTokensController,
  ApprovalsController,
  AuditController,
  DocumentsController,
];

/** REST and GraphQL for people and programs. */
@Module({
  imports: [ErrorsModule, AuditReadingModule, FleetGraphqlModule, ClustersModule],
  controllers: CONTROLLERS,
  providers: [ApplyAnswers],
})
export class ApiModule {}
