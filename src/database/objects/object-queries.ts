import { Injectable } from '@nestjs/common';
import type { LabelExpression } from '../../kernel/label-selector.js';
import { Transactions } from '../transactions.js';
import type { HubObject, ListKey, Stored } from './hub-object.js';
import { labelCondition } from './label-condition.js';
import { OBJECT_COLUMNS, OBJECT_TABLES, toStored, type ObjectRow } from './object-rows.js';

/** Column names of the row under question, for filters that other rooms write. */
export interface FilterColumns {
  project: string;
  name: string;
  namespace: string;
}

/** Appends its values to `parameters` and answers a boolean SQL expression over the columns. */
export type RowFilter = (columns: FilterColumns, parameters: unknown[]) => string;

export interface ObjectQuery {
  kind: string;
  namespace?: string;
  /** Only those of these. */
  uids?: readonly string[];
  labels?: readonly LabelExpression[];
  /** Exact values of listable columns. */
  fields?: Partial<Record<'name' | 'namespace' | 'project' | 'cluster' | 'owner_uid', string>>;
  /** Who may see which rows; never omitted by a caller that answers a person. */
  access: RowFilter;
  after?: ListKey;
  limit: number;
}

export interface ObjectPage<T extends HubObject> {
  items: Stored<T>[];
  /** Key of the last item when there are more. */
  next?: ListKey;
  /** Rows behind `next`, counted under the same filter. */
  remaining: number;
  /** Position the page was read at. */
  resourceVersion: string;
}

const COLUMNS: FilterColumns = { project: 'o.project', name: 'o.name', namespace: 'o.namespace' };

/**
 * Paged listings for people: selectors, access and cursor are all in the SQL, so counts cannot leak. Only the page's own
 * rows are read whole; the others are counted by their keys.
 */
@Injectable()
export class ObjectQueries {
  constructor(private readonly transactions: Transactions) {}

  async list<T extends HubObject>(query: ObjectQuery): Promise<ObjectPage<T>> {
    const parameters: unknown[] = [];
    const matching = conditions(query, parameters).join(' and ');
    const page = query.after
      ? `and (o.namespace, o.name) > (${bind(parameters, query.after.namespace)}, ${bind(parameters, query.after.name)})`
      : '';
    const rows = await this.transactions.query<ObjectRow & { total: string; at: string }>(
      `with found as (select o.uid, o.namespace, o.name from objects o where ${matching} ${page})
       select ${OBJECT_COLUMNS}, (select count(*) from found) as total,
         (select coalesce(max(position), 0) from commits) as at
       from ${OBJECT_TABLES}
       where o.uid in (select uid from found order by namespace, name limit ${bind(parameters, query.limit)})
       order by o.namespace, o.name`,
      parameters,
    );
    const items = rows.map((row) => toStored<T>(row));
    const remaining = Number(rows[0]?.total ?? 0) - rows.length;
    const last = items.at(-1)?.object.metadata;
    return {
      items,
      remaining,
      resourceVersion: rows[0]?.at ?? (await this.position()),
      ...(remaining > 0 && last ? { next: { namespace: last.namespace, name: last.name } } : {}),
    };
  }

  /** When the commit at a position was made. */
  async committedAt(position: string): Promise<Date | undefined> {
    const [row] = await this.transactions.query<{ at: Date }>(`select at from commits where position = $1`, [position]);
    return row?.at;
  }

  /** The newest position; '0' in an empty hub. */
  async position(): Promise<string> {
    const [row] = await this.transactions.query<{ at: string }>(`select coalesce(max(position), 0) as at from commits`);
    return row?.at ?? '0';
  }
}

function conditions(query: ObjectQuery, parameters: unknown[]): string[] {
  const fields = Object.entries(query.fields ?? {}).map(
    ([column, value]) => `o.${column} = ${bind(parameters, value)}`,
  );
  return [
    `o.kind = ${bind(parameters, query.kind)}`,
    ...(query.namespace === undefined ? [] : [`o.namespace = ${bind(parameters, query.namespace)}`]),
    ...(query.uids === undefined ? [] : [`o.uid = any(${bind(parameters, query.uids)}::uuid[])`]),
    ...fields,
    ...(query.labels ?? []).map((expression) => labelCondition('o.labels', expression, parameters)),
    `(${query.access(COLUMNS, parameters)})`,
  ];
}

function bind(parameters: unknown[], value: unknown): string {
  parameters.push(value);
  return `$${parameters.length}`;
}
