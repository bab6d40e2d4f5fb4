import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import type { AccessObject, Verb } from '../access/access-object.js';
import { Evaluator } from '../access/evaluator.js';
import type { HubObject, ListKey, Stored } from '../database/objects/hub-object.js';
import { ObjectQueries } from '../database/objects/object-queries.js';
import { ObjectStore } from '../database/objects/object-store.js';
import { notFound } from '../kernel/errors.js';
import type { LabelExpression } from '../kernel/label-selector.js';
import type { KubernetesObject } from '../kernel/object.js';
import type { DocumentKind } from './document-kind.js';

export interface DocumentRef {
  namespace: string;
  name: string;
}

export interface DocumentQuery {
  namespace?: string;
  labels?: readonly LabelExpression[];
  fields?: Partial<Record<'name' | 'namespace' | 'project' | 'cluster', string>>;
  after?: ListKey;
  limit: number;
}

export interface DocumentPage {
  items: HubObject[];
  next?: ListKey;
  remaining: number;
  resourceVersion: string;
}

/** Reading of hub objects of every kind: authorised first, filtered in SQL. */
@Injectable()
export class DocumentsService {
  constructor(
    private readonly evaluator: Evaluator,
    private readonly store: ObjectStore,
    private readonly queries: ObjectQueries,
  ) {}

  /** An absent and a forbidden name read the same to those who may not see everything. */
  async get(actor: Actor, kind: DocumentKind, ref: DocumentRef): Promise<HubObject> {
    const { object } = await this.authorised(actor, 'get', kind, ref);
    return kind.present(object, actor);
  }

  async list(actor: Actor, kind: DocumentKind, query: DocumentQuery): Promise<DocumentPage> {
    const access = await this.evaluator.filter(actor, 'list', kind.names.resource);
    const page = await this.queries.list({
      ...query,
      kind: kind.names.kind,
      access: (columns, parameters) => access.build(columns, parameters),
    });
    return { ...page, items: page.items.map(({ object }) => object) };
  }

  /** The stored object, once the actor may do this to it. */
  async authorised(actor: Actor, verb: Verb, kind: DocumentKind, ref: DocumentRef): Promise<Stored> {
    const stored = await this.store.find({ kind: kind.names.kind, ...ref });
    await this.evaluator.require(actor, verb, kind.names.resource, accessObject(kind, ref, stored?.object));
    if (stored === undefined) throw notFound(kind.names.kind, `${ref.namespace}/${ref.name}`);
    return stored;
  }
}

/** What policies are asked about. An absent object belongs to no project, which only admins may look into. */
export function accessObject(kind: DocumentKind, ref: DocumentRef, object: KubernetesObject | undefined): AccessObject {
  const project = object && kind.projectOf(object);
  return { name: ref.name, namespace: ref.namespace, ...(project === undefined ? {} : { project }) };
}
