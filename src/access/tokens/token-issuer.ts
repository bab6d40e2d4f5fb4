import { Injectable } from '@nestjs/common';
import { AuditLog } from '../../audit/audit-log.js';
import type { AuditEntry } from '../../audit/audit-entry.js';
import type { Transaction } from '../../database/transactions.js';
import { Clock } from '../../kernel/clock.js';
import { Ids } from '../../kernel/ids.js';
import { SECRET_BYTES, secretDigest, tokenText, type ApiToken, type CreatedToken } from './api-token.js';
import { TokenStore } from './token-store.js';

const DAY_MS = 86_400_000;

export interface Issue extends Pick<ApiToken, 'name' | 'scope' | 'createdBy'> {
  /** Days until it expires; never without. */
  days?: number;
}

/** Makes and ends tokens, each with its audit entry in the same transaction. Whether one may is asked before. */
@Injectable()
export class TokenIssuer {
  constructor(
    private readonly tokens: TokenStore,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  async issue(tx: Transaction, { days, ...request }: Issue): Promise<CreatedToken> {
    const createdAt = this.clock.now();
    const expiry = days === undefined ? {} : { expiresAt: new Date(createdAt.getTime() + days * DAY_MS) };
    const token: ApiToken = { id: this.ids.uuid(), ...request, createdAt, ...expiry };
    const secret = this.ids.secret(SECRET_BYTES);
    await this.tokens.insert(tx, { token, digest: secretDigest(secret) });
    await this.audit.record({ ...entryOf(request.createdBy, token), verb: 'create', after: token }, tx);
    return { token, secret: tokenText(token.id, secret) };
  }

  async revoke(tx: Transaction, token: ApiToken, revokedBy: string): Promise<void> {
    await this.tokens.revoke(tx, token.id, this.clock.now());
    await this.audit.record({ ...entryOf(revokedBy, token), verb: 'delete', before: token }, tx);
  }
}

function entryOf(actor: string, { name, scope }: ApiToken): Omit<AuditEntry, 'verb'> {
  const project = scope.admin ? {} : { project: scope.project };
  return { actor, resource: 'tokens', object: name, decision: 'allowed', ...project };
}
