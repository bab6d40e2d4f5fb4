import { FleetError, type FieldFault, type FleetErrorKind } from '../../kernel/errors.js';

/** Kubernetes' answer to a request that failed, with the stable `code` and the faults in `details`. */
export interface StatusBody {
  kind: 'Status';
  apiVersion: 'v1';
  status: 'Failure';
  code: number;
  reason: string;
  message: string;
  details: { code: string; faults?: FieldFault[]; hint?: string; retryAfterSeconds?: number };
}

/** HTTP status and Kubernetes' reason of each kind of failure; the only place that knows either. */
const ANSWERS: Record<FleetErrorKind, { code: number; reason: string }> = {
  invalid: { code: 422, reason: 'Invalid' },
  malformed: { code: 400, reason: 'BadRequest' },
  'too-large': { code: 413, reason: 'RequestEntityTooLarge' },
  unauthenticated: { code: 401, reason: 'Unauthorized' },
  forbidden: { code: 403, reason: 'Forbidden' },
  'not-found': { code: 404, reason: 'NotFound' },
  conflict: { code: 409, reason: 'Conflict' },
  'already-exists': { code: 409, reason: 'AlreadyExists' },
  gone: { code: 410, reason: 'Expired' },
  precondition: { code: 412, reason: 'PreconditionFailed' },
  'too-many': { code: 429, reason: 'TooManyRequests' },
  unavailable: { code: 503, reason: 'ServiceUnavailable' },
};

/** Not one of ours: nothing of it may be shown. */
const INTERNAL = {
  code: 500,
  reason: 'InternalError',
  message: 'the hub failed to answer; its log has the cause under the request id',
  details: { code: 'INTERNAL' },
};

export function statusOf(error: unknown): StatusBody {
  const envelope = { kind: 'Status', apiVersion: 'v1', status: 'Failure' } as const;
  if (!(error instanceof FleetError)) return { ...envelope, ...INTERNAL };
  const { faults = [], ...details } = error.details;
  return {
    ...envelope,
    ...ANSWERS[error.kind],
    message: error.message,
    details: { code: error.code, ...(faults.length === 0 ? {} : { faults }), ...details },
  };
}
