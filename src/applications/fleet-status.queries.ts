import { Injectable } from '@nestjs/common';
import type { AccessFilter } from '../access/domain/access-filter.js';
import type { ListKey } from '../database/objects/hub-object.js';
import { Transactions } from '../database/transactions.js';
import { fleetConditions, GROUPS, OBJECT, ROW, type FleetFilter } from './fleet-status-sql.js';
import type { FleetCount, FleetGroup, FleetKind, FleetPage, FleetRow } from './fleet-status.js';

export interface FleetPaging {
  first: number;
  after?: ListKey;
}

/** Fleet status for people: each question is one statement over sets of rows and carries the asker's access filter. */
@Injectable()
export class FleetStatusQueries {
  constructor(private readonly transactions: Transactions) {}

  /** By namespace and name. */
  async page(kind: FleetKind, access: AccessFilter, filter: FleetFilter, page: FleetPaging): Promise<FleetPage> {
    const parameters: unknown[] = [];
    const where = fleetConditions({ kind, access, filter }, parameters);
    const after = page.after
      ? `where (namespace, name) > ($${parameters.push(page.after.namespace)}, $${parameters.push(page.after.name)})`
      : '';
    const [answer] = await this.transactions.query<{ total: number; rows: FleetRow[] }>(
      `with found as (select o.uid, o.namespace, o.name from objects o ${OBJECT} where ${where}),
         page as (select uid from found ${after} order by namespace, name limit $${parameters.push(page.first + 1)})
       select (select count(*) from found)::int as total, coalesce(jsonb_agg(r order by r.namespace, r.name), '[]') as rows
       from (select ${ROW} from page join objects o on o.uid = page.uid ${OBJECT}) r`,
      parameters,
    );
    const { total, rows } = answer ?? { total: 0, rows: [] };
    const shown = rows.slice(0, page.first);
    const last = shown.at(-1);
    return { rows: shown, total, ...(rows.length > page.first && last ? { next: last } : {}) };
  }

  /** How many Applications are in which state, by group; of the named groups only, where some are named. */
  async counts(access: AccessFilter, by: FleetGroup, only?: readonly string[]): Promise<FleetCount[]> {
    const parameters: unknown[] = [];
    const where = fleetConditions({ kind: 'Application', access, filter: {} }, parameters);
    const group = GROUPS[by];
    const narrowed = only === undefined ? `${group} is not null` : `${group} = any($${parameters.push(only)}::text[])`;
    return this.transactions.query<FleetCount>(
      `select ${group} as "group", coalesce(s.sync, 'Unknown') as sync, coalesce(s.health, 'Unknown') as health,
         count(*)::int as count
       from objects o ${OBJECT} where ${where} and ${narrowed} group by 1, 2, 3 order by 1, 2, 3`,
      parameters,
    );
  }

  /** The first Applications of each group, by name; one statement for all groups. */
  async applicationsOf(
    access: AccessFilter,
    by: FleetGroup,
    { groups, first }: { groups: readonly string[]; first: number },
  ): Promise<Map<string, FleetRow[]>> {
    const parameters: unknown[] = [groups, first];
    const where = fleetConditions({ kind: 'Application', access, filter: {} }, parameters);
    const rows = await this.transactions.query<{ group: string; row: FleetRow }>(
      `select "group", to_jsonb(r) - 'group' - 'rank' as row from (
         select ${ROW}, ${GROUPS[by]} as "group",
           row_number() over (partition by ${GROUPS[by]} order by o.namespace, o.name) as rank
         from objects o ${OBJECT} where ${where} and ${GROUPS[by]} = any($1::text[])
       ) r where rank <= $2 order by "group", rank`,
      parameters,
    );
    const found = new Map<string, FleetRow[]>(groups.map((group) => [group, []]));
    for (const { group, row } of rows) found.get(group)?.push(row);
    return found;
  }
}
