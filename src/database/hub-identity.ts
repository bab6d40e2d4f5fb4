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
    const raised = await this.once('epoch', () => '0');
    const [server] = await this.transactions.query<{ system: string; timeline: string }>(
      `select s.system_identifier::text as system, c.timeline_id::text as timeline
       from pg_control_system() s, pg_control_checkpoint() c`,
    );
    return { hubId, epoch: `${server?.system}.${server?.timeline}.${raised}` };
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
