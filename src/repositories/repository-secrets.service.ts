import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { CONTROL_NAMESPACE } from '../access/access-object.js';
import type { WriteOptions, WriteOutcome } from '../documents/document-writer.js';
import { PlatformDocuments } from '../documents/platform-documents.js';
import { invalid } from '../kernel/errors.js';
import { jsonEqual } from '../kernel/json.js';
import type { KubernetesObject } from '../kernel/object.js';
import { secretData } from '../kubernetes/secret-data.js';
import { ConnectionCheck } from './connection-check.js';
import { readRepositorySecret, type RepositorySecret, type RepositorySecretKind } from './domain/repository-secret.js';
import { GitMirrors } from './git/git-mirrors.js';
import { RepositoryCredentialRows, type RepositoryCredentialRow } from './repository-credential-rows.js';
import { StoredCredentials } from './stored-credentials.js';

/** Takes repository and repo-creds Secrets; their values are sealed before anything is stored, audited or answered. */
@Injectable()
export class RepositorySecretsService {
  constructor(
    private readonly rows: RepositoryCredentialRows,
    private readonly credentials: StoredCredentials,
    private readonly documents: PlatformDocuments,
    private readonly connections: ConnectionCheck,
    private readonly mirrors: GitMirrors,
  ) {}

  /** Platform admins only: the Secret belongs to no project. Throws what readRepositorySecret and secretData throw. */
  async apply(
    actor: Actor,
    kind: RepositorySecretKind,
    document: KubernetesObject,
    options: WriteOptions,
  ): Promise<WriteOutcome> {
    const ref = { namespace: CONTROL_NAMESPACE, name: document.metadata.name };
    let given: RepositorySecret | undefined;
    const secret = {
      ref,
      title: `${ref.namespace}/${ref.name}`,
      find: () => this.rows.find(ref),
      read: () => {
        given = readRepositorySecret(kind, secretData(document));
        if (options.strict) refuseUnknown(given);
        const { url, type, credentials } = given;
        const row = { ...ref, kind, url, type, labels: { ...document.metadata.labels } };
        return {
          row: { ...row, sealed: this.rows.seal(row, credentials) },
          answer: answerOf(row),
          warnings: warningsOf(given),
        };
      },
      says: (stored: RepositoryCredentialRow, row: RepositoryCredentialRow) => this.says(stored, row),
      put: this.rows.put.bind(this.rows),
    };
    const outcome = await this.documents.apply(actor, secret, options);
    this.credentials.forget();
    this.mirrors.forgetFailures();
    return { ...outcome, warnings: [...outcome.warnings, ...(await this.connectionWarnings(given))] };
  }

  /** A Secret that does not open its repository is kept all the same: the server may be away. */
  private async connectionWarnings(given: RepositorySecret | undefined): Promise<string[]> {
    if (given?.kind !== 'repository' || given.type !== 'git') return [];
    const { status, code, message } = await this.connections.verdict(given.url, given.credentials ?? {});
    return status === 'Successful' ? [] : [`${code}: ${message}`];
  }

  /** A stored text that does not open says nothing: applying the Secret again repairs it. */
  private says(stored: RepositoryCredentialRow, row: RepositoryCredentialRow): boolean {
    if (!jsonEqual({ ...stored, sealed: '' }, { ...row, sealed: '' })) return false;
    try {
      return jsonEqual(this.rows.open(stored), this.rows.open(row));
    } catch {
      return false;
    }
  }
}

/** The Secret without its data; without annotations too, where kubectl keeps a copy of the data. */
function answerOf({ namespace, name, labels }: Omit<RepositoryCredentialRow, 'sealed'>): KubernetesObject {
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
