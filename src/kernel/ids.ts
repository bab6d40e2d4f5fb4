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

/** Whether text can be compared with a uuid column; Postgres fails on any other. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text) && !text.endsWith('\n');
}

/** No stored object has it: what an object that does not exist yet is planned under. */
export const UNSTORED_UID = '00000000-0000-0000-0000-000000000000';
