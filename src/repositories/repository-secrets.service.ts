import { Injectable } from '@nestjs/common';
import { actorLabel, type Actor } from '../access/actor.js';
import { CONTROL_NAMESPACE } from '../access/access-object.js';
import { Evaluator } from '../access/evaluator.js';
import { AuditLog } from '../audit/audit-log.js';
import { EMPTY_PLAN_VIEW } from '../changes/plan-view.js';
import { Transactions } from '../database/transactions.js';
import type { WriteOptions, WriteOutcome } from '../documents/document-writer.js';
import { invalid } from '../kernel/errors.js';
import { jsonEqual } from '../kernel/json.js';
import type { KubernetesObject } from '../kernel/object.js';
import { secretData } from '../kubernetes/secret-data.js';
import { readRepositorySecret, type RepositorySecret, type RepositorySecretKind } from './domain/repository-secret.js';
import { RepositoryCredentialRows, type RepositoryCredentialRow } from './repository-credential-rows.js';
import { StoredCredentials } from './stored-credentials.js';

type PublicRow = Omit<RepositoryCredentialRow, 'sealed'>;

/** Takes repository and repo-creds Secrets; their values are sealed before anything is stored, audited or answered. */
@Injectable()
export class RepositorySecretsService {
  constructor(
    private readonly evaluator: Evaluator,
    private readonly audit: AuditLog,
    private readonly rows: RepositoryCredentialRows,
    private readonly credentials: StoredCredentials,
    private readonly transactions: Transactions,
  ) {}

  /** Platform admins only: the Secret belongs to no project. Throws what readRepositorySecret and secretData throw. */
  async apply(
    actor: Actor,
    kind: RepositorySecretKind,
    document: KubernetesObject,
    options: WriteOptions,
  ): Promise<WriteOutcome> {
    const ref = { namespace: CONTROL_NAMESPACE, name: document.metadata.name };
    const stored = await this.rows.find(ref);
    const verb = stored ? 'update' : 'create';
    await this.evaluator.require(actor, verb, 'repositories', ref);
    const secret = readRepositorySecret(kind, secretData(document));
    if (options.strict) refuseUnknown(secret);
    const { url, type } = secret;
    const row: PublicRow = { ...ref, kind, url, type, labels: { ...document.metadata.labels } };
    const outcome = { object: answerOf(row), warnings: warningsOf(secret) };
    const action = stored ? 'updated' : 'created';
    if (options.dryRun) return { ...outcome, action, plan: EMPTY_PLAN_VIEW };
    if (stored && this.says(stored, row, secret)) return { ...outcome, action: 'unchanged' };
    await this.write({ actor, verb, options }, stored, { ...row, sealed: this.rows.seal(row, secret.credentials) });
    return { ...outcome, action };
  }

  /** A stored text that does not open says nothing: applying the Secret again repairs it. */
  private says(stored: RepositoryCredentialRow, row: PublicRow, { credentials }: RepositorySecret): boolean {
    const { sealed: _sealed, ...storedRow } = stored;
    if (!jsonEqual(storedRow, row)) return false;
    try {
      return jsonEqual(this.rows.open(stored), credentials);
    } catch {
      return false;
    }
  }

  private async write(
    { actor, verb, options }: { actor: Actor; verb: 'create' | 'update'; options: WriteOptions },
    before: RepositoryCredentialRow | undefined,
    after: RepositoryCredentialRow,
  ): Promise<void> {
    await this.transactions.run(async (tx) => {
      await this.rows.put(after, tx);
      await this.audit.record(
        {
          actor: actorLabel(actor),
          verb,
          resource: 'repositories',
          object: `${after.namespace}/${after.name}`,
          decision: 'allowed',
          requestId: options.requestId,
          before,
          after,
        },
        tx,
      );
    });
    this.credentials.forget();
  }
}

/** The Secret without its data; without annotations too, where kubectl keeps a copy of the data. */
function answerOf({ namespace, name, labels }: PublicRow): KubernetesObject {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace, labels } };
}

function warningsOf({ ignored, unknown }: RepositorySecret): string[] {
  return [
    ...ignored.map((key) => `data.${key} is not supported yet and changes nothing`),
    ...unknown.map((key) => `unknown field "data.${key}"`),
  ];
}

function refuseUnknown({ unknown }: RepositorySecret): void {
  if (unknown.length === 0) return;
  const faults = unknown.map((key) => ({ path: `data.${key}`, message: 'unknown field' }));
  throw invalid('INVALID_DOCUMENT', `the repository Secret is invalid: unknown field "data.${unknown[0]}"`, faults);
}
