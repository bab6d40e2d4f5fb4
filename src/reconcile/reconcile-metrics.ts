import { Injectable } from '@nestjs/common';
import type { Outcome } from './outcome.js';

/** Where the engine's figures go; the API's /metrics implements it. */
export abstract class ReconcileMetrics {
  abstract reconciled(queue: string, outcome: Outcome['type'] | 'failed', seconds: number): void;
}

@Injectable()
export class NoReconcileMetrics extends ReconcileMetrics {
  reconciled(): void {}
}
