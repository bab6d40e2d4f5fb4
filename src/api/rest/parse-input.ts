import type { z } from 'zod';
import { FleetError, type FleetErrorKind } from '../../kernel/errors.js';

/** A query or body as its schema has it. Throws INVALID_QUERY or INVALID_BODY with a fault for each field. */
export function parseQuery<T>(schema: z.ZodType<T>, query: unknown): T {
  return parse(schema, query, { kind: 'malformed', code: 'INVALID_QUERY', what: 'the query' });
}

export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  return parse(schema, body ?? {}, { kind: 'invalid', code: 'INVALID_BODY', what: 'the body' });
}

interface Failure {
  kind: FleetErrorKind;
  code: string;
  what: string;
}

function parse<T>(schema: z.ZodType<T>, input: unknown, { kind, code, what }: Failure): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  throw new FleetError(kind, code, `${what} is invalid: ${faults[0]?.path} ${faults[0]?.message}`, { faults });
}
