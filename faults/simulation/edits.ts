import type { KubernetesObject } from '../../src/kernel/object.js';
import { NAMESPACE } from '../documents/fleet-documents.js';
import { proposed, type DocumentEdit } from '../documents/proposed.js';
import { isAsProposed, wholeWish } from '../documents/stored.js';
import type { MemoryReader } from '../memory/memory-transactions.js';
import { objectRows } from '../memory/readings.js';
import type { Wishes } from '../model/reference.js';
import { REPOSITORY_URL } from './repository.js';
import type { SimulatedHub } from './simulated-hub.js';

/** Refused, and so neither stored nor wished: what is being deleted takes no other document. */
export class Refused extends Error {}

/** One write through the hub, in a transaction as the document door has it. */
export async function carryOut(edit: DocumentEdit, hub: SimulatedHub): Promise<void> {
  const { kind, name, document } = proposed(edit, REPOSITORY_URL);
  await hub.transactions.run(async (tx) => {
    const found = await hub.store.find({ kind, namespace: NAMESPACE, name }, tx);
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

/** What of the wishes is not stored as it was acknowledged; empty where all is. */
export function lostWrites(wishes: Wishes, on: MemoryReader): string[] {
  return wholeWish(wishes)
    .filter((edit) => !isStored(edit, on))
    .map((edit) => JSON.stringify(edit));
}

export function isStored(edit: DocumentEdit, on: MemoryReader): boolean {
  const wanted = proposed(edit, REPOSITORY_URL);
  const row = objectRows(on, wanted.kind).find(({ object }) => object.metadata.name === wanted.name);
  return isAsProposed(wanted, row?.object);
}

function withUid(object: KubernetesObject, uid: string): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, uid } };
}
