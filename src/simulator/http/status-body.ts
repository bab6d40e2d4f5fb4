import { FleetError, messageOf, type FleetErrorKind } from '../../kernel/errors.js';

/** A Kubernetes `Status`, the body of every refusal. */
export interface StatusBody {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: object;
  status: 'Failure' | 'Success';
  message?: string;
  reason?: string;
  details?: StatusDetails;
  code: number;
}

export interface StatusDetails {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: { reason: string; message: string; field: string }[];
  retryAfterSeconds?: number;
}

const ANSWERS: Readonly<Record<FleetErrorKind, readonly [code: number, reason: string]>> = {
  invalid: [422, 'Invalid'],
  malformed: [400, 'BadRequest'],
  'too-large': [413, 'RequestEntityTooLarge'],
  unauthenticated: [401, 'Unauthorized'],
  forbidden: [403, 'Forbidden'],
  'not-found': [404, 'NotFound'],
  conflict: [409, 'Conflict'],
  'already-exists': [409, 'AlreadyExists'],
  gone: [410, 'Expired'],
  precondition: [412, 'PreconditionFailed'],
  'too-many': [429, 'TooManyRequests'],
  unavailable: [503, 'ServiceUnavailable'],
};

/** The `Status` that tells a client what was thrown. */
export function statusOf(error: unknown, details: StatusDetails = {}): StatusBody {
  if (!(error instanceof FleetError)) return failure(500, 'InternalError', messageOf(error));
  const [code, reason] = ANSWERS[error.kind];
  const causes = (error.details.faults ?? []).map(({ path, message }) => ({
    reason: error.code === 'FIELD_CONFLICT' ? 'FieldManagerConflict' : 'FieldValueInvalid',
    message,
    field: path,
  }));
  const all = causes.length === 0 ? details : { ...details, causes };
  return { ...failure(code, reason, error.message), details: all };
}

export function failure(code: number, reason: string, message: string): StatusBody {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, details: {}, code };
}

export function success(details: StatusDetails): StatusBody {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details, code: 200 };
}
