import type { Transactions } from '../../src/database/transactions.js';
import { SettledPassStore, type SettledPass } from '../../src/generation/settled-pass-store.js';
import type { MemoryDatabase } from './database.js';

const TABLE = 'settled_passes';

/** Saved as soon as they are made: the next start trusts as many of them as it can. */
export class MemorySettledPasses extends SettledPassStore {
  constructor(private readonly own: Transactions & { readonly database: MemoryDatabase }) {
    super(own, undefined as never);
  }

  override async find(setUid: string): Promise<SettledPass | undefined> {
    return this.own.database.table<SettledPass>(TABLE).get(setUid);
  }

  override keep(setUid: string, pass: SettledPass): void {
    this.own.database.table<SettledPass>(TABLE).set(setUid, structuredClone(pass));
  }
}
