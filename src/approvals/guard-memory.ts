import { Injectable } from '@nestjs/common';
import { BUDGET_WINDOW_MS, weight, type RemovalLine } from '../changes/guard.js';
import type { Transaction } from '../database/transactions.js';
import { Transactions } from '../database/transactions.js';
import { Clock } from '../kernel/clock.js';

/** Applications and pruned objects are counted apart: a scope's total is of the same unit. */
export type RemovalUnit = 'application' | 'store' | 'object' | 'document';

export interface RemovalOwner {
  /** Work queue and key that an approval wakes. */
  queue: string;
  uid: string;
  /** For people: `ApplicationSet argocd/guestbook`. */
  name: string;
  project?: string;
  /** uid whose removals are counted together, where that is not the owner itself: an Application's set. */
  countedUnder?: string;
}

export interface RecentRemovals {
  owner: number;
  project: number;
  fleet: number;
}

/** A remote input that gave results, by its place in the owner's document. */
export interface RememberedInput {
  path: string;
  results: number;
}

/** What the guard knows of one owner before it judges. */
export interface OwnerMemory {
  /** Line ids that wait, approved or not. */
  waiting: ReadonlySet<string>;
  /** Those of them under an approval that has not expired. */
  approved: ReadonlySet<string>;
  /** Results by path of each remote input, as of the last plan that was carried out whole. */
  inputs: ReadonlyMap<string, number>;
}

export const NOTHING_KNOWN: OwnerMemory = { waiting: new Set(), approved: new Set(), inputs: new Map() };

/** The guard's tables. Every write happens in the transaction of the plan it belongs to. */
@Injectable()
export class GuardMemory {
  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  async read(ownerUid: string): Promise<OwnerMemory> {
    return (await this.readAll([ownerUid])).get(ownerUid) ?? NOTHING_KNOWN;
  }

  /** By owner; without an entry, nothing is known of it. */
  async readAll(ownerUids: readonly string[]): Promise<Map<string, OwnerMemory>> {
    const [lines, inputs] = await Promise.all([
      this.transactions.query<{ owner_uid: string; line_id: string; approved: boolean }>(
        `select owner_uid, line_id, approved_at is not null and expires_at > $2 as approved
         from held_removals where owner_uid = any($1::uuid[])`,
        [ownerUids, this.clock.now()],
      ),
      this.transactions.query<RememberedInput & { owner_uid: string }>(
        `select owner_uid, path, results from remembered_inputs where owner_uid = any($1::uuid[])`,
        [ownerUids],
      ),
    ]);
    const owners = new Set([...lines, ...inputs].map((row) => row.owner_uid));
    return new Map(
      [...owners].map((owner) => {
        const isIts = (row: { owner_uid: string }): boolean => row.owner_uid === owner;
        return [owner, memoryOf(lines.filter(isIts), inputs.filter(isIts))];
      }),
    );
  }

  /** What went within the sliding window, in the scopes that this owner's removals count in. */
  async recent(owner: RemovalOwner, unit: RemovalUnit): Promise<RecentRemovals> {
    const [row] = await this.transactions.query<Record<keyof RecentRemovals, string>>(
      `select coalesce(sum(amount) filter (where owner_uid = $1), 0) as owner,
              coalesce(sum(amount) filter (where project = $2), 0) as project,
              coalesce(sum(amount), 0) as fleet
       from removals where at > $3 and unit = $4`,
      [countedUnder(owner), owner.project ?? null, this.windowStart(), unit],
    );
    return { owner: Number(row?.owner), project: Number(row?.project), fleet: Number(row?.fleet) };
  }

  /** Removals that are carried out now. Rows out of every window are dropped on the way. */
  async recordRemovals(
    tx: Transaction,
    owner: RemovalOwner,
    unit: RemovalUnit,
    lines: readonly RemovalLine[],
  ): Promise<void> {
    if (lines.length === 0) return;
    await tx.query(`delete from removals where at <= $1`, [this.windowStart()]);
    await tx.query(`insert into removals (at, unit, owner_uid, project, amount) values ($1, $2, $3, $4, $5)`, [
      this.clock.now(),
      unit,
      countedUnder(owner),
      owner.project ?? null,
      weight(lines),
    ]);
  }

  /** Replaces the owner's waiting lines; an approval of a line that still waits is kept, one that went is dropped. */
  async replaceHeld(
    tx: Transaction,
    owner: RemovalOwner,
    held: readonly { line: RemovalLine; id: string; reason: string }[],
  ): Promise<void> {
    const ids = held.map(({ id }) => id);
    await tx.query(`delete from held_removals where owner_uid = $1 and line_id <> all($2::text[])`, [owner.uid, ids]);
    if (held.length === 0) return;
    const records = held.map(({ line, id, reason }) => ({ ...line, line_id: id, reason }));
    await tx.query(
      `insert into held_removals (line_id, owner_queue, owner_uid, owner_name, project, action, target, objects, reason)
       select line_id, $2, $3, $4, $5, action, target, objects, reason
       from jsonb_to_recordset($1::jsonb) as r(line_id text, action text, target text, objects jsonb, reason text)
       on conflict (owner_uid, line_id) do update set reason = excluded.reason
         where held_removals.reason is distinct from excluded.reason`,
      [JSON.stringify(records), owner.queue, owner.uid, owner.name, owner.project ?? null],
    );
  }

  async rememberInputs(tx: Transaction, ownerUid: string, inputs: readonly RememberedInput[]): Promise<void> {
    await tx.query(`delete from remembered_inputs where owner_uid = $1 and path <> all($2::text[])`, [
      ownerUid,
      inputs.map((input) => input.path),
    ]);
    if (inputs.length === 0) return;
    await tx.query(
      `insert into remembered_inputs (owner_uid, path, results)
       select $2, path, results from jsonb_to_recordset($1::jsonb) as r(path text, results integer)
       on conflict (owner_uid, path) do update set results = excluded.results
         where remembered_inputs.results <> excluded.results`,
      [JSON.stringify(inputs), ownerUid],
    );
  }

  private windowStart(): Date {
    return new Date(this.clock.now().getTime() - BUDGET_WINDOW_MS);
  }
}

function memoryOf(
  lines: readonly { line_id: string; approved: boolean }[],
  inputs: readonly RememberedInput[],
): OwnerMemory {
  return {
    waiting: new Set(lines.map((row) => row.line_id)),
    approved: new Set(lines.filter((row) => row.approved).map((row) => row.line_id)),
    inputs: new Map(inputs.map((row) => [row.path, row.results])),
  };
}

function countedUnder(owner: RemovalOwner): string {
  return owner.countedUnder ?? owner.uid;
}
