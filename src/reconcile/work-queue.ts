import { Injectable } from '@nestjs/common';
import { COMMITS_CHANNEL } from '../database/commit-order.js';
import { Transactions, type Queryable } from '../database/transactions.js';
import { Ids } from '../kernel/ids.js';

/** How long a worker may be silent before another takes its item: as long as a killed replica holds up what it was at. */
export const LEASE_MS = 15_000;

export interface WorkKey {
  queue: string;
  key: string;
}

/** An item that this worker holds. */
export interface WorkItem extends WorkKey {
  lease: string;
  /** As claimed: an item enqueued meanwhile has a newer one and stays due. */
  version: string;
  /** Failures in a row, lost leases included. */
  attempts: number;
  /** Why the last run failed or waited, as the queue's readers see it. */
  lastError: string | null;
}

export interface EnqueueOptions {
  /** Take part in a transaction: the work is there exactly if it commits. */
  tx?: Queryable;
}

export interface Postponement {
  afterMs: number;
  attempts: number;
  reason: string | null;
}

const NOW = 'statement_timestamp()';
const LEASE_END = `${NOW} + interval '${LEASE_MS} milliseconds'`;

/**
 * Durable work, one row for each (queue, key): asking twice is asking once. Rows are claimed with SKIP LOCKED and a
 * lease, so replicas share a queue and a crashed worker's items come back. Due times and leases are the database's, which
 * all replicas share: a hub whose clock is wrong or jumps delays nothing and takes nobody's item (docs/adr/0018).
 */
@Injectable()
export class WorkQueue {
  constructor(
    private readonly transactions: Transactions,
    private readonly ids: Ids,
  ) {}

  async enqueue(queue: string, keys: readonly string[], options: EnqueueOptions = {}): Promise<void> {
    await this.enqueueAll(
      keys.map((key) => ({ queue, key })),
      options,
    );
  }

  /** Due at once, in one statement however many keys. Wakes idle engines when it commits. */
  async enqueueAll(keys: readonly WorkKey[], { tx = this.transactions }: EnqueueOptions = {}): Promise<void> {
    if (keys.length === 0) return;
    await tx.query(
      `with queued as (
         insert into work_items as w (queue, key, due_at, put_off_at, version, attempts)
         select distinct queue, key, ${NOW}, ${NOW}, 1, 0 from unnest($1::text[], $2::text[]) as k(queue, key) order by queue, key
         on conflict (queue, key) do update
           set due_at = least(w.due_at, excluded.due_at), put_off_at = excluded.put_off_at, version = w.version + 1
       )
       select pg_notify('${COMMITS_CHANNEL}', '')`,
      [keys.map((each) => each.queue), keys.map((each) => each.key)],
    );
  }

  /** Claims what is due, longest due first, at most `slots` of each queue. */
  async claim(slots: ReadonlyMap<string, number>): Promise<WorkItem[]> {
    const lease = this.ids.uuid();
    const counts = [...slots.values()];
    // The outer limit takes nothing away: it tells Postgres that few rows will come, so that it looks them up by key.
    const rows = await this.transactions.query<Omit<WorkItem, 'lease'>>(
      `with free as materialized (
         select due.queue, due.key from unnest($1::text[], $2::int[]) as q(queue, slots)
         cross join lateral (
           select w.queue, w.key from work_items w where w.queue = q.queue and greatest(w.due_at, w.leased_until) <= ${NOW}
           order by greatest(w.due_at, w.leased_until) limit q.slots for update skip locked
         ) as due limit $4
       )
       update work_items w set lease = $3, leased_until = ${LEASE_END}, attempts = w.attempts + (w.lease is not null)::int
       from free where w.queue = free.queue and w.key = free.key
       returning w.queue, w.key, w.version, w.attempts, w.last_error as "lastError"`,
      [[...slots.keys()], counts, lease, counts.reduce((sum, count) => sum + count, 0)],
    );
    return rows.map((row) => ({ ...row, lease }));
  }

  /** Keeps the items of these leases for another while. */
  async renew(leases: readonly string[]): Promise<void> {
    if (leases.length === 0) return;
    await this.transactions.query(`update work_items set leased_until = ${LEASE_END} where lease = any($1::uuid[])`, [
      leases,
    ]);
  }

  /** Done with the items; each that was enqueued again meanwhile is due at once. */
  async complete(items: readonly WorkItem[]): Promise<void> {
    const gone = await this.transactions.query<{ index: string }>(
      `with done as (
         select w.queue, w.key, i.index
         from unnest($1::text[], $2::text[], $3::uuid[], $4::bigint[]) with ordinality as i(queue, key, lease, version, index)
         join work_items w on w.queue = i.queue and w.key = i.key and w.lease = i.lease and w.version = i.version
         order by w.queue, w.key for update of w
       )
       delete from work_items w using done where w.queue = done.queue and w.key = done.key
       returning done.index`,
      [
        items.map(({ queue }) => queue),
        items.map(({ key }) => key),
        items.map(({ lease }) => lease),
        items.map(({ version }) => version),
      ],
    );
    const done = new Set(gone.map(({ index }) => Number(index) - 1));
    const again = items.filter((_, index) => !done.has(index));
    await this.postponeAll(again.map((item) => ({ ...item, afterMs: 0, attempts: 0, reason: null })));
  }

  /** Gives the item back for later; one that was enqueued meanwhile is due at once. */
  async postpone(item: WorkItem, { afterMs, attempts, reason }: Postponement): Promise<void> {
    await this.postponeAll([{ ...item, afterMs, attempts, reason }]);
  }

  async postponeAll(items: readonly (WorkItem & Postponement)[]): Promise<void> {
    if (items.length === 0) return;
    const records = items.map(({ lastError: _last, ...item }) => item);
    await this.transactions.query(
      `with held as (
         select w.queue, w.key, w.version = p.version as is_unchanged, p."afterMs" as after_ms, p.attempts, p.reason
         from jsonb_to_recordset($1::jsonb) as
           p(queue text, key text, lease uuid, version bigint, attempts integer, "afterMs" double precision, reason text)
         join work_items w on w.queue = p.queue and w.key = p.key and w.lease = p.lease
         order by w.queue, w.key for update of w
       )
       update work_items w set put_off_at = ${NOW}, attempts = held.attempts, last_error = held.reason, lease = null, leased_until = null,
         due_at = case when is_unchanged then ${NOW} + after_ms * interval '1 millisecond' else least(due_at, ${NOW}) end
       from held where w.queue = held.queue and w.key = held.key`,
      [JSON.stringify(records)],
    );
  }

  /**
   * Makes due what a clock put off that was set back since, and ends leases with the present: by the new time they would
   * wait for as long as it went back. Early is safe, since reconciling is repeatable; long after is not.
   */
  async takeBackFutureTimes(): Promise<void> {
    await this.transactions.query(
      `update work_items w set due_at = least(w.due_at, ${NOW}), put_off_at = ${NOW},
         leased_until = case when w.leased_until > ${LEASE_END} then ${LEASE_END} else w.leased_until end
       from (select queue, key from work_items where put_off_at > ${NOW} or leased_until > ${LEASE_END} for update skip locked) as ahead
       where w.queue = ahead.queue and w.key = ahead.key`,
    );
  }

  /** Milliseconds until the next item of these queues may be claimed; undefined when they are empty. */
  async nextFreeIn(queues: readonly string[]): Promise<number | undefined> {
    const [row] = await this.transactions.query<{ ms: number | null }>(
      `select (extract(epoch from min(first.at) - ${NOW}) * 1000)::double precision as ms from unnest($1::text[]) as q(queue)
       cross join lateral (
         select greatest(w.due_at, w.leased_until) as at from work_items w where w.queue = q.queue
         order by greatest(w.due_at, w.leased_until) limit 1
       ) as first`,
      [queues],
    );
    return row?.ms == null ? undefined : Math.max(0, row.ms);
  }

  /** Items that are due or being worked on. */
  async pending(queues: readonly string[]): Promise<number> {
    const [row] = await this.transactions.query<{ count: string }>(
      `select count(*) as count from work_items where queue = any($1::text[]) and due_at <= ${NOW}`,
      [queues],
    );
    return Number(row?.count);
  }

  /** Which of these keys are due or being worked on: what they name may not be what it will be. */
  async pendingAmong(queue: string, keys: readonly string[]): Promise<Set<string>> {
    if (keys.length === 0) return new Set();
    const rows = await this.transactions.query<{ key: string }>(
      `select key from work_items where queue = $1 and key = any($2::text[]) and (due_at <= ${NOW} or leased_until > ${NOW})`,
      [queue, keys],
    );
    return new Set(rows.map((row) => row.key));
  }
}

/**
 * Makes leased items free at once. Only for whoever knows that no worker is alive: the one hub of an embedded database,
 * before its engine starts, after it was killed.
 */
export async function endLeases(on: Queryable): Promise<void> {
  await on.query(`update work_items set leased_until = '-infinity' where lease is not null`);
}
