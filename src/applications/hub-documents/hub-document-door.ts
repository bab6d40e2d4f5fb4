import { Injectable } from '@nestjs/common';
import { CONTROL_NAMESPACE } from '../../access/access-object.js';
import type { Actor } from '../../access/actor.js';
import { Evaluator } from '../../access/evaluator.js';
import type { DesiredItem } from '../../changes/plan.js';
import type { HubObject, ObjectWrite, Stored } from '../../database/objects/hub-object.js';
import { ObjectStore } from '../../database/objects/object-store.js';
import type { DocumentKind } from '../../documents/document-kind.js';
import { DocumentKinds } from '../../documents/document-kinds.js';
import { accessObject } from '../../documents/documents.service.js';
import { checkDocument, readEnvelope } from '../../documents/validate-document.js';
import { Clock, rfc3339 } from '../../kernel/clock.js';
import { conflict, FleetError } from '../../kernel/errors.js';
import type { KubernetesObject } from '../../kernel/object.js';
import { TRACKING_ANNOTATION, trackingId } from '../../rendering/domain/stamp.js';
import type { StoredApplication } from '../delivery/delivery-decision.js';
import { instanceOf } from '../domain/sync-settings.js';
import { desiredDocument } from './hub-document-plan.js';

/** Kinds that a repository may bring into the hub. Whatever a project's kind lists say, rules and members are no Git matter. */
export const GRANTABLE_KINDS: readonly string[] = ['Application', 'ApplicationSet', 'SecretStoreSet'];

/** A document that may enter, and what is stored under its name already. */
export interface AdmittedDocument {
  item: DesiredItem<ObjectWrite>;
  live: Stored | undefined;
}

/** Lets the documents of a bundle into the hub with the rights of its Application's project, and no others. */
@Injectable()
export class HubDocumentDoor {
  constructor(
    private readonly kinds: DocumentKinds,
    private readonly evaluator: Evaluator,
    private readonly store: ObjectStore,
    private readonly clock: Clock,
  ) {}

  /** Throws a FleetError that says which document may not enter, and why. */
  async admit(application: StoredApplication, input: KubernetesObject): Promise<AdmittedDocument> {
    const envelope = readEnvelope(input);
    const kind = this.kinds.find(envelope.apiVersion, envelope.kind);
    if (!kind || !GRANTABLE_KINDS.includes(kind.names.kind)) throw notGrantable(envelope);
    const { document } = checkDocument(envelope, kind.schema, false);
    const tracked = withTracking(application, document);
    const ref = { namespace: tracked.metadata.namespace ?? CONTROL_NAMESPACE, name: tracked.metadata.name };
    const stored = await this.store.find({ kind: kind.names.kind, ...ref });
    await this.refuseForeign(application, stored);
    const actor: Actor = { type: 'project', project: application.spec.project || 'default' };
    const next = kind.complete(tracked, actor);
    await this.authorise(actor, kind, { next, ...(stored ? { previous: stored.object } : {}) });
    await kind.admit({ actor, next, ...(stored ? { previous: stored.object } : {}) });
    const scope = { ...(await kind.scopeOf(next)), ...ownership(application, stored) };
    const by = {
      manager: `application:${application.metadata.name}`,
      operation: 'Apply' as const,
      apiVersion: kind.names.apiVersion,
      time: rfc3339(this.clock.now()),
    };
    return { item: desiredDocument(next, { live: stored?.object, scope, by }), live: stored };
  }

  /** What has an owner stays with it; two that write one document would undo each other's work for ever. */
  private async refuseForeign(application: StoredApplication, stored: Stored | undefined): Promise<void> {
    const owner = stored?.scope.ownerUid;
    if (!stored || owner === undefined || owner === application.metadata.uid) return;
    const { kind, metadata } = stored.object;
    const other = ownerName(await this.store.findByUid(owner), application.spec.project || 'default');
    const self = `Application "${application.metadata.name}"`;
    const hint = 'take it out of one of the two, or give it another name';
    throw conflict(
      'NAME_TAKEN',
      `${kind} "${metadata.name}" belongs to ${other}, ${self} may not bring it too: ${hint}`,
    );
  }

  /** Only platform admins write into `default`, so its Applications may bring documents of every project. */
  private async authorise(
    actor: Actor & { type: 'project' },
    kind: DocumentKind,
    write: { next: KubernetesObject; previous?: HubObject },
  ): Promise<void> {
    if (actor.project === 'default') return;
    const { next, previous } = write;
    const ref = { namespace: next.metadata.namespace ?? CONTROL_NAMESPACE, name: next.metadata.name };
    for (const object of previous ? [previous, next] : [next]) {
      await this.evaluator.require(
        actor,
        previous ? 'update' : 'create',
        kind.names.resource,
        accessObject(kind, ref, object),
      );
    }
  }
}

function withTracking(application: StoredApplication, document: KubernetesObject): KubernetesObject {
  const namespace = document.metadata.namespace ?? (application.spec.destination.namespace || CONTROL_NAMESPACE);
  const id = trackingId(instanceOf(application.metadata), document, namespace);
  const annotations = { ...document.metadata.annotations, [TRACKING_ANNOTATION]: id };
  return { ...document, metadata: { ...document.metadata, namespace, annotations } };
}

/** An Application that stands in its own repository is brought up to date by it, and never pruned with its documents. */
function ownership({ metadata }: StoredApplication, stored: Stored | undefined): { ownerUid?: string } {
  return stored?.object.metadata.uid === metadata.uid ? {} : { ownerUid: metadata.uid };
}

/** Only platform admins are told the names of other projects. */
function ownerName(owner: Stored | undefined, project: string): string {
  if (!owner) return 'an owner that is being removed';
  const { kind, metadata } = owner.object;
  if (project !== 'default' && owner.scope.project !== project) return `an ${kind} of another project`;
  return `${kind} "${metadata.name}"`;
}

function notGrantable({ apiVersion, kind, metadata }: KubernetesObject): FleetError {
  const local = apiVersion.startsWith('argoproj.io/') || apiVersion.startsWith('fleetwright.io/');
  if (local)
    return new FleetError(
      'forbidden',
      'KIND_NOT_GRANTED',
      `${kind} "${metadata.name}" may not come from a repository: a platform admin applies it`,
    );
  return new FleetError(
    'invalid',
    'NO_LOCAL_CLUSTER',
    `${kind} "${metadata.name}" is destined for in-cluster, which is the hub's own document store: only hub documents go there`,
  );
}
