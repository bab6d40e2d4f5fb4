import { Injectable } from '@nestjs/common';
import { CONTROL_NAMESPACE } from '../../../access/access-object.js';
import { actorLabel, type Actor } from '../../../access/actor.js';
import { Evaluator } from '../../../access/evaluator.js';
import { AuditLog } from '../../../audit/audit-log.js';
import { EMPTY_PLAN_VIEW } from '../../../changes/plan-view.js';
import { Transactions } from '../../../database/transactions.js';
import type { WriteOptions, WriteOutcome } from '../../../documents/document-writer.js';
import { jsonEqual } from '../../../kernel/json.js';
import { objectId, type KubernetesObject } from '../../../kernel/object.js';
import { secretData } from '../../../kubernetes/secret-data.js';
import { isGeneratorInput, contentOf } from './generator-input.js';
import { GeneratorInputRows, type GeneratorInputRow, type InputKey } from './generator-input-rows.js';

/**
 * Takes what generators read beside repositories: `scm-creds` Secrets, sealed at once, ConfigMaps of generators, and
 * documents that decide about clusters.
 */
@Injectable()
export class GeneratorInputsService {
  constructor(
    private readonly evaluator: Evaluator,
    private readonly audit: AuditLog,
    private readonly rows: GeneratorInputRows,
    private readonly transactions: Transactions,
  ) {}

  /** Undefined for what is none of these. Platform admins only. Throws INVALID_DOCUMENT, whose words hold no value. */
  async apply(actor: Actor, document: KubernetesObject, options: WriteOptions): Promise<WriteOutcome | undefined> {
    if (!isGeneratorInput(document)) return undefined;
    const { group, kind, namespace, name } = objectId(document);
    const key = { group, kind, namespace: namespace || CONTROL_NAMESPACE, name };
    const stored = await this.rows.find(key);
    const verb = stored ? 'update' : 'create';
    await this.evaluator.require(actor, verb, 'repositories', key);
    const row = this.rowOf(key, document);
    const outcome = { object: answerOf(document, row), warnings: [] };
    const action = stored ? 'updated' : 'created';
    if (options.dryRun) return { ...outcome, action, plan: EMPTY_PLAN_VIEW };
    if (stored && this.says(stored, row)) return { ...outcome, action: 'unchanged' };
    await this.write({ actor, verb, options }, stored, row);
    return { ...outcome, action };
  }

  private rowOf(key: InputKey, document: KubernetesObject): GeneratorInputRow {
    const labels = { ...document.metadata.labels };
    if (key.kind !== 'Secret') return { ...key, labels, content: contentOf(document), sealed: null };
    return { ...key, labels, content: null, sealed: this.rows.seal(key, secretData(document)) };
  }

  /** A stored text that does not open says nothing: applying the Secret again repairs it. */
  private says(stored: GeneratorInputRow, row: GeneratorInputRow): boolean {
    if (!jsonEqual(stored.labels, row.labels) || !jsonEqual(stored.content, row.content)) return false;
    try {
      return jsonEqual(Object.fromEntries(this.rows.open(stored)), Object.fromEntries(this.rows.open(row)));
    } catch {
      return false;
    }
  }

  private async write(
    { actor, verb, options }: { actor: Actor; verb: 'create' | 'update'; options: WriteOptions },
    before: GeneratorInputRow | undefined,
    after: GeneratorInputRow,
  ): Promise<void> {
    await this.transactions.run(async (tx) => {
      await this.rows.put(after, tx);
      await this.audit.record(
        {
          actor: actorLabel(actor),
          verb,
          resource: 'repositories',
          object: `${after.kind} ${after.namespace}/${after.name}`,
          decision: 'allowed',
          requestId: options.requestId,
          before,
          after,
        },
        tx,
      );
    });
  }
}

/** A Secret without its data; without annotations too, where kubectl keeps a copy of the data. */
function answerOf(document: KubernetesObject, { kind, namespace, name, labels }: GeneratorInputRow): KubernetesObject {
  const metadata = { name, namespace, labels };
  return kind === 'Secret' ? { apiVersion: 'v1', kind, metadata } : { ...document, metadata };
}
