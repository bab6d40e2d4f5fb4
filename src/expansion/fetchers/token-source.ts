import type { Result } from '../../kernel/result.js';
import type { ReadFailure } from '../reader.js';

/** One value of a Secret. */
export interface SecretReference {
  secretName: string;
  key: string;
}

/** Where generators' tokens come from; what it gives is in clear and must go nowhere but into a request. */
export abstract class TokenSource {
  /** SCM_TOKEN_MISSING where there is no such Secret or key. */
  abstract token(namespace: string, reference: SecretReference): Promise<Result<string, ReadFailure>>;
}
