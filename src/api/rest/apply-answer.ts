import { Injectable } from '@nestjs/common';
import type { PlanView } from '../../changes/plan-view.js';
import type { Applied } from '../../documents/apply-door.js';
import type { WriteOutcome } from '../../documents/document-writer.js';
import { ApiErrors } from '../errors/api-errors.js';
import type { StatusBody } from '../errors/status.js';

/** What the apply door answers about one document. */
export interface ApplyResult {
  index: number;
  kind: string;
  namespace: string;
  name: string;
  action: WriteOutcome['action'] | 'failed';
  warnings: string[];
  error?: StatusBody;
  /** On a dry run. */
  plan?: PlanView;
}

@Injectable()
export class ApplyAnswers {
  constructor(private readonly errors: ApiErrors) {}

  resultOf({ outcome, ...labels }: Applied, requestId: string): ApplyResult {
    if (!outcome.ok) {
      return { ...labels, action: 'failed', warnings: [], error: this.errors.statusOf(outcome.error, requestId) };
    }
    const { action, warnings, plan } = outcome.value;
    return { ...labels, action, warnings, ...(plan ? { plan } : {}) };
  }

  /** 200 when all went well, 207 when some did not; a single document answers with its own status. */
  codeOf(results: readonly ApplyResult[]): number {
    const [only] = results;
    if (results.length === 1) return only?.error?.code ?? 200;
    return results.some(({ error }) => error !== undefined) ? 207 : 200;
  }
}
