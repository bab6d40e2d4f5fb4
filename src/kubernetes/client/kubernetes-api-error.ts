import { isObject, own } from '../../kernel/json.js';

/** What the Kubernetes API answered instead of the object. `reason` is its word (`NotFound`, `Conflict`, `Expired`, …). */
export class KubernetesApiError extends Error {
  constructor(
    /** HTTP status; of an error event in a watch, its code. */
    readonly status: number,
    readonly reason: string,
    message: string,
  ) {
    super(message);
    this.name = 'KubernetesApiError';
  }
}

/** Reads a `Status` document; anything else becomes a plain message. */
export function apiErrorOf(code: number, body: unknown, request: string): KubernetesApiError {
  const field = (name: string): unknown => (isObject(body) ? own(body, name) : undefined);
  const message = field('message');
  const reason = field('reason');
  return new KubernetesApiError(
    code,
    typeof reason === 'string' ? reason : '',
    `${request}: ${typeof message === 'string' && message !== '' ? message : `HTTP ${code}`}`,
  );
}

export const isNotFound = (error: unknown): boolean => hasStatus(error, 404);
export const isConflict = (error: unknown): boolean => hasStatus(error, 409);
/** The resourceVersion is too old to go on from: list again. */
export const isExpired = (error: unknown): boolean => hasStatus(error, 410);

function hasStatus(error: unknown, status: number): boolean {
  return error instanceof KubernetesApiError && error.status === status;
}
