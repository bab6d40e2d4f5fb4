import { Injectable } from '@nestjs/common';
import type { RowFilter } from '../database/objects/object-queries.js';
import { Transactions, type Transaction } from '../database/transactions.js';

export interface HeldRemoval {
  id: string;
  owner: string;
  ownerQueue: string;
  ownerUid: string;
  project: string | null;
  action: string;
  target: string;
  objects: string[];
  reason: string;
  createdAt: Date;
  approvedBy: string | null;
  expiresAt: Date | null;
}

const COLUMNS = `id, owner_name as "owner", owner_queue as "ownerQueue", owner_uid as "ownerUid", project, action, target,
  objects, reason, created_at as "createdAt", approved_by as "approvedBy", expires_at as "expiresAt"`;

/** Waiting removals as people see them. */
@Injectable()
export class HeldRemovalQueries {
  constructor(private readonly transactions: Transactions) {}

  list(access: RowFilter, limit: number): Promise<HeldRemoval[]> {
    const parameters: unknown[] = [];
    const visible = access({ project: 'project', name: 'id::text', namespace: `'argocd'` }, parameters);
    parameters.push(limit);
    return this.transactions.query<HeldRemoval>(
      `select ${COLUMNS} from held_removals where ${visible} order by created_at, id limit $${parameters.length}`,
      parameters,
    );
  }

  async find(id: string): Promise<HeldRemoval | undefined> {
    const [row] = await this.transactions.query<HeldRemoval>(
      `select ${COLUMNS} from held_removals where id::text = $1`,
      [id],
    );
    return row;
  }

  /** Approves, or without an approval takes one back. Undefined when the line no longer waits. */
  async decide(
    tx: Transaction,
    id: string,
    approval: { by: string; at: Date; expiresAt: Date } | undefined,
  ): Promise<HeldRemoval | undefined> {
    const [row] = await tx.query<HeldRemoval>(
      `update held_removals set approved_at = $2, approved_by = $3, expires_at = $4 where id = $1 returning ${COLUMNS}`,
      [id, approval?.at ?? null, approval?.by ?? null, approval?.expiresAt ?? null],
    );
    return row;
  }
}
