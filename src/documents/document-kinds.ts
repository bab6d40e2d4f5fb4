import { Inject, Injectable } from '@nestjs/common';
import { invalid, FleetError } from '../kernel/errors.js';
import type { DocumentKind } from './document-kind.js';

/** Injection token of the explicit list of kinds, given where the hub is composed. */
export const DOCUMENT_KINDS = Symbol('DOCUMENT_KINDS');

/** Finds a kind by what people call it. */
@Injectable()
export class DocumentKinds {
  constructor(@Inject(DOCUMENT_KINDS) readonly all: readonly DocumentKind[]) {}

  byPlural(plural: string): DocumentKind {
    const found = this.all.find((kind) => kind.names.plural === plural);
    if (found) return found;
    throw new FleetError('not-found', 'UNKNOWN_KIND', `no kind is served under "${plural}"`, {
      hint: `Served: ${this.all.map((kind) => kind.names.plural).join(', ')}.`,
    });
  }

  /** Undefined for documents that other doors take. */
  find(apiVersion: string, kind: string): DocumentKind | undefined {
    return this.all.find(({ names }) => names.kind === kind && names.apiVersion === apiVersion);
  }

  byDocument(apiVersion: string, kind: string): DocumentKind {
    const found = this.find(apiVersion, kind);
    if (found) return found;
    const served = this.all.map(({ names }) => `${names.apiVersion} ${names.kind}`).join(', ');
    throw invalid('UNKNOWN_KIND', `the hub does not store ${apiVersion} ${kind}`, [
      { path: 'kind', message: 'not a hub kind', expected: served, got: `${apiVersion} ${kind}` },
    ]);
  }
}
