import { jsonEqual } from '../../src/kernel/json.js';
import type { KubernetesObject } from '../../src/kernel/object.js';
import { APPLICATIONS, CLUSTERS, SETS, STORES } from '../model/history.js';
import type { Wishes } from '../model/reference.js';
import type { DocumentEdit, Proposed } from './proposed.js';

/** Edits that would make all documents what is wished: each must be stored already. */
export function wholeWish({ sets, applications, stores, labels, denied }: Wishes): DocumentEdit[] {
  return [
    ...SETS.map((name): DocumentEdit => ({ edit: 'set', name, spec: sets.get(name) ?? null })),
    ...APPLICATIONS.map((name): DocumentEdit => ({ edit: 'application', name, spec: applications.get(name) ?? null })),
    ...STORES.map((name): DocumentEdit => ({ edit: 'stores', name, spec: stores.get(name) ?? null })),
    ...CLUSTERS.map((cluster): DocumentEdit => ({ edit: 'label', cluster, env: labels.get(cluster) ?? null })),
    { edit: 'project', denied },
  ];
}

/** Whether the stored object, if any, is what was proposed; one that is being deleted is as good as gone. */
export function isAsProposed({ document }: Proposed, stored: KubernetesObject | undefined): boolean {
  if (!stored || stored.metadata.deletionTimestamp !== undefined) return document === null;
  if (document === null) return false;
  const { object } = document;
  const labels = object.metadata.labels ?? {};
  return jsonEqual(stored['spec'] ?? {}, object['spec']) && jsonEqual(stored.metadata.labels ?? {}, labels);
}
