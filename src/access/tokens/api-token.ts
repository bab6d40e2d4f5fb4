import { digestBytes } from '../../kernel/digest.js';

/** What a token may do: everything, or what one role of one project may. */
export type TokenScope = { admin: true } | { admin: false; project: string; role: string };

/** A token as lists show it; its secret is shown once, when it is made. */
export interface ApiToken {
  id: string;
  name: string;
  scope: TokenScope;
  createdBy: string;
  createdAt: Date;
  expiresAt?: Date;
  lastUsedAt?: Date;
  revokedAt?: Date;
}

export interface CreatedToken {
  token: ApiToken;
  /** `fw_<id>_<secret>`, for the Authorization header; stored nowhere. */
  secret: string;
}

export const SECRET_BYTES = 32;

/** The secret is 32 random bytes, so a plain hash withstands guessing. */
export const secretDigest = (secret: string): string => digestBytes(secret);

export const tokenText = (id: string, secret: string): string => `fw_${id}_${secret}`;

const TOKEN = /^fw_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})_([A-Za-z0-9_-]{1,128})$/;

export function parseToken(text: string): { id: string; secret: string } | undefined {
  const [, id, secret] = TOKEN.exec(text) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}
