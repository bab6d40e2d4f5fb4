import { Inject, Injectable } from '@nestjs/common';
import { actorLabel, type Actor } from '../access/actor.js';
import { CONTROL_NAMESPACE, type Verb } from '../access/access-object.js';
import { Evaluator } from '../access/evaluator.js';
import { AuditLog } from '../audit/audit-log.js';
import { boundedPlanView, DEFAULT_PLAN_BOUNDS } from '../changes/bounded-plan-view.js';
import { joinPlanViews, type PlanView } from '../changes/plan-view.js';
import type { HubObject, Stored } from '../database/objects/hub-object.js';
import { bodyOf } from '../database/objects/object-rows.js';
import { ObjectStore } from '../database/objects/object-store.js';
import { Transactions, type Transaction } from '../database/transactions.js';
import { Clock, rfc3339 } from '../kernel/clock.js';
import { conflict, FleetError } from '../kernel/errors.js';
import type { KubernetesObject } from '../kernel/object.js';
import { CHANGE_PREVIEWERS, type ChangePreviewer, type ProposedChange } from './change-previewer.js';
import type { DocumentKind } from './document-kind.js';
import { accessObject, DocumentsService, type DocumentRef } from './documents.service.js';
import { applyTo, patched, replaced } from './merge-document.js';
import { sameDocument } from './same-document.js';
import { checkDocument, readEnvelope } from './validate-document.js';

export interface WriteOptions {
  /** Plan only; nothing is changed. */
  dryRun: boolean;
  /** Unknown fields are faults instead of warnings. */
  strict: boolean;
  /** Which door or person owns the fields. */
  fieldManager: string;
  /** Refuse unless the stored object still has this resourceVersion. */
  ifMatch?: string;
  requestId?: string;
  /** Of a deletion: what the object owns stays, owned by nobody (Kubernetes' propagationPolicy Orphan). */
  orphan?: boolean;
  /** Entries of each list of a plan; 500 unless said. */
  planEntries?: number;
}

export interface WriteOutcome {
  action: 'created' | 'updated' | 'unchanged' | 'deleted' | 'deleting';
  object: HubObject | KubernetesObject;
  warnings: string[];
  /** Present on a dry run. */
  plan?: PlanView;
}

interface Write {
  actor: Actor;
  kind: DocumentKind;
  ref: DocumentRef;
  options: WriteOptions;
  /** Asked instead of create or update. */
  verb?: Verb;
  /** The object that results, given what is stored. */
  result: (live: HubObject | undefined) => KubernetesObject;
}

/** The one door through which people's documents enter: check, merge, authorise, admit, commit, audit. */
@Injectable()
export class DocumentWriter {
  constructor(
    private readonly documents: DocumentsService,
    private readonly evaluator: Evaluator,
    private readonly audit: AuditLog,
    private readonly store: ObjectStore,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    @Inject(CHANGE_PREVIEWERS) private readonly previewers: readonly ChangePreviewer[],
  ) {}

  /** Server-side apply: the fields of the document become the manager's, fields it gave up go. Creates or updates. */
  async apply(actor: Actor, kind: DocumentKind, input: KubernetesObject, options: WriteOptions): Promise<WriteOutcome> {
    const { document, warnings } = checkDocument(input, kind.schema, options.strict);
    const by = this.manager(options, kind, 'Apply');
    return this.write(
      { actor, kind, ref: refOf(document), options, result: (live) => applyTo(live, document, by) },
      warnings,
    );
  }

  /** What the document in place of the stored one would lead to, for those who may create such. Writes nothing. */
  async preview(
    actor: Actor,
    kind: DocumentKind,
    input: KubernetesObject,
    options: WriteOptions,
  ): Promise<WriteOutcome & { plan: PlanView }> {
    const { document, warnings } = checkDocument(input, kind.schema, options.strict);
    const by = this.manager(options, kind, 'Update');
    const result = (live: HubObject | undefined) => replaced(live, document, by);
    const write: Write = { actor, kind, ref: refOf(document), options, verb: 'create', result };
    const { stored, next, admitted } = await this.proposed(write);
    return this.planned(write, { stored, next, warnings: [...warnings, ...admitted] });
  }

  async create(
    actor: Actor,
    kind: DocumentKind,
    input: KubernetesObject,
    options: WriteOptions,
  ): Promise<WriteOutcome> {
    const { document, warnings } = checkDocument(input, kind.schema, options.strict);
    const by = this.manager(options, kind, 'Update');
    const result = (live: HubObject | undefined): KubernetesObject => {
      if (live)
        throw new FleetError(
          'already-exists',
          'ALREADY_EXISTS',
          `${kind.names.kind} "${document.metadata.name}" already exists`,
        );
      return replaced(undefined, document, by);
    };
    return this.write({ actor, kind, ref: refOf(document), options, result }, warnings);
  }

  /** Replaces the document (PUT). A resourceVersion in it must be the stored one. */
  async replace(
    actor: Actor,
    kind: DocumentKind,
    input: KubernetesObject,
    options: WriteOptions,
  ): Promise<WriteOutcome> {
    const { document, warnings } = checkDocument(input, kind.schema, options.strict);
    const by = this.manager(options, kind, 'Update');
    await this.documents.authorised(actor, 'update', kind, refOf(document));
    return this.write(
      { actor, kind, ref: refOf(document), options, result: (live) => replaced(live, document, by) },
      warnings,
    );
  }

  /** JSON merge patch (RFC 7396) of an existing object. */
  async patch(
    actor: Actor,
    kind: DocumentKind,
    target: { ref: DocumentRef; patch: unknown },
    options: WriteOptions,
  ): Promise<WriteOutcome> {
    const { object } = await this.documents.authorised(actor, 'update', kind, target.ref);
    const check = (live: HubObject) =>
      checkDocument(readEnvelope(patched(live, target.patch)), kind.schema, options.strict);
    const { warnings } = check(object);
    const by = this.manager(options, kind, 'Update');
    const result = (live = object): KubernetesObject => replaced(live, check(live).document, by);
    return this.write({ actor, kind, ref: target.ref, options, result }, warnings);
  }

  async delete(actor: Actor, kind: DocumentKind, ref: DocumentRef, options: WriteOptions): Promise<WriteOutcome> {
    const stored = await this.documents.authorised(actor, 'delete', kind, ref);
    refuseStale(options.ifMatch, stored);
    await kind.admitDelete(stored.object, actor);
    if (options.dryRun) {
      const plan = await this.plan({ kind: kind.names.kind, actor, previous: stored.object }, options);
      return { action: 'deleted', object: stored.object, warnings: [], plan };
    }
    const gone = await this.transactions.run(async (tx) => {
      await this.lockUnchanged(tx, stored);
      if (options.orphan) await this.store.disown(tx, [stored.object.metadata.uid]);
      const removed = await this.store.delete(tx, [stored.object.metadata.uid]);
      await this.record(tx, { actor, kind, ref, options }, 'delete', stored.object, undefined);
      return removed.length > 0;
    });
    return { action: gone ? 'deleted' : 'deleting', object: stored.object, warnings: [] };
  }

  private async write(write: Write, schemaWarnings: readonly string[]): Promise<WriteOutcome> {
    const { kind, ref, options } = write;
    const { stored, next, admitted } = await this.proposed(write);
    const warnings = [...schemaWarnings, ...admitted];
    if (options.dryRun) return this.planned(write, { stored, next, warnings });
    if (stored && sameDocument(stored.object, next)) return { action: 'unchanged', object: stored.object, warnings };
    await this.commit(write, stored, next);
    const saved = await this.store.find({ kind: kind.names.kind, ...ref });
    return { action: stored ? 'updated' : 'created', object: saved?.object ?? next, warnings };
  }

  /** The object that would be stored, authorised and admitted. */
  private async proposed(
    write: Write,
  ): Promise<{ stored?: Stored | undefined; next: KubernetesObject; admitted: string[] }> {
    const { actor, kind, ref, options } = write;
    const stored = await this.store.find({ kind: kind.names.kind, ...ref });
    refuseStale(options.ifMatch, stored);
    const next = kind.complete(write.result(stored?.object), actor);
    await this.authorise(write, stored?.object, next);
    const admitted = await kind.admit({ actor, next, ...(stored ? { previous: stored.object } : {}) });
    return { stored, next, admitted };
  }

  private async planned(
    { actor, kind, options }: Write,
    { stored, next, warnings }: { stored: Stored | undefined; next: KubernetesObject; warnings: string[] },
  ): Promise<WriteOutcome & { plan: PlanView }> {
    const change = { kind: kind.names.kind, actor, next, ...(stored ? { previous: stored.object } : {}) };
    const plan = await this.plan(change, options);
    return { action: stored ? 'updated' : 'created', object: next, warnings, plan };
  }

  /** A write that moves an object to another project needs the right in both. */
  private async authorise(
    { actor, kind, ref, verb: asked }: Write,
    previous: HubObject | undefined,
    next: KubernetesObject,
  ): Promise<void> {
    const verb = asked ?? (previous ? 'update' : 'create');
    if (previous) await this.evaluator.require(actor, verb, kind.names.resource, accessObject(kind, ref, previous));
    await this.evaluator.require(actor, verb, kind.names.resource, accessObject(kind, ref, next));
  }

  private async commit(write: Write, stored: Stored | undefined, next: KubernetesObject): Promise<void> {
    const scope = await write.kind.scopeOf(next);
    const ownerUid = stored?.scope.ownerUid;
    await this.transactions.run(async (tx) => {
      if (stored) {
        await this.lockUnchanged(tx, stored);
        await this.store.update(tx, [{ object: next, scope: { ...scope, ...(ownerUid ? { ownerUid } : {}) } }]);
      } else {
        await this.store.insert(tx, [{ object: next, scope }]);
      }
      await this.record(tx, write, stored ? 'update' : 'create', stored?.object, next);
    });
  }

  private async lockUnchanged(tx: Transaction, stored: Stored): Promise<void> {
    const { uid, resourceVersion, name } = stored.object.metadata;
    const versions = await this.store.lock(tx, [uid]);
    if (versions.get(uid) !== resourceVersion) {
      throw conflict(
        'CONFLICT',
        `"${name}" was changed by someone else meanwhile`,
        'Read it again and repeat the change.',
      );
    }
  }

  private async plan(change: ProposedChange, { planEntries }: WriteOptions): Promise<PlanView> {
    const views = await Promise.all(this.previewers.map((previewer) => previewer.preview(change)));
    const whole = joinPlanViews(views.filter((view) => view !== undefined));
    return boundedPlanView(whole, { ...DEFAULT_PLAN_BOUNDS, ...(planEntries ? { entries: planEntries } : {}) });
  }

  private async record(
    tx: Transaction,
    { actor, kind, ref, options }: Omit<Write, 'result'>,
    verb: Verb,
    before: KubernetesObject | undefined,
    after: KubernetesObject | undefined,
  ): Promise<void> {
    const project = (after ?? before) && kind.projectOf((after ?? before) as KubernetesObject);
    await this.audit.record(
      {
        actor: actorLabel(actor),
        verb,
        resource: kind.names.resource,
        object: `${ref.namespace}/${ref.name}`,
        decision: 'allowed',
        project,
        requestId: options.requestId,
        before: before && bodyOf(before),
        after: after && bodyOf(after),
      },
      tx,
    );
  }

  private manager(options: WriteOptions, kind: DocumentKind, operation: 'Apply' | 'Update') {
    return {
      manager: options.fieldManager,
      operation,
      apiVersion: kind.names.apiVersion,
      time: rfc3339(this.clock.now()),
    };
  }
}

function refOf(document: KubernetesObject): DocumentRef {
  return { namespace: document.metadata.namespace ?? CONTROL_NAMESPACE, name: document.metadata.name };
}

function refuseStale(ifMatch: string | undefined, stored: Stored | undefined): void {
  if (ifMatch === undefined || ifMatch === stored?.object.metadata.resourceVersion) return;
  throw new FleetError('precondition', 'PRECONDITION_FAILED', 'the object is not at the version named by If-Match', {
    hint: 'Read it again and repeat the change.',
  });
}
