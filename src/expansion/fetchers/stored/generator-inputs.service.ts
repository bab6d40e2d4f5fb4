import { Injectable } from '@nestjs/common';
import { CONTROL_NAMESPACE } from '../../../access/access-object.js';
import type { Actor } from '../../../access/actor.js';
import type { WriteOptions, WriteOutcome } from '../../../documents/document-writer.js';
import { PlatformDocuments } from '../../../documents/platform-documents.js';
import { jsonEqual } from '../../../kernel/json.js';
import { objectId, type KubernetesObject } from '../../../kernel/object.js';
import { secretData } from '../../../kubernetes/secret-data.js';
import { isGeneratorInput, contentOf } from './generator-input.js';
import { GeneratorInputRows, type GeneratorInputRow, type InputKey } from './generator-input-rows.js';

/**
 * Takes what generators read beside repositories: `scm-creds` Secrets, sealed at once, ConfigMaps of generators, and
 * documents that decide about clusters.
 */
@Injectable()
export class GeneratorInputsService {
  constructor(
    private readonly rows: GeneratorInputRows,
    private readonly documents: PlatformDocuments,
  ) {}

  /** Undefined for what is none of these. Platform admins only. Throws INVALID_DOCUMENT, whose words hold no value. */
  async apply(actor: Actor, document: KubernetesObject, options: WriteOptions): Promise<WriteOutcome | undefined> {
    if (!isGeneratorInput(document)) return undefined;
    const { group, kind, namespace, name } = objectId(document);
    const key = { group, kind, namespace: namespace || CONTROL_NAMESPACE, name };
    const input = {
      ref: key,
      title: `${kind} ${key.namespace}/${name}`,
      find: () => this.rows.find(key),
      read: () => {
        const row = this.rowOf(key, document);
        return { row, answer: answerOf(document, row), warnings: [] };
      },
      says: (stored: GeneratorInputRow, row: GeneratorInputRow) => this.says(stored, row),
      put: this.rows.put.bind(this.rows),
    };
    return this.documents.apply(actor, input, options);
  }

  private rowOf(key: InputKey, document: KubernetesObject): GeneratorInputRow {
    const labels = { ...document.metadata.labels };
    if (key.kind !== 'Secret') return { ...key, labels, content: contentOf(document), sealed: null };
    return { ...key, labels, content: null, sealed: this.rows.seal(key, secretData(document)) };
  }

  /** A stored text that does not open says nothing: applying the Secret again repairs it. */
  private says(stored: GeneratorInputRow, row: GeneratorInputRow): boolean {
    if (!jsonEqual(stored.labels, row.labels) || !jsonEqual(stored.content, row.content)) return false;
    try {
      return jsonEqual(Object.fromEntries(this.rows.open(stored)), Object.fromEntries(this.rows.open(row)));
    } catch {
      return false;
    }
  }
}

/** A Secret without its data; without annotations too, where kubectl keeps a copy of the data. */
function answerOf(document: KubernetesObject, { kind, namespace, name, labels }: GeneratorInputRow): KubernetesObject {
  const metadata = { name, namespace, labels };
  return kind === 'Secret' ? { apiVersion: 'v1', kind, metadata } : { ...document, metadata };
}
