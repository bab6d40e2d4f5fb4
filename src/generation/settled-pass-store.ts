import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Transactions } from '../database/transactions.js';
import { messageOf } from '../kernel/errors.js';
import { Log } from '../kernel/log.js';
import type { GitInput } from './git-inputs.js';

/** Everything that decided about a pass that left nothing to do, and everything it left. */
export interface SettledPass {
  /** Versions of the program, the set, the fleet and what the set owns. */
  read: string;
  /** Digest of what such a pass wrote beside documents. */
  leftBehind: string;
  git: readonly GitInput[];
}

/** Edits come one by one, and what is lost in a crash costs a repetition. */
const SAVE_MS = 10_000;

/** Settled passes in the database, written some time after they were made and many at a time. */
@Injectable()
export class SettledPassStore implements OnApplicationShutdown {
  private readonly unsaved = new Map<string, SettledPass>();
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly transactions: Transactions,
    private readonly log: Log,
  ) {}

  async find(setUid: string): Promise<SettledPass | undefined> {
    const [row] = await this.transactions.query<SettledPass>(
      `select read, left_behind as "leftBehind", git from settled_passes where set_uid = $1`,
      [setUid],
    );
    return row;
  }

  /** In place of what was kept of the set before. */
  keep(setUid: string, pass: SettledPass): void {
    this.unsaved.set(setUid, pass);
    this.schedule();
  }

  /** Writes nothing of this set any more; a pass that is stored already tells by itself that it is over. */
  drop(setUid: string): void {
    this.unsaved.delete(setUid);
  }

  /** Called by Nest once nothing runs any more. */
  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.save();
  }

  private schedule(): void {
    if (this.timer !== undefined || this.stopped || this.unsaved.size === 0) return;
    this.timer = setTimeout(() => void this.save(), SAVE_MS);
    this.timer.unref();
  }

  private async save(): Promise<void> {
    const batch = [...this.unsaved];
    try {
      if (batch.length > 0) await this.write(batch);
      for (const [uid, pass] of batch) if (this.unsaved.get(uid) === pass) this.unsaved.delete(uid);
    } catch (error) {
      this.log.warn({ sets: batch.length, error: messageOf(error) }, 'settled passes were not saved');
    }
    this.timer = undefined;
    this.schedule();
  }

  /** Sets that are gone are passed over. */
  private async write(batch: readonly (readonly [string, SettledPass])[]): Promise<void> {
    const rows = batch.map(([uid, { leftBehind, ...pass }]) => ({ set_uid: uid, left_behind: leftBehind, ...pass }));
    await this.transactions.query(
      `insert into settled_passes as s (set_uid, read, left_behind, git)
       select o.uid, r.read, r.left_behind, r.git
       from jsonb_to_recordset($1::jsonb) as r(set_uid uuid, read text, left_behind text, git jsonb)
       cross join lateral (select uid from objects where uid = r.set_uid limit 1) as o
       order by o.uid
       on conflict (set_uid) do update set read = excluded.read, left_behind = excluded.left_behind, git = excluded.git
         where (s.read, s.left_behind, s.git) is distinct from (excluded.read, excluded.left_behind, excluded.git)`,
      [JSON.stringify(rows)],
    );
  }
}
