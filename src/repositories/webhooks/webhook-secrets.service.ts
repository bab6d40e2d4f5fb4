import { Injectable } from '@nestjs/common';
import type { Actor } from '../../access/actor.js';
import { CONTROL_NAMESPACE } from '../../access/access-object.js';
import type { WriteOptions, WriteOutcome } from '../../documents/document-writer.js';
import { PlatformDocuments } from '../../documents/platform-documents.js';
import { jsonEqual } from '../../kernel/json.js';
import type { KubernetesObject } from '../../kernel/object.js';
import { secretData } from '../../kubernetes/secret-data.js';
import { WEBHOOK_SECRET_KEYS, type WebhookSecretKey } from '../domain/webhooks/webhook-provider.js';
import { WebhookSecrets, type WebhookSecretRow } from './webhook-secrets.js';

const NAME = 'argocd-secret';

/** The Secret in which Argo CD keeps its own settings: here only those of webhooks. */
export function isWebhookSecret({ apiVersion, kind, metadata }: KubernetesObject): boolean {
  const namespace = metadata.namespace ?? CONTROL_NAMESPACE;
  return apiVersion === 'v1' && kind === 'Secret' && metadata.name === NAME && namespace === CONTROL_NAMESPACE;
}

/** Takes `argocd-secret`: the secrets of webhooks are sealed, and nothing else in it is kept. */
@Injectable()
export class WebhookSecretsService {
  constructor(
    private readonly secrets: WebhookSecrets,
    private readonly documents: PlatformDocuments,
  ) {}

  /** Platform admins only. Throws INVALID_DOCUMENT, whose words hold no value. */
  async apply(actor: Actor, document: KubernetesObject, options: WriteOptions): Promise<WriteOutcome> {
    const ref = { namespace: CONTROL_NAMESPACE, name: NAME };
    const labels = { ...document.metadata.labels };
    const secret = {
      ref,
      title: `${ref.namespace}/${ref.name}`,
      find: () => this.secrets.find(ref),
      read: () => {
        const data = secretData(document);
        const row = { ...ref, labels };
        return {
          row: { ...row, sealed: this.secrets.seal(row, webhookValues(data)) },
          answer: { apiVersion: 'v1', kind: 'Secret', metadata: { name: NAME, namespace: CONTROL_NAMESPACE, labels } },
          warnings: warningsOf(data),
        };
      },
      says: (stored: WebhookSecretRow, row: WebhookSecretRow) => this.says(stored, row),
      put: this.secrets.put.bind(this.secrets),
    };
    const outcome = await this.documents.apply(actor, secret, options);
    this.secrets.forget();
    return outcome;
  }

  /** A stored text that does not open says nothing: applying the Secret again repairs it. */
  private says(stored: WebhookSecretRow, row: WebhookSecretRow): boolean {
    if (!jsonEqual(stored.labels, row.labels)) return false;
    try {
      return jsonEqual(Object.fromEntries(this.secrets.open(stored)), Object.fromEntries(this.secrets.open(row)));
    } catch {
      return false;
    }
  }
}

function webhookValues(data: ReadonlyMap<string, string>): Map<WebhookSecretKey, string> {
  return new Map(WEBHOOK_SECRET_KEYS.flatMap((key) => (data.get(key) ? [[key, data.get(key) ?? '']] : [])));
}

function warningsOf(data: ReadonlyMap<string, string>): string[] {
  const known = new Set<string>(WEBHOOK_SECRET_KEYS);
  return [...data].flatMap(([key, value]) => {
    if (!known.has(key)) return [`data.${key} is not kept: this hub takes only the secrets of webhooks`];
    return value.startsWith('$') ? [`data.${key} is taken as it is written: references are not followed`] : [];
  });
}
