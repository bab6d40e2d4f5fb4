import type { Edit } from '../model/history.js';
import {
  applicationDocument,
  clusterDocument,
  projectDocument,
  setDocument,
  storesDocument,
  type Document,
} from './fleet-documents.js';

/** Edits of the hub's documents; the others are pushes. */
export type DocumentEdit = Exclude<Edit, { edit: 'push' } | { edit: 'remove-directory' } | { edit: 'child' }>;

export interface Proposed {
  kind: string;
  name: string;
  /** Null where it is to go. */
  document: Document | null;
}

export function isDocumentEdit(edit: Edit): edit is DocumentEdit {
  return edit.edit !== 'push' && edit.edit !== 'remove-directory' && edit.edit !== 'child';
}

/** What an edit makes of which document. */
export function proposed(edit: DocumentEdit, repoURL: string): Proposed {
  switch (edit.edit) {
    case 'set': {
      const document = edit.spec && setDocument(edit.name, edit.spec, repoURL);
      return { kind: 'ApplicationSet', name: edit.name, document };
    }
    case 'application': {
      const document = edit.spec && applicationDocument(edit.name, edit.spec, repoURL);
      return { kind: 'Application', name: edit.name, document };
    }
    case 'stores':
      return { kind: 'SecretStoreSet', name: edit.name, document: edit.spec && storesDocument(edit.name, edit.spec) };
    case 'label':
      return { kind: 'Cluster', name: edit.cluster, document: clusterDocument(edit.cluster, edit.env ?? undefined) };
    case 'project':
      return { kind: 'AppProject', name: 'team', document: projectDocument(edit.denied) };
  }
}
