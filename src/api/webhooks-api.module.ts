import { Module } from '@nestjs/common';
import { WebhooksController } from './rest/webhooks.controller.js';

/** The door of webhooks; the global WebhooksModule is behind it. */
@Module({ controllers: [WebhooksController] })
export class WebhooksApiModule {}
