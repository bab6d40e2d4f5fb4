import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';
import type { Outcome } from '../../reconcile/outcome.js';
import { ReconcileMetrics } from '../../reconcile/reconcile-metrics.js';
import type { RenderMetrics } from '../../rendering/render-metrics.js';

const SECONDS = [0.005, 0.02, 0.05, 0.15, 0.5, 1, 2, 5, 15, 60];

/** The hub's figures for Prometheus, in a registry of its own so that hubs can share a process. */
@Injectable()
export class HubMetrics extends ReconcileMetrics implements RenderMetrics, OnApplicationShutdown {
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

  private readonly inputs = new Counter({
    name: 'fleetwright_renders_total',
    help: 'Inputs that were rendered, by the kinds of their sources.',
    labelNames: ['type'],
    registers: [this.registry],
  });

  private readonly renders = new Histogram({
    name: 'fleetwright_render_duration_seconds',
    help: 'Time of one run of what renders an input; what may vary is run twice.',
    labelNames: ['type'],
    buckets: SECONDS,
    registers: [this.registry],
  });

  private readonly shared = new Counter({
    name: 'fleetwright_bundles_shared_total',
    help: 'Bundles that were found by their input and not rendered again.',
    registers: [this.registry],
  });

  private readonly varied = new Counter({
    name: 'fleetwright_renders_not_reproducible_total',
    help: 'Inputs that gave something else when they were rendered again.',
    registers: [this.registry],
  });

  private readonly swept = new Counter({
    name: 'fleetwright_rendering_removed_total',
    help: 'Bundles and renders that nobody needed any more.',
    labelNames: ['what'],
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

  inputRendered(type: string): void {
    this.inputs.inc({ type });
  }

  renderTook(type: string, seconds: number): void {
    this.renders.observe({ type }, seconds);
  }

  bundleShared(): void {
    this.shared.inc();
  }

  renderVaried(): void {
    this.varied.inc();
  }

  removed(what: 'bundle' | 'render', count: number): void {
    this.swept.inc({ what }, count);
  }

  onApplicationShutdown(): void {
    this.registry.clear();
  }
}
