import { Injectable } from '@nestjs/common';
import { Transactions } from '../../../database/transactions.js';

export interface ObjectTotals {
  owner: number;
  project: number;
  fleet: number;
}

/** How many objects deliveries hold in each scope that prunes are counted in. */
@Injectable()
export class DeliveryTotals {
  constructor(private readonly transactions: Transactions) {}

  /** `countedUnder` is the uid of a set, whose Applications count together, or of one Application. */
  async objects(countedUnder: string, project: string): Promise<ObjectTotals> {
    const [row] = await this.transactions.query<Record<keyof ObjectTotals, string>>(
      `select coalesce(sum(jsonb_array_length(d.objects)) filter (where $1::uuid in (o.owner_uid, d.application_uid)), 0) as owner,
              coalesce(sum(jsonb_array_length(d.objects)) filter (where d.project = $2), 0) as project,
              coalesce(sum(jsonb_array_length(d.objects)), 0) as fleet
       from deliveries d left join objects o on o.uid = d.application_uid`,
      [countedUnder, project],
    );
    return { owner: Number(row?.owner), project: Number(row?.project), fleet: Number(row?.fleet) };
  }
}
