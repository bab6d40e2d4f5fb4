import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { AccessGuard } from '../auth/access.guard.js';
import { AuthModule } from '../auth/auth.module.js';
import { ApiErrorFilter } from '../errors/api-error.filter.js';
import { ErrorsModule } from '../errors/errors.module.js';
import { WebhookRate } from './webhook-rate.js';

/** What every route of the hub goes through, the gateway's included: the guard that lets in, the filter that answers failures. */
@Module({
  imports: [AuthModule, ErrorsModule],
  providers: [
    WebhookRate,
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_FILTER, useClass: ApiErrorFilter },
  ],
})
export class HttpModule {}
