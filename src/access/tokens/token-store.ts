import { Injectable } from '@nestjs/common';
import { Transactions, type Queryable, type Transaction } from '../../database/transactions.js';
import type { AccessFilter } from '../domain/access-filter.js';
import type { ApiToken } from './api-token.js';

export interface StoredToken {
  token: ApiToken;
  digest: string;
}

interface TokenRow {
  id: string;
  name: string;
  secret_digest: string;
  admin: boolean;
  project: string | null;
  role: string | null;
  created_by: string;
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
  revoked_at: Date | null;
}

const COLUMNS =
  'id, name, secret_digest, admin, project, role, created_by, created_at, expires_at, last_used_at, revoked_at';
const LISTED = { project: 'project', name: 'name', namespace: `''` };

/** Rows of api_tokens; a token is revoked, never deleted. */
@Injectable()
export class TokenStore {
  constructor(private readonly transactions: Transactions) {}

  async find(id: string): Promise<StoredToken | undefined> {
    const [row] = await this.transactions.query<TokenRow>(`select ${COLUMNS} from api_tokens where id = $1`, [id]);
    return row && { token: toToken(row), digest: row.secret_digest };
  }

  async list(access: AccessFilter, page: { after?: string; limit: number }): Promise<ApiToken[]> {
    const parameters: unknown[] = [page.after ?? null, page.limit];
    const rows = await this.transactions.query<TokenRow>(
      `select ${COLUMNS} from api_tokens
       where ($1::uuid is null or id > $1) and (${access.build(LISTED, parameters)}) order by id limit $2`,
      parameters,
    );
    return rows.map(toToken);
  }

  async insert(within: Queryable, { token, digest }: StoredToken): Promise<void> {
    const { scope } = token;
    await within.query(
      `insert into api_tokens (id, name, secret_digest, admin, project, role, created_by, created_at, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        token.id,
        token.name,
        digest,
        scope.admin,
        scope.admin ? null : scope.project,
        scope.admin ? null : scope.role,
        token.createdBy,
        token.createdAt,
        token.expiresAt ?? null,
      ],
    );
  }

  async revoke(within: Queryable, id: string, at: Date): Promise<void> {
    await within.query(`update api_tokens set revoked_at = coalesce(revoked_at, $2) where id = $1`, [id, at]);
  }

  async markUsed(id: string, at: Date): Promise<void> {
    await this.transactions.query(`update api_tokens set last_used_at = greatest(last_used_at, $2) where id = $1`, [
      id,
      at,
    ]);
  }

  /** True when no token was ever made. Until the transaction ends, no other one can be. */
  async lockEmpty(tx: Transaction): Promise<boolean> {
    await tx.query(`lock table api_tokens in share row exclusive mode`);
    const rows = await tx.query(`select 1 from api_tokens limit 1`);
    return rows.length === 0;
  }
}

function toToken(row: TokenRow): ApiToken {
  const scope = row.admin
    ? { admin: true as const }
    : { admin: false as const, project: row.project ?? '', role: row.role ?? '' };
  return {
    id: row.id,
    name: row.name,
    scope,
    createdBy: row.created_by,
    createdAt: row.created_at,
    ...(row.expires_at && { expiresAt: row.expires_at }),
    ...(row.last_used_at && { lastUsedAt: row.last_used_at }),
    ...(row.revoked_at && { revokedAt: row.revoked_at }),
  };
}
