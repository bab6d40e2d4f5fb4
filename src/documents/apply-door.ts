import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { isObject, own } from '../kernel/json.js';
import { fail, ok, type Result } from '../kernel/result.js';
import type { KubernetesObject } from '../kernel/object.js';
import { DocumentKinds } from './document-kinds.js';
import { DocumentWriter, type WriteOptions, type WriteOutcome } from './document-writer.js';
import { ForeignDocuments } from './foreign-documents.js';
import { readEnvelope } from './validate-document.js';

/** What became of one document; its place among those that were sent. */
export interface Applied {
  index: number;
  kind: string;
  namespace: string;
  name: string;
  outcome: Result<WriteOutcome, unknown>;
}

/** Applies many documents of any kind, in the order given; each is taken whole or refused whole, apart from the others. */
@Injectable()
export class ApplyDoor {
  constructor(
    private readonly kinds: DocumentKinds,
    private readonly writer: DocumentWriter,
    private readonly foreign: ForeignDocuments,
  ) {}

  async applyAll(actor: Actor, documents: readonly unknown[], options: WriteOptions): Promise<Applied[]> {
    const results: Applied[] = [];
    for (const [index, document] of documents.entries()) {
      results.push({ index, ...labelOf(document), outcome: await this.attempt(actor, document, options) });
    }
    return results;
  }

  private async attempt(actor: Actor, input: unknown, options: WriteOptions): Promise<Result<WriteOutcome, unknown>> {
    try {
      return ok(await this.apply(actor, readEnvelope(input), options));
    } catch (error) {
      return fail(error);
    }
  }

  private async apply(actor: Actor, document: KubernetesObject, options: WriteOptions): Promise<WriteOutcome> {
    const kind = this.kinds.find(document.apiVersion, document.kind);
    const taken = kind ? undefined : await this.foreign.apply(actor, document, options);
    if (taken) return taken;
    const known = kind ?? this.kinds.byDocument(document.apiVersion, document.kind);
    return this.writer.apply(actor, known, document, options);
  }
}

/** Names for the answer, as far as a document that may be no document has them. */
function labelOf(document: unknown): Pick<Applied, 'kind' | 'namespace' | 'name'> {
  const root = isObject(document) ? document : {};
  const metadata = own(root, 'metadata');
  const meta = isObject(metadata) ? metadata : {};
  return { kind: textOf(root, 'kind'), namespace: textOf(meta, 'namespace') || 'argocd', name: textOf(meta, 'name') };
}

function textOf(fields: Record<string, unknown>, key: string): string {
  const value = own(fields, key);
  return typeof value === 'string' ? value.slice(0, 253) : '';
}
