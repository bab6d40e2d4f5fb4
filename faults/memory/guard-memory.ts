import {
  GuardMemory,
  type OwnerMemory,
  type RecentRemovals,
  type RememberedInput,
  type RemovalOwner,
  type RemovalUnit,
} from '../../src/approvals/guard-memory.js';
import { BUDGET_WINDOW_MS, weight, type RemovalLine } from '../../src/changes/guard.js';
import type { Transaction } from '../../src/database/transactions.js';
import type { Clock } from '../../src/kernel/clock.js';
import type { MemoryTransaction } from './memory-transaction.js';
import type { MemoryTransactions } from './memory-transactions.js';

export interface HeldRow {
  id: string;
  line: RemovalLine;
  owner: RemovalOwner;
  approvedUntil?: number;
}

interface RemovalRow {
  at: number;
  unit: RemovalUnit;
  owner: string;
  project: string | undefined;
  amount: number;
}

/** The guard's tables in memory. */
export class MemoryGuardMemory extends GuardMemory {
  constructor(
    private readonly own: MemoryTransactions,
    private readonly time: Clock,
  ) {
    super(own, time);
  }

  override async readAll(ownerUids: readonly string[]): Promise<Map<string, OwnerMemory>> {
    await this.own.turn();
    return new Map(ownerUids.map((uid) => [uid, this.known(uid)]));
  }

  override async recent(owner: RemovalOwner, unit: RemovalUnit): Promise<RecentRemovals> {
    await this.own.turn();
    const start = this.time.now().getTime() - BUDGET_WINDOW_MS;
    const rows = this.own.all<RemovalRow>('removals').filter((row) => row.at > start && row.unit === unit);
    const sum = (fits: (row: RemovalRow) => boolean): number =>
      rows.filter(fits).reduce((total, { amount }) => total + amount, 0);
    return {
      owner: sum((row) => row.owner === (owner.countedUnder ?? owner.uid)),
      project: sum((row) => row.project === owner.project),
      fleet: sum(() => true),
    };
  }

  override async recordRemovals(
    tx: Transaction,
    owner: RemovalOwner,
    unit: RemovalUnit,
    lines: readonly RemovalLine[],
  ): Promise<void> {
    if (lines.length === 0) return;
    const own = tx as MemoryTransaction;
    await own.turn();
    const row = { at: this.time.now().getTime(), unit, owner: owner.countedUnder ?? owner.uid, project: owner.project };
    const key = `${own.database.table('removals').size} ${owner.uid} ${own.life.name}`;
    await own.write<RemovalRow>('removals', key, () => ({ ...row, amount: weight(lines) }));
  }

  override async replaceHeld(
    tx: Transaction,
    owner: RemovalOwner,
    held: readonly { line: RemovalLine; id: string; reason: string }[],
  ): Promise<void> {
    const own = tx as MemoryTransaction;
    await own.turn();
    await own.write<HeldRow[]>('held', owner.uid, (before = []) => {
      const known = new Map(before.map((row) => [row.id, row]));
      return held.map(({ line, id }) => known.get(id) ?? { id, line, owner });
    });
  }

  override async rememberInputs(tx: Transaction, ownerUid: string, inputs: readonly RememberedInput[]): Promise<void> {
    const own = tx as MemoryTransaction;
    await own.turn();
    await own.write('inputs', ownerUid, () => inputs.map(({ path, results }) => [path, results]));
  }

  private known(ownerUid: string): OwnerMemory {
    const held = this.own.read<HeldRow[]>('held', ownerUid) ?? [];
    const now = this.time.now().getTime();
    return {
      waiting: new Set(held.map(({ id }) => id)),
      approved: new Set(held.filter(({ approvedUntil = 0 }) => approvedUntil > now).map(({ id }) => id)),
      inputs: new Map(this.own.read<[string, number][]>('inputs', ownerUid) ?? []),
    };
  }
}
