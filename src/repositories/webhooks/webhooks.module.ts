import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { HubConfig } from '../../config/hub-config.js';
import { Transactions } from '../../database/transactions.js';
import { PlatformDocuments } from '../../documents/platform-documents.js';
import { Clock } from '../../kernel/clock.js';
import { Sealer } from '../../kernel/seal.js';
import { WorkQueueModule } from '../../reconcile/work-queue.module.js';
import type { WebhookSecretKey } from '../domain/webhooks/webhook-provider.js';
import { RecentDeliveries } from './recent-deliveries.js';
import { WebhookDoor } from './webhook-door.js';
import { WebhookEventRows } from './webhook-event-rows.js';
import { WebhookLooks } from './webhook-looks.js';
import { WebhookReconciler } from './webhook.reconciler.js';
import { WebhookSecrets } from './webhook-secrets.js';
import { WebhookSecretsService } from './webhook-secrets.service.js';

/** Webhooks from the door to the look they cause. Needs the global RepositoriesModule and what that one needs. */
@Global()
@Module({})
export class WebhooksModule {
  static of({ webhooks }: Pick<HubConfig, 'webhooks'>): DynamicModule {
    const configured = new Map(Object.entries(webhooks.secrets)) as Map<WebhookSecretKey, string>;
    const secrets = {
      provide: WebhookSecrets,
      inject: [Transactions, Sealer, Clock],
      useFactory: (transactions: Transactions, sealer: Sealer, clock: Clock) =>
        new WebhookSecrets(configured, transactions, sealer, clock),
    };
    const recent = {
      provide: RecentDeliveries,
      inject: [Clock],
      useFactory: (clock: Clock) => new RecentDeliveries(clock),
    };
    return {
      module: WebhooksModule,
      imports: [WorkQueueModule],
      providers: [
        secrets,
        recent,
        PlatformDocuments,
        WebhookDoor,
        WebhookEventRows,
        WebhookLooks,
        WebhookReconciler,
        WebhookSecretsService,
      ],
      exports: [WebhookDoor, WebhookReconciler, WebhookSecretsService],
    };
  }
}
