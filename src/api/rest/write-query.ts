import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { WriteOptions } from '../../documents/document-writer.js';
import { parseQuery } from './parse-input.js';

const writeQuerySchema = z.object({
  dryRun: z.enum(['true', 'false', 'All', '']).default('false'),
  fieldValidation: z.enum(['Strict', 'Warn', 'Ignore']).default('Warn'),
  propagationPolicy: z.enum(['Background', 'Foreground', 'Orphan']).default('Background'),
  fieldManager: z
    .string()
    .regex(/^[\x20-\x7e]{1,128}$/, 'must be 1 to 128 printable characters')
    .optional(),
});

/** Options of a write from its query and headers; `door` owns the fields of a caller that names no field manager. */
export function readWriteOptions(request: FastifyRequest, door: string): WriteOptions {
  const { dryRun, fieldValidation, propagationPolicy, fieldManager } = parseQuery(writeQuerySchema, request.query);
  const ifMatch = resourceVersionOf(request.headers['if-match']);
  return {
    dryRun: dryRun === 'true' || dryRun === 'All',
    strict: fieldValidation === 'Strict',
    fieldManager: fieldManager ?? door,
    requestId: request.id,
    ...(propagationPolicy === 'Orphan' ? { orphan: true } : {}),
    ...(ifMatch === undefined ? {} : { ifMatch }),
  };
}

/** `"12"`, `W/"12"` or bare `12`; `*` asks for nothing. */
function resourceVersionOf(header: string | undefined): string | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  return header.trim().replace(/^(?:W\/)?"(.*)"$/, '$1');
}

export function etagOf(resourceVersion: string): string {
  return `"${resourceVersion}"`;
}
