import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { RouteAccess } from '../../access/route-access.js';
import { DatabaseHealth } from '../../database/database-health.js';
import { HubMetrics } from './hub-metrics.js';

/** What orchestrators and Prometheus ask. Open, and telling nothing about the fleet. */
@Controller()
@ApiExcludeController()
@RouteAccess({ kind: 'public' })
export class ObservabilityController {
  constructor(
    private readonly database: DatabaseHealth,
    private readonly metrics: HubMetrics,
  ) {}

  @Get('healthz')
  healthz(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('readyz')
  async readyz(): Promise<{ status: 'ok' }> {
    await this.database.requireReady();
    return { status: 'ok' };
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  async scrape(): Promise<string> {
    return this.metrics.registry.metrics();
  }
}
