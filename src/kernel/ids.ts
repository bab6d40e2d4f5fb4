import { randomBytes, randomUUID } from 'node:crypto';

/** The only source of identifiers and secrets; tests replace it by a counter. */
export abstract class Ids {
  abstract uuid(): string;
  /** Unguessable text of `bytes` random bytes, URL-safe. */
  abstract secret(bytes: number): string;
}

export class RandomIds extends Ids {
  uuid(): string {
    return randomUUID();
  }

  secret(bytes: number): string {
    return randomBytes(bytes).toString('base64url');
  }
}
