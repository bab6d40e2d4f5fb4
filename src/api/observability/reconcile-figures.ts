import { Injectable } from '@nestjs/common';
import type { Outcome } from '../../reconcile/outcome.js';
import { ReconcileMetrics } from '../../reconcile/reconcile-metrics.js';
import { HubMetrics } from './hub-metrics.js';

/** Shows the engine's figures under /metrics. */
@Injectable()
export class ReconcileFigures extends ReconcileMetrics {
  constructor(private readonly metrics: HubMetrics) {
    super();
  }

  reconciled(queue: string, outcome: Outcome['type'] | 'failed', seconds: number): void {
    this.metrics.reconciled(queue, outcome, seconds);
  }
}
