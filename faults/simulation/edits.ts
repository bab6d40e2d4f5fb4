import type { Document } from './documents.js';
import { applicationDocument, clusterDocument, projectDocument, setDocument } from './documents.js';
import { jsonEqual } from '../../src/kernel/json.js';
import type { KubernetesObject } from '../../src/kernel/object.js';
import { objectRows } from '../memory/readings.js';
import type { MemoryReader } from '../memory/database.js';
import type { ObjectRow } from '../memory/rows.js';
import { CLUSTERS, type ClusterName, type Edit } from '../model/history.js';
import type { Wishes } from '../model/reference.js';
import type { SimulatedHub } from './simulated-hub.js';

/** Edits of documents; a push is no document. */
export type DocumentEdit = Exclude<Edit, { edit: 'push' } | { edit: 'remove-directory' }>;

export function isDocumentEdit(edit: Edit): edit is DocumentEdit {
  return edit.edit !== 'push' && edit.edit !== 'remove-directory';
}

/** Refused, and so neither stored nor wished: what is being deleted takes no other document. */
export class Refused extends Error {}

/** One write through the hub, in a transaction as the document door has it. */
export async function carryOut(edit: DocumentEdit, hub: SimulatedHub): Promise<void> {
  const { kind, name, document } = proposed(edit);
  await hub.transactions.run(async (tx) => {
    const found = await hub.store.find({ kind, namespace: 'argocd', name }, tx);
    if (!found) {
      if (document) await hub.store.insert(tx, [document]);
      return;
    }
    const { uid } = found.object.metadata;
    await hub.store.lock(tx, [uid]);
    const stored = await hub.store.findByUid(uid, tx);
    if (stored?.object.metadata.deletionTimestamp !== undefined) throw new Refused(`${kind} ${name} is being deleted`);
    if (!document) await hub.store.delete(tx, [uid]);
    else await hub.store.update(tx, [{ ...document, object: withUid(document.object, uid) }]);
  });
}

/** What an edit makes of which document. */
export function proposed(edit: DocumentEdit): { kind: string; name: string; document: Document | null } {
  switch (edit.edit) {
    case 'set':
      return { kind: 'ApplicationSet', name: edit.name, document: edit.spec && setDocument(edit.name, edit.spec) };
    case 'application':
      return { kind: 'Application', name: edit.name, document: edit.spec && applicationDocument(edit.name, edit.spec) };
    case 'label':
      return { kind: 'Cluster', name: edit.cluster, document: clusterDocument(edit.cluster, edit.env ?? undefined) };
    case 'project':
      return { kind: 'AppProject', name: 'team', document: projectDocument(edit.denied) };
  }
}

/** What of the wishes is not stored as it was acknowledged; empty where all is. */
export function lostWrites(
  wishes: Wishes,
  on: MemoryReader,
  names: { sets: readonly string[]; applications: readonly string[] },
): string[] {
  const edits: DocumentEdit[] = [
    ...names.sets.map((name): DocumentEdit => ({ edit: 'set', name, spec: wishes.sets.get(name) ?? null })),
    ...names.applications.map((name): DocumentEdit => ({
      edit: 'application',
      name,
      spec: wishes.applications.get(name) ?? null,
    })),
    ...CLUSTERS.map((cluster): DocumentEdit => ({ edit: 'label', cluster, env: wishes.labels.get(cluster) ?? null })),
    { edit: 'project', denied: wishes.denied as ClusterName | null },
  ];
  return edits.filter((edit) => !isStored(edit, on)).map((edit) => JSON.stringify(edit));
}

export function isStored(edit: DocumentEdit, on: MemoryReader): boolean {
  const { kind, name, document } = proposed(edit);
  const row = objectRows(on, kind).find(({ object }) => object.metadata.name === name);
  if (row?.object.metadata.deletionTimestamp !== undefined || !row) return document === null;
  return document !== null && saysTheSame(row, document.object);
}

function saysTheSame({ object }: ObjectRow, wanted: KubernetesObject): boolean {
  const labels = wanted.metadata.labels ?? {};
  return jsonEqual(object.spec, wanted['spec']) && jsonEqual(object.metadata.labels, labels);
}

function withUid(object: KubernetesObject, uid: string): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, uid } };
}
