import { FleetError } from '../kernel/errors.js';
import { isObject, own } from '../kernel/json.js';
import { parseYamlDocuments } from '../kubernetes/yaml.js';

const MAX_DOCUMENTS = 2_000;

/**
 * The documents of a request's body: YAML text of many documents, or one JSON value; lists are flattened. Throws
 * NO_DOCUMENTS, TOO_MANY_DOCUMENTS and what the YAML reader throws.
 */
export function readDocuments(body: unknown, most = MAX_DOCUMENTS): unknown[] {
  const roots = typeof body === 'string' ? parseYamlDocuments(body) : body == null ? [] : [body];
  const documents = roots.flatMap(itemsOf);
  if (documents.length === 0) {
    throw new FleetError('malformed', 'NO_DOCUMENTS', 'the body holds no document', {
      hint: 'Send YAML or JSON with apiVersion, kind and metadata.',
    });
  }
  if (documents.length > most) {
    const message = `the body holds ${documents.length} documents, at most ${most} are taken`;
    throw new FleetError('too-large', 'TOO_MANY_DOCUMENTS', message, { hint: 'Send them in several requests.' });
  }
  return documents;
}

/** Members of a v1 List, or of a list as this API serves it; anything else is a document itself. */
export function itemsOf(document: unknown): unknown[] {
  if (!isObject(document)) return [document];
  const kind = own(document, 'kind');
  const items = own(document, 'items');
  const isList = typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items);
  return isList ? items.flatMap(itemsOf) : [document];
}
