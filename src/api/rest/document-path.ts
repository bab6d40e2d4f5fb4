import { CONTROL_NAMESPACE } from '../../access/access-object.js';
import type { KindNames } from '../../documents/document-kind.js';
import type { DocumentRef } from '../../documents/documents.service.js';
import { readDocuments } from '../../documents/read-documents.js';
import { readEnvelope } from '../../documents/validate-document.js';
import { invalid, type FieldFault } from '../../kernel/errors.js';
import type { KubernetesObject } from '../../kernel/object.js';

/** Parameters of a path; a short path has no namespace and means the control namespace. */
export interface DocumentPath {
  namespace?: string;
  kind: string;
  name: string;
}

export function refOf({ namespace = CONTROL_NAMESPACE, name }: Omit<DocumentPath, 'kind'>): DocumentRef {
  return { namespace, name };
}

/** The one document of a body. What it says of itself must agree with the path it was sent to. */
export function readDocumentFor(names: KindNames, path: Partial<DocumentPath>, body: unknown): KubernetesObject {
  const document = readEnvelope(readDocuments(body, 1)[0]);
  const { metadata } = document;
  const namespace = metadata.namespace ?? path.namespace ?? CONTROL_NAMESPACE;
  const faults = [
    ...differs('apiVersion', names.apiVersion, document.apiVersion),
    ...differs('kind', names.kind, document.kind),
    ...differs('metadata.namespace', path.namespace ?? namespace, namespace),
    ...differs('metadata.name', path.name ?? metadata.name, metadata.name),
  ];
  if (faults.length > 0) {
    throw invalid('PATH_MISMATCH', `the document is not the one its path names: ${faults[0]?.path}`, faults);
  }
  return { ...document, metadata: { ...metadata, namespace } };
}

function differs(path: string, expected: string, got: string): FieldFault[] {
  return expected === got ? [] : [{ path, message: 'differs from the path', expected, got }];
}
