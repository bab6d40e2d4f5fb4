import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { FleetError } from '../../kernel/errors.js';
import type { Actor } from '../actor.js';
import { parseToken, secretDigest, type ApiToken } from './api-token.js';
import { TokenStore } from './token-store.js';

/** How exact "last used" is; saves a write on every request. */
const LAST_USED_MS = 60_000;

/** Compared against when there is no such token, so that both cases take one lookup and one comparison. */
const NO_TOKEN = secretDigest('');

/** Tells who bears a token. */
@Injectable()
export class Authenticator {
  constructor(
    private readonly tokens: TokenStore,
    private readonly clock: Clock,
  ) {}

  /** `bearer` is what follows `Bearer ` in the header. A malformed, unknown, expired and revoked token get one answer. */
  async authenticate(bearer: string): Promise<Actor> {
    const parsed = parseToken(bearer);
    if (!parsed) throw unauthenticated();
    const stored = await this.tokens.find(parsed.id);
    const matches = sameDigest(secretDigest(parsed.secret), stored?.digest ?? NO_TOKEN);
    const now = this.clock.now();
    if (!stored || !matches || !isValid(stored.token, now)) throw unauthenticated();
    if (isStale(stored.token.lastUsedAt, now)) await this.tokens.markUsed(stored.token.id, now);
    return actorOf(stored.token);
  }
}

function sameDigest(left: string, right: string): boolean {
  return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));
}

function isValid({ expiresAt, revokedAt }: ApiToken, now: Date): boolean {
  return revokedAt === undefined && (expiresAt === undefined || now < expiresAt);
}

function isStale(lastUsedAt: Date | undefined, now: Date): boolean {
  return lastUsedAt === undefined || now.getTime() - lastUsedAt.getTime() >= LAST_USED_MS;
}

function actorOf({ id, name, scope }: ApiToken): Actor {
  return { type: 'token', id, name, ...scope };
}

function unauthenticated(): FleetError {
  return new FleetError('unauthenticated', 'UNAUTHENTICATED', 'the token is missing, unknown, expired or revoked', {
    hint: 'Send a valid API token as "Authorization: Bearer fw_…".',
  });
}
