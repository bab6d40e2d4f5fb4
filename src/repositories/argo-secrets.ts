import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { CONTROL_NAMESPACE } from '../access/access-object.js';
import { Evaluator } from '../access/evaluator.js';
import { clusterOfSecret } from '../clusters/argo-cluster-secret.js';
import { ClusterKind } from '../clusters/cluster.kind.js';
import { CLUSTER_LABEL } from '../clusters/domain/cluster.js';
import { DocumentWriter, type WriteOptions, type WriteOutcome } from '../documents/document-writer.js';
import { ForeignDocuments } from '../documents/foreign-documents.js';
import { GeneratorInputsService } from '../expansion/fetchers/stored/generator-inputs.service.js';
import { FleetError, invalid } from '../kernel/errors.js';
import { own } from '../kernel/json.js';
import type { KubernetesObject } from '../kernel/object.js';
import { RepositorySecretsService } from './repository-secrets.service.js';
import { isWebhookSecret, WebhookSecretsService } from './webhooks/webhook-secrets.service.js';

/**
 * Argo CD's declarative Secrets at the apply door (argocd-behaviour.md 7.1): repositories and the secrets of webhooks are
 * sealed, a cluster becomes a Cluster without its credentials, what generators read is kept for them, and every other
 * Secret is refused. Nothing
 * here repeats what a Secret holds.
 */
@Injectable()
export class ArgoSecrets extends ForeignDocuments {
  constructor(
    private readonly repositories: RepositorySecretsService,
    private readonly inputs: GeneratorInputsService,
    private readonly webhooks: WebhookSecretsService,
    private readonly evaluator: Evaluator,
    private readonly clusterKind: ClusterKind,
    private readonly writer: DocumentWriter,
  ) {
    super();
  }

  async apply(actor: Actor, document: KubernetesObject, options: WriteOptions): Promise<WriteOutcome | undefined> {
    const taken = await this.inputs.apply(actor, document, options);
    if (taken) return taken;
    if (document.apiVersion !== 'v1' || document.kind !== 'Secret') return undefined;
    if (isWebhookSecret(document)) return this.webhooks.apply(actor, document, options);
    const type = own(document.metadata.labels ?? {}, CLUSTER_LABEL);
    if (type !== 'repository' && type !== 'repo-creds' && type !== 'cluster') throw notAccepted(document, type);
    requireControlNamespace(document);
    return type === 'cluster'
      ? this.applyCluster(actor, document, options)
      : this.repositories.apply(actor, type, document, options);
  }

  /** Clusters that Argo CD knew are for platform admins to bring, even where a project owns them. */
  private async applyCluster(actor: Actor, document: KubernetesObject, options: WriteOptions): Promise<WriteOutcome> {
    const { name } = document.metadata;
    await this.evaluator.require(actor, 'create', 'clusters', { namespace: CONTROL_NAMESPACE, name });
    const { cluster, warnings } = clusterOfSecret(document);
    const outcome = await this.writer.apply(actor, this.clusterKind, cluster, options);
    return { ...outcome, warnings: [...warnings, ...outcome.warnings] };
  }
}

function notAccepted({ metadata }: KubernetesObject, type: unknown): FleetError {
  const what = type === undefined ? 'application secrets' : `Secrets whose ${CLUSTER_LABEL} is "${String(type)}"`;
  return new FleetError('invalid', 'SECRET_NOT_ACCEPTED', `the hub keeps no ${what}: "${metadata.name}" is refused`, {
    faults: [
      {
        path: `metadata.labels.${CLUSTER_LABEL}`,
        message: 'says which Secrets the hub takes',
        expected: 'repository, repo-creds, scm-creds or cluster',
      },
    ],
    hint: 'Keep secrets in a secret store, and bring them to clusters by ExternalSecrets and a SecretStoreSet.',
  });
}

function requireControlNamespace({ metadata }: KubernetesObject): void {
  const namespace = metadata.namespace ?? CONTROL_NAMESPACE;
  if (namespace === CONTROL_NAMESPACE) return;
  const message = `Argo CD's Secrets are taken in namespace ${CONTROL_NAMESPACE} only`;
  throw invalid('INVALID_DOCUMENT', message, [
    { path: 'metadata.namespace', message, expected: CONTROL_NAMESPACE, got: namespace },
  ]);
}
