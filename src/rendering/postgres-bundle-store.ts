import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { Transactions } from '../database/transactions.js';
import { Clock } from '../kernel/clock.js';
import type { ObjectId } from '../kernel/object.js';
import { Sealer } from '../kernel/seal.js';
import { BoundedCache } from '../repositories/git/bounded-cache.js';
import { BundleStore, type BundleSummary } from './bundle-store.js';
import { ownerKey, type RenderOwner } from './domain/render-owner.js';

const zip = promisify(gzip);
const unzip = promisify(gunzip);

const CACHE_BYTES = 32 << 20;
/** More than a column holds. */
const LARGEST = 2 ** 31 - 1;

/** How often it is noted that a render is wanted; far less than such are kept for (BundleSweep). */
const NOTED_EVERY_MS = 86_400_000;

const SHARED = `insert into renders as r (input_key, bundle_digest, warnings, used_at) values ($6, $1, $7, $8)
  on conflict (input_key) do update set used_at = excluded.used_at
  where r.used_at < excluded.used_at - interval '${NOTED_EVERY_MS} milliseconds'`;
const OWN = `insert into application_renders (input_key, bundle_digest, warnings, used_at, application)
  values ($6, $1, $7, $8, $9) on conflict (input_key, application) do nothing`;

interface RenderRow {
  digest: string;
  objects: ObjectId[];
  sensitive: boolean;
  warnings: string[];
  used_at: Date;
  /** Whose it is; null where everybody shares it. */
  application: string | null;
}

/** As it lies in the table: sensitive content stays sealed in memory too. */
interface Kept {
  content: Buffer;
  sensitive: boolean;
}

/** Bundles in Postgres, one row a digest. The ones last read are kept in memory: a rollout reads one many times. */
@Injectable()
export class PostgresBundleStore extends BundleStore {
  private readonly kept = new BoundedCache<Kept>(CACHE_BYTES, ({ content }) => content.length);

  constructor(
    private readonly transactions: Transactions,
    private readonly sealer: Sealer,
    private readonly clock: Clock,
  ) {
    super();
  }

  async findByInput(inputKey: string, owner?: RenderOwner): Promise<BundleSummary | undefined> {
    const names = [owner?.uid, owner?.name ?? ''].filter((name) => name !== undefined);
    const [row] = await this.transactions.query<RenderRow>(
      `select b.digest, b.objects, b.sensitive, r.warnings, r.used_at, r.application
       from (
         select bundle_digest, warnings, used_at, null as application, 3 as rank from renders where input_key = $1
         union all
         select bundle_digest, warnings, used_at, application, array_position($2::text[], application)
         from application_renders where input_key = $1 and application = any($2::text[])
       ) as r join bundles b on b.digest = r.bundle_digest order by r.rank limit 1`,
      [inputKey, names],
    );
    if (!row || !(await this.isStillThere(inputKey, row, ownerKey(owner)))) return undefined;
    const { digest, objects, sensitive, warnings } = row;
    return { digest, objects, sensitive, warnings, ...(row.application === null || !owner ? {} : { keptFor: owner }) };
  }

  async varies(inputKey: string): Promise<boolean> {
    const statement = `select 1 from application_renders where input_key = $1 limit 1`;
    return (await this.transactions.query(statement, [inputKey])).length > 0;
  }

  /**
   * One statement: a render never names a bundle that is not there, and whoever comes second changes nothing but when it
   * was wanted last. The bundle's row is locked, so that nobody finds it unused meanwhile (BundleSweep).
   */
  async save(inputKey: string, bundle: BundleSummary, text: string): Promise<void> {
    const { digest, objects, sensitive, warnings, keptFor } = bundle;
    const zipped = await zip(text);
    const content = sensitive ? this.seal(zipped, digest) : zipped;
    const now = this.clock.now();
    const row = [digest, content, sensitive, objects.length, JSON.stringify(objects), inputKey];
    const own = keptFor === undefined ? [] : [ownerKey(keptFor)];
    await this.transactions.query(
      `with bundle as (
         insert into bundles as b (digest, content, sensitive, object_count, objects) values ($1, $2, $3, $4, $5)
         on conflict (digest) do update set unused_since = null where b.unused_since is not null)
       ${keptFor === undefined ? SHARED : OWN}`,
      [...row, JSON.stringify(warnings), now, ...own],
    );
  }

  async forget(applicationUid: string): Promise<void> {
    await this.transactions.query(`delete from application_renders where application = $1`, [applicationUid]);
  }

  /** The bundle's text. Throws as readZipped does. */
  async read(digest: string): Promise<string | undefined> {
    const zipped = await this.readZipped(digest);
    return zipped && (await unzip(zipped)).toString('utf8');
  }

  /**
   * The bundle's text, gzipped; undefined where it takes more than `most` bytes in the table. Throws SEAL_BROKEN or
   * SEAL_UNKNOWN_KEY where a sensitive one does not open.
   */
  async readZipped(digest: string, most = LARGEST): Promise<Buffer | undefined> {
    const kept = this.kept.get(digest) ?? (await this.fetch(digest, most));
    if (kept === undefined || kept.content.length > most) return undefined;
    if (!kept.sensitive) return kept.content;
    return Buffer.from(this.sealer.unseal(kept.content.toString('latin1'), contextOf(digest)), 'base64');
  }

  /** Notes now and then that it was wanted; and what a dry run rendered becomes the Application's that came of it. */
  private async isStillThere(inputKey: string, row: RenderRow, owner: string): Promise<boolean> {
    const now = this.clock.now();
    const isNoted = now.getTime() - row.used_at.getTime() < NOTED_EVERY_MS;
    if (isNoted && (row.application ?? owner) === owner) return true;
    const noted =
      row.application === null
        ? await this.transactions.query(`update renders set used_at = $2 where input_key = $1 returning 1`, [
            inputKey,
            now,
          ])
        : await this.transactions.query(
            `update application_renders set used_at = $2, application = $4
             where input_key = $1 and application = $3 returning 1`,
            [inputKey, now, row.application, owner],
          );
    return noted.length > 0;
  }

  private async fetch(digest: string, most: number): Promise<Kept | undefined> {
    const [row] = await this.transactions.query<Kept>(
      `select content, sensitive from bundles where digest = $1 and octet_length(content) <= $2`,
      [digest, most],
    );
    if (row) this.kept.set(digest, row);
    return row;
  }

  private seal(zipped: Buffer, digest: string): Buffer {
    return Buffer.from(this.sealer.seal(zipped.toString('base64'), contextOf(digest)), 'latin1');
  }
}

function contextOf(digest: string): string {
  return `bundle ${digest}`;
}
