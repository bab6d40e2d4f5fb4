import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { Transactions } from '../database/transactions.js';
import type { ObjectId } from '../kernel/object.js';
import { Sealer } from '../kernel/seal.js';
import { BoundedCache } from '../repositories/git/bounded-cache.js';
import { BundleStore, type BundleSummary } from './bundle-store.js';

const zip = promisify(gzip);
const unzip = promisify(gunzip);

const CACHE_BYTES = 32 << 20;
/** More than a column holds. */
const LARGEST = 2 ** 31 - 1;

interface BundleRow {
  digest: string;
  objects: ObjectId[];
  sensitive: boolean;
  warnings: string[];
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
  ) {
    super();
  }

  async findByInput(inputKey: string): Promise<BundleSummary | undefined> {
    const [row] = await this.transactions.query<BundleRow>(
      `select b.digest, b.objects, b.sensitive, r.warnings
       from renders r join bundles b on b.digest = r.bundle_digest where r.input_key = $1`,
      [inputKey],
    );
    if (!row) return undefined;
    const { digest, objects, sensitive, warnings } = row;
    return { digest, objects, sensitive, warnings };
  }

  /** One statement: a render never names a bundle that is not there, and whoever comes second changes nothing. */
  async save(inputKey: string, bundle: BundleSummary, text: string): Promise<void> {
    const { digest, objects, sensitive, warnings } = bundle;
    const zipped = await zip(text);
    const content = sensitive ? this.seal(zipped, digest) : zipped;
    await this.transactions.query(
      `with bundle as (
         insert into bundles (digest, content, sensitive, object_count, objects)
         values ($1, $2, $3, $4, $5) on conflict (digest) do nothing)
       insert into renders (input_key, bundle_digest, warnings) values ($6, $1, $7) on conflict (input_key) do nothing`,
      [digest, content, sensitive, objects.length, JSON.stringify(objects), inputKey, JSON.stringify(warnings)],
    );
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
