import { z } from 'zod';
import type { DocumentQuery } from '../../documents/documents.service.js';
import { FleetError } from '../../kernel/errors.js';
import { parseSelector } from '../../kernel/label-selector.js';
import { decodePageToken } from '../page-token.js';
import { parseQuery } from './parse-input.js';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 500;

/** `limit` of every list: 100 unless said, 500 at most. */
export const limitSchema = z.coerce
  .number()
  .int()
  .min(1)
  .default(DEFAULT_LIMIT)
  .transform((limit) => Math.min(limit, MAX_LIMIT));

const listQuerySchema = z.object({
  limit: limitSchema,
  continue: z.string().max(1024).optional(),
  labelSelector: z.string().max(4096).optional(),
  fieldSelector: z.string().max(4096).optional(),
});

type Field = 'name' | 'namespace' | 'project' | 'cluster';

/** What field selectors may name, and the column that answers. */
const FIELDS: Readonly<Record<string, Field>> = {
  'metadata.name': 'name',
  'metadata.namespace': 'namespace',
  'spec.project': 'project',
  'spec.destination.name': 'cluster',
};

/** Kubernetes' list parameters; a namespace from the path narrows further. */
export function readListQuery(query: unknown, namespace: string | undefined): DocumentQuery {
  const parsed = parseQuery(listQuerySchema, query);
  return {
    limit: parsed.limit,
    ...(namespace === undefined ? {} : { namespace }),
    ...(parsed.labelSelector ? { labels: parseSelector(parsed.labelSelector) } : {}),
    ...(parsed.fieldSelector ? { fields: parseFieldSelector(parsed.fieldSelector) } : {}),
    ...(parsed.continue ? { after: decodePageToken(parsed.continue) } : {}),
  };
}

function parseFieldSelector(text: string): Partial<Record<Field, string>> {
  const terms = text.split(',').filter((term) => term.trim() !== '');
  return Object.fromEntries(terms.map(parseFieldTerm));
}

function parseFieldTerm(term: string): [Field, string] {
  const [, path = '', value = ''] = /^\s*([\w.]+)\s*==?\s*([^=!,]*?)\s*$/.exec(term) ?? [];
  const field = Object.hasOwn(FIELDS, path) ? FIELDS[path] : undefined;
  if (field) return [field, value];
  throw new FleetError('malformed', 'FIELD_SELECTOR', `cannot select by "${term.trim()}"`, {
    faults: [
      {
        path: 'fieldSelector',
        message: 'not a selectable field',
        expected: `<field>=<value> with ${Object.keys(FIELDS).join(', ')}`,
        got: term.trim(),
      },
    ],
  });
}
