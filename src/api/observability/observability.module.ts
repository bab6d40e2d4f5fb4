import { Global, Module } from '@nestjs/common';
import { DatabaseHealth } from '../../database/database-health.js';
import { HubMetrics } from './hub-metrics.js';
import { ObservabilityController } from './observability.controller.js';

/** Health and figures; part of every hub, whatever its roles. */
@Global()
@Module({ controllers: [ObservabilityController], providers: [HubMetrics, DatabaseHealth], exports: [HubMetrics] })
export class ObservabilityModule {}
