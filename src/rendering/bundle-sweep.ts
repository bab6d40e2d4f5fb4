import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Transactions, type Transaction } from '../database/transactions.js';
import { Clock } from '../kernel/clock.js';
import { messageOf } from '../kernel/errors.js';
import { Log } from '../kernel/log.js';
import { RenderMetrics } from './render-metrics.js';

export interface SweepOptions {
  /** How often it is swept; absent for only when asked. */
  tickMs?: number;
  /** Most rows that one statement takes away. */
  batch?: number;
}

export interface Swept {
  renders: number;
  bundles: number;
}

const SWEEP_LOCK = 7_321;
const MOST_BATCHES = 100;
const BATCH = 500;

/** A render that nobody asked for so long goes: a day longer than an approval may hold (MAX_APPROVAL_SECONDS). */
const KEPT_MS = 8 * 86_400_000;
/** A bundle stays so long after the last row that names it: agents may be fetching it still. */
const GRACE_MS = 3_600_000;

/** What deliveries name, and what each Application was rendered to last, waiting for approval or not. */
const IN_FORCE = `
  select bundle_digest as digest from deliveries where bundle_digest is not null
  union select operation ->> 'bundleDigest' from deliveries where operation is not null
  union select status -> 'source' ->> 'bundle' from object_statuses where status -> 'source' ? 'bundle'`;
const NAMED = `${IN_FORCE}
  union select bundle_digest from renders union select bundle_digest from application_renders`;

/**
 * Takes away renders that nobody asked for in a while and bundles that nothing names. Each statement looks again at what
 * names a bundle; one replica sweeps at a time, in small batches, and whatever it was killed in the middle of goes on with
 * the next round.
 */
@Injectable()
export class BundleSweep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly metrics: RenderMetrics,
    private readonly log: Log,
    private readonly options: SweepOptions = {},
  ) {}

  onApplicationBootstrap(): void {
    this.schedule();
  }

  beforeApplicationShutdown(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** One round; nothing where another replica is at it. */
  async sweep(): Promise<Swept> {
    const swept: Swept = { renders: 0, bundles: 0 };
    for (let batch = 0; batch < MOST_BATCHES && !this.stopped; batch++) {
      const changed = await this.transactions.run((tx) => this.sweepBatch(tx));
      this.metrics.removed('render', changed.renders);
      this.metrics.removed('bundle', changed.bundles);
      swept.renders += changed.renders;
      swept.bundles += changed.bundles;
      if (changed.rows === 0) break;
    }
    if (swept.renders + swept.bundles > 0) this.log.info(swept, 'renders and bundles removed');
    return swept;
  }

  private async sweepBatch(tx: Transaction): Promise<Swept & { rows: number }> {
    const [lock] = await tx.query<{ taken: boolean }>(`select pg_try_advisory_xact_lock($1) as taken`, [SWEEP_LOCK]);
    if (lock?.taken !== true) return { renders: 0, bundles: 0, rows: 0 };
    const now = this.clock.now();
    const before = (ms: number): Date => new Date(now.getTime() - ms);
    const most = this.options.batch ?? BATCH;
    const rows = async (sql: string, at: Date): Promise<number> => (await tx.query(sql, [at, most])).length;
    const renders = (await rows(OLD_RENDERS, before(KEPT_MS))) + (await rows(OLD_OWN_RENDERS, before(KEPT_MS)));
    const marked = (await rows(NAMED_AGAIN, now)) + (await rows(NAMED_NO_MORE, now));
    const bundles = await rows(UNUSED_BUNDLES, before(GRACE_MS));
    return { renders, bundles, rows: renders + marked + bundles };
  }

  private schedule(): void {
    const { tickMs } = this.options;
    if (this.stopped || tickMs === undefined) return;
    this.timer = setTimeout(() => void this.tick(), tickMs);
    this.timer.unref();
  }

  private async tick(): Promise<void> {
    await this.sweep().catch((error: unknown) => {
      this.log.warn({ error: messageOf(error) }, 'renders and bundles were not swept');
    });
    this.schedule();
  }
}

/** Of a bundle that is in force the render that was wanted last stays: to lose it would mean to render again. */
const OLD_RENDERS = `
  with in_force as (${IN_FORCE}), old as (
    select r.input_key from renders r
    where r.used_at < $1 and (
      not exists (select from in_force f where f.digest = r.bundle_digest)
      or exists (select from renders n where n.bundle_digest = r.bundle_digest and n.used_at > r.used_at))
    order by r.used_at limit $2)
  delete from renders r using old where r.input_key = old.input_key and r.used_at < $1 returning 1`;

const OLD_OWN_RENDERS = `
  with in_force as (${IN_FORCE}), old as (
    select r.input_key, r.application from application_renders r
    where r.used_at < $1 and not exists (select from in_force f where f.digest = r.bundle_digest)
    order by r.used_at limit $2)
  delete from application_renders r using old
  where r.input_key = old.input_key and r.application = old.application and r.used_at < $1 returning 1`;

const NAMED_AGAIN = `
  with named as (${NAMED}), again as (
    select b.digest from bundles b where b.unused_since <= $1 and exists (select from named n where n.digest = b.digest)
    limit $2)
  update bundles b set unused_since = null from again where b.digest = again.digest returning 1`;

const NAMED_NO_MORE = `
  with named as (${NAMED}), unnamed as (
    select b.digest from bundles b
    where b.unused_since is null and not exists (select from named n where n.digest = b.digest) limit $2)
  update bundles b set unused_since = $1 from unnamed
  where b.digest = unnamed.digest and b.unused_since is null returning 1`;

const UNUSED_BUNDLES = `
  with named as (${NAMED}), unused as (
    select b.digest from bundles b where b.unused_since < $1 order by b.unused_since limit $2)
  delete from bundles b using unused
  where b.digest = unused.digest and b.unused_since < $1 and not exists (select from named n where n.digest = b.digest)
  returning 1`;
