import { Injectable } from '@nestjs/common';
import { actorLabel, type Actor } from '../access/actor.js';
import { Evaluator } from '../access/evaluator.js';
import { AuditLog } from '../audit/audit-log.js';
import { EMPTY_PLAN_VIEW } from '../changes/plan-view.js';
import { Transactions, type Transaction } from '../database/transactions.js';
import type { KubernetesObject } from '../kernel/object.js';
import type { WriteOptions, WriteOutcome } from './document-writer.js';

/** A document that is no hub object: kept as a row of its feature, its values sealed. */
export interface PlatformDocument<Row extends object> {
  ref: { namespace: string; name: string };
  /** How the audit log names it. */
  title: string;
  find(): Promise<Row | undefined>;
  /** What it comes to; asked only for who may write it. Throws what is wrong with it. */
  read(): { row: Row; answer: KubernetesObject; warnings: string[] };
  /** Whether the stored row says the same. */
  says(stored: Row, row: Row): boolean;
  put(row: Row, tx: Transaction): Promise<void>;
}

/** Takes documents of platform admins that belong to no project: authorised and audited as `repositories`. */
@Injectable()
export class PlatformDocuments {
  constructor(
    private readonly evaluator: Evaluator,
    private readonly audit: AuditLog,
    private readonly transactions: Transactions,
  ) {}

  async apply<Row extends object>(
    actor: Actor,
    document: PlatformDocument<Row>,
    options: WriteOptions,
  ): Promise<WriteOutcome> {
    const stored = await document.find();
    const verb = stored ? 'update' : 'create';
    await this.evaluator.require(actor, verb, 'repositories', document.ref);
    const { row, answer, warnings } = document.read();
    const outcome = { object: answer, warnings };
    const action = stored ? 'updated' : 'created';
    if (options.dryRun) return { ...outcome, action, plan: EMPTY_PLAN_VIEW };
    if (stored && document.says(stored, row)) return { ...outcome, action: 'unchanged' };
    await this.transactions.run(async (tx) => {
      await document.put(row, tx);
      await this.audit.record(
        {
          actor: actorLabel(actor),
          verb,
          resource: 'repositories',
          object: document.title,
          decision: 'allowed',
          requestId: options.requestId,
          before: stored,
          after: row,
        },
        tx,
      );
    });
    return { ...outcome, action };
  }
}
