import { Injectable } from '@nestjs/common';
import type { Actor } from '../../access/actor.js';
import type { Stored } from '../../database/objects/hub-object.js';
import { DocumentsService, type DocumentRef } from '../../documents/documents.service.js';
import { invalid } from '../../kernel/errors.js';
import { isObject } from '../../kernel/json.js';
import { ApplicationKind } from '../application.kind.js';
import type { StoredApplication } from '../delivery/delivery-decision.js';
import { sourcesOf } from '../domain/application.js';
import type { BundleDifference } from '../domain/bundle-difference.js';
import { RevisionRenders, type SituatedApplication } from './revision-renders.js';

export interface ApplicationDiff extends BundleDifference {
  application: { namespace: string; name: string; project: string; cluster: string };
  /** In force now; null where nothing is. */
  from: string | null;
  to: string;
  /** What each source's revision names. */
  revisions: string[];
  warnings: string[];
  /** Why the project would not let it be delivered. */
  refused?: string;
}

/** What an Application's cluster would get at other revisions, against the bundle in force. Nothing is delivered. */
@Injectable()
export class ApplicationDiffs {
  constructor(
    private readonly documents: DocumentsService,
    private readonly kind: ApplicationKind,
    private readonly renders: RevisionRenders,
  ) {}

  /**
   * Needs `get`. `revisions` go by the place of the sources, '' leaves one as it is. Throws INVALID_QUERY where there are
   * more of them than sources, and what keeps the sources from being rendered under its own code.
   */
  async ask(actor: Actor, ref: DocumentRef, revisions: readonly string[]): Promise<ApplicationDiff> {
    const stored = (await this.documents.authorised(actor, 'get', this.kind, ref)) as Stored<StoredApplication>;
    const sources = sourcesOf(stored.object.spec);
    if (revisions.length > sources.length) {
      throw invalid('INVALID_QUERY', `${revisions.length} revisions are given for ${sources.length} sources`);
    }
    const [situated] = await this.renders.situate([stored]);
    if (!situated?.ok) throw invalid(situated?.error.code ?? 'INVALID', situated?.error.message ?? '');
    for (const { repoURL, chart } of sources) if (repoURL && !chart) await this.renders.look(repoURL);
    const given = revisions.map((revision) => (revision === '' ? undefined : revision));
    const rendered = await this.renders.render(situated.value, given);
    if (!rendered.ok) throw invalid(rendered.error.code, rendered.error.message);
    const from = inForce(situated.value);
    const difference = await this.renders.difference(situated.value, from, rendered.value.digest);
    const refused = this.renders.refusalOf(situated.value, rendered.value);
    return {
      application: nameOf(situated.value),
      from: from ?? null,
      to: rendered.value.digest,
      revisions: rendered.value.revisions,
      warnings: rendered.value.warnings,
      ...(refused === undefined ? {} : { refused }),
      ...difference,
    };
  }
}

export function nameOf({ application: { metadata, spec }, where }: SituatedApplication) {
  const cluster = where.type === 'member' ? where.cluster.name : 'in-cluster';
  return { namespace: metadata.namespace, name: metadata.name, project: spec.project || 'default', cluster };
}

function inForce({ application, rows, where }: SituatedApplication): string | undefined {
  if (where.type === 'member')
    return rows.find((row) => row.clusterUid === where.cluster.uid)?.bundleDigest ?? undefined;
  const source = application.status?.['source'];
  return isObject(source) && typeof source['bundle'] === 'string' ? source['bundle'] : undefined;
}
