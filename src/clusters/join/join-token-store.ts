import { Injectable } from '@nestjs/common';
import { Transactions, type Queryable, type Transaction } from '../../database/transactions.js';
import { digestBytes } from '../../kernel/digest.js';
import type { JoinToken } from '../domain/join-token.js';

const COLUMNS = 'id, name_prefix, labels, uses, uses_left, created_by, created_at, expires_at, revoked_at';

interface JoinTokenRow {
  id: string;
  name_prefix: string;
  labels: Record<string, string>;
  uses: number;
  uses_left: number;
  created_by: string;
  created_at: Date;
  expires_at: Date;
  revoked_at: Date | null;
}

/** Rows of join_tokens. The secret is long and random, so its plain hash withstands guessing and can be the key. */
@Injectable()
export class JoinTokenStore {
  constructor(private readonly transactions: Transactions) {}

  async insert(within: Queryable, token: JoinToken, secret: string): Promise<void> {
    await within.query(
      `insert into join_tokens (id, secret_digest, name_prefix, labels, uses, uses_left, created_by, created_at, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        token.id,
        digestBytes(secret),
        token.namePrefix,
        JSON.stringify(token.labels),
        token.uses,
        token.usesLeft,
        token.createdBy,
        token.createdAt,
        token.expiresAt,
      ],
    );
  }

  async find(id: string): Promise<JoinToken | undefined> {
    const [row] = await this.transactions.query<JoinTokenRow>(`select ${COLUMNS} from join_tokens where id = $1`, [id]);
    return row && toToken(row);
  }

  /** Newest first. */
  async list(limit: number): Promise<JoinToken[]> {
    const rows = await this.transactions.query<JoinTokenRow>(
      `select ${COLUMNS} from join_tokens order by created_at desc, id limit $1`,
      [limit],
    );
    return rows.map(toToken);
  }

  /** Finds a token by its secret and keeps others from using it until the transaction ends. */
  async lock(tx: Transaction, secret: string): Promise<JoinToken | undefined> {
    const [row] = await tx.query<JoinTokenRow>(
      `select ${COLUMNS} from join_tokens where secret_digest = $1 for update`,
      [digestBytes(secret)],
    );
    return row && toToken(row);
  }

  async use(tx: Transaction, id: string): Promise<void> {
    await tx.query(`update join_tokens set uses_left = uses_left - 1 where id = $1`, [id]);
  }

  async revoke(within: Queryable, id: string): Promise<void> {
    await within.query(`update join_tokens set revoked_at = coalesce(revoked_at, now()) where id = $1`, [id]);
  }
}

function toToken(row: JoinTokenRow): JoinToken {
  return {
    id: row.id,
    namePrefix: row.name_prefix,
    labels: row.labels,
    uses: row.uses,
    usesLeft: row.uses_left,
    createdBy: row.created_by,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    ...(row.revoked_at === null ? {} : { revokedAt: row.revoked_at }),
  };
}
