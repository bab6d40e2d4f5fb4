import { Injectable } from '@nestjs/common';
import { Ids } from '../kernel/ids.js';
import { Transactions } from './transactions.js';

export interface HubIdentity {
  hubId: string;
  /**
   * Names this history of positions: Postgres's system identifier and timeline, and a counter that an admin can
   * raise. A restored database has another epoch, so agents carry out no removal on its word alone.
   */
  epoch: string;
}

/** Who this hub is, to its agents. The id is made once and lives with the data. */
@Injectable()
export class HubIdentityStore {
  constructor(
    private readonly transactions: Transactions,
    private readonly ids: Ids,
  ) {}

  async read(): Promise<HubIdentity> {
    const hubId = await this.once('hub_id', () => this.ids.uuid());
    await this.once('epoch', () => '0');
    return { hubId, epoch: await this.epoch() };
  }

  /** Of now; reads alone. */
  async epoch(): Promise<string> {
    const [row] = await this.transactions.query<{ epoch: string }>(
      `select concat_ws('.', s.system_identifier, c.timeline_id,
         coalesce((select value from hub_state where key = 'epoch'), '0')) as epoch
       from pg_control_system() s, pg_control_checkpoint() c`,
    );
    return row?.epoch ?? '';
  }

  private async once(key: string, make: () => string): Promise<string> {
    await this.transactions.query(`insert into hub_state (key, value) values ($1, $2) on conflict do nothing`, [
      key,
      make(),
    ]);
    const [row] = await this.transactions.query<{ value: string }>(`select value from hub_state where key = $1`, [key]);
    return row?.value ?? '';
  }
}
