/** One fault in a document: where it is, what was expected there and what was found. */
export interface FieldFault {
  path: string;
  message: string;
  expected?: string;
  got?: string;
}

export interface FleetErrorDetails {
  faults?: FieldFault[];
  /** What the reader can do next, one sentence. */
  hint?: string;
  retryAfterSeconds?: number;
}

export type FleetErrorKind =
  | 'invalid'
  | 'malformed'
  | 'too-large'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'already-exists'
  | 'gone'
  | 'precondition'
  | 'too-many'
  | 'unavailable';

/**
 * What went wrong, in words for a person, with a stable `code` for programs. `kind` is the only thing transports map;
 * features throw this class and never an HTTP exception.
 */
export class FleetError extends Error {
  constructor(
    readonly kind: FleetErrorKind,
    readonly code: string,
    message: string,
    readonly details: FleetErrorDetails = {},
  ) {
    super(message);
    this.name = 'FleetError';
  }
}

export const invalid = (code: string, message: string, faults: FieldFault[] = []): FleetError =>
  new FleetError('invalid', code, message, { faults });

export const notFound = (kind: string, name: string): FleetError =>
  new FleetError('not-found', 'NOT_FOUND', `${kind} "${name}" not found`);

/** The message never says whether the object exists: an absent and a forbidden name must read the same. */
export const forbidden = (verb: string, resource: string, object: string): FleetError =>
  new FleetError('forbidden', 'FORBIDDEN', `you may not ${verb} ${resource} "${object}"`, {
    hint: 'Ask a platform admin for a project role that grants it.',
  });

export const conflict = (code: string, message: string, hint?: string): FleetError =>
  new FleetError('conflict', code, message, hint === undefined ? {} : { hint });

export const unavailable = (code: string, message: string, hint?: string): FleetError =>
  new FleetError('unavailable', code, message, hint === undefined ? {} : { hint });

/** Text of anything thrown, for conditions and logs; never a stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
