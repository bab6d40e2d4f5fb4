import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { Outcome } from '../../reconcile/outcome.js';
import { ReconcileMetrics } from '../../reconcile/reconcile-metrics.js';

const SECONDS = [0.005, 0.02, 0.05, 0.15, 0.5, 1, 2, 5, 15, 60];

/** The hub's figures for Prometheus, in a registry of its own so that hubs can share a process. */
@Injectable()
export class HubMetrics extends ReconcileMetrics implements OnApplicationShutdown {
  readonly registry = new Registry();

  private readonly requests = new Histogram({
    name: 'fleetwright_http_request_duration_seconds',
    help: 'Time to answer a request.',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers: [this.registry],
  });

  private readonly reconciliations = new Histogram({
    name: 'fleetwright_reconcile_duration_seconds',
    help: 'Time of one reconciliation, by how it ended.',
    labelNames: ['queue', 'outcome'],
    buckets: SECONDS,
    registers: [this.registry],
  });

  constructor() {
    super();
    collectDefaultMetrics({ register: this.registry });
  }

  requestServed(labels: { method: string; route: string; status: number }, seconds: number): void {
    this.requests.observe(labels, seconds);
  }

  reconciled(queue: string, outcome: Outcome['type'] | 'failed', seconds: number): void {
    this.reconciliations.observe({ queue, outcome }, seconds);
  }

  onApplicationShutdown(): void {
    this.registry.clear();
  }
}
