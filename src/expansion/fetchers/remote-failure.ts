import { fail, ok, type Result } from '../../kernel/result.js';
import type { ReadFailure } from '../reader.js';

/**
 * A remote input said no, or nothing that can be used. Codes, after SCM_ or PLUGIN_: UNREACHABLE, TIMEOUT and RATE_LIMITED
 * may pass by themselves; AUTH, NOT_FOUND, REFUSED, ANSWER_INVALID, TOO_LARGE, REDIRECT_REFUSED, ADDRESS_REFUSED,
 * NOT_ALLOWED, DISABLED and TOKEN_MISSING need someone to change something.
 */
export class RemoteFailure extends Error {
  constructor(
    readonly code: string,
    message: string,
    /** What the refusal said, for providers that tell their reasons there; never shown. */
    readonly body?: unknown,
  ) {
    super(message);
    this.name = 'RemoteFailure';
  }
}

/** The answer as a value; anything that is not a RemoteFailure goes on. */
export async function asResult<T>(work: () => Promise<T>): Promise<Result<T, ReadFailure>> {
  try {
    return ok(await work());
  } catch (error) {
    if (error instanceof RemoteFailure) return fail({ code: error.code, message: error.message });
    throw error;
  }
}
