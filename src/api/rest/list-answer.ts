import type { KindNames } from '../../documents/document-kind.js';
import type { DocumentPage } from '../../documents/documents.service.js';
import { encodePageToken } from '../page-token.js';

/** Kubernetes' list envelope of one page. */
export function listAnswer(names: KindNames, page: DocumentPage): object {
  const { items, next, remaining, resourceVersion } = page;
  return {
    apiVersion: names.apiVersion,
    kind: `${names.kind}List`,
    metadata: {
      resourceVersion,
      ...(next === undefined ? {} : { continue: encodePageToken(next), remainingItemCount: remaining }),
    },
    items,
  };
}
