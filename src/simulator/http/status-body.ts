import { FleetError, messageOf, type FleetErrorKind } from '../../kernel/errors.js';
import { StaleContinue } from './stale-continue.js';

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

/** Errors that the API server answers otherwise than their kind says. */
const BY_CODE: Readonly<Record<string, readonly [code: number, reason: string]>> = {
  RESOURCE_VERSION_TOO_LARGE: [504, 'Timeout'],
  METHOD_NOT_ALLOWED: [405, 'MethodNotAllowed'],
  PATCH_UNSUPPORTED: [415, 'UnsupportedMediaType'],
};

const CAUSES: Readonly<Record<string, string>> = {
  FIELD_CONFLICT: 'FieldManagerConflict',
};

/** The `Status` that tells a client what was thrown. */
export function statusOf(error: unknown, details: StatusDetails = {}): StatusBody {
  if (!(error instanceof FleetError)) return failure(500, 'InternalError', messageOf(error));
  const [code, reason] = Object.hasOwn(BY_CODE, error.code)
    ? (BY_CODE[error.code] ?? ANSWERS[error.kind])
    : ANSWERS[error.kind];
  const causes = (error.details.faults ?? []).map(({ path, message }) => ({
    reason: CAUSES[error.code] ?? 'FieldValueInvalid',
    message,
    field: path,
  }));
  if (error.code === 'PATCH_INVALID') return { ...failure(code, reason, error.message), details: {} };
  const { retryAfterSeconds } = error.details;
  const all = {
    ...details,
    ...(causes.length === 0 ? {} : { causes }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
  const metadata = error instanceof StaleContinue ? { continue: error.token } : {};
  return { ...failure(code, reason, error.message), metadata, details: all };
}

export function failure(code: number, reason: string, message: string): StatusBody {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, details: {}, code };
}

export function success(details: StatusDetails): StatusBody {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details, code: 200 };
}
