import type { Queryable } from '../database/transactions.js';
import type { ObjectChange } from './object-change.js';

/** Most changes in one batch; a commit of more is read in several. */
export const CHANGE_BATCH = 5_000;

/** Everything up to this object of the commit at this position has been read. Positions are text, as Postgres gives bigint. */
export interface FeedCursor {
  position: string;
  uid: string;
}

export interface FeedBatch {
  changes: ObjectChange[];
  end: FeedCursor;
}

/** With it, a cursor stands behind the whole commit at its position. */
export const LAST_UID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** The next changes past the cursor, in order. An object that changed several times appears once, at its last position. */
export async function readChanges(on: Queryable, cursor: FeedCursor): Promise<FeedBatch> {
  const [newest] = await on.query<{ position: string }>(`select coalesce(max(position), 0) as position from commits`);
  const end = { position: newest?.position ?? '0', uid: LAST_UID };
  if (end.position === cursor.position && end.uid === cursor.uid) return { changes: [], end };
  // Rows that move past `end` meanwhile are left to the next batch.
  const rows = [
    ...(await readRows(on, cursor, { table: 'objects', end: end.position })),
    ...(await readRows(on, cursor, { table: 'tombstones', end: end.position })),
  ]
    .sort(inOrder)
    .slice(0, CHANGE_BATCH);
  const last = rows.length === CHANGE_BATCH ? rows.at(-1) : undefined;
  return { changes: rows.map(toChange), end: last ? { position: last.position, uid: last.uid } : end };
}

interface ChangeRow {
  kind: string;
  uid: string;
  namespace: string;
  name: string;
  project: string | null;
  cluster: string | null;
  owner_uid: string | null;
  deleted: boolean;
  position: string;
}

/** Commit by commit, by the index on it: a planner that joins freely reads every object there is. */
function readRows(
  on: Queryable,
  cursor: FeedCursor,
  { table, end }: { table: 'objects' | 'tombstones'; end: string },
): Promise<ChangeRow[]> {
  return on.query<ChangeRow>(
    `select t.kind, t.uid, t.namespace, t.name, t.project, t.cluster, t.owner_uid, $5::boolean as deleted, c.position
     from commits c cross join lateral (select * from ${table} where commit_id = c.id offset 0) as t
     where c.position between $1::bigint and $3::bigint and (c.position, t.uid) > ($1::bigint, $2::uuid)
     order by c.position, t.uid limit $4`,
    [cursor.position, cursor.uid, end, CHANGE_BATCH, table === 'tombstones'],
  );
}

/** As Postgres orders (position, uid): a uuid's text and its bytes sort alike. */
function inOrder(left: ChangeRow, right: ChangeRow): number {
  const byPosition = Number(left.position) - Number(right.position);
  if (byPosition !== 0) return byPosition;
  return left.uid < right.uid ? -1 : 1;
}

function toChange(row: ChangeRow): ObjectChange {
  return {
    kind: row.kind,
    uid: row.uid,
    namespace: row.namespace,
    name: row.name,
    ...(row.project === null ? {} : { project: row.project }),
    ...(row.cluster === null ? {} : { cluster: row.cluster }),
    ...(row.owner_uid === null ? {} : { ownerUid: row.owner_uid }),
    deleted: row.deleted,
    position: Number(row.position),
  };
}
