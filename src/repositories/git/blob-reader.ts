import { fail, ok, type Result } from '../../kernel/result.js';
import type { TreeEntry } from '../domain/git-tree.js';
import { readFailure, type ReadFailure } from '../domain/read-failure.js';
import { BoundedCache } from './bounded-cache.js';

const CACHE_BYTES = 32 << 20;
/** One git process reads at most about this much, so that a big tree is never in memory twice. */
const BATCH_BYTES = 16 << 20;
const HEADER_BYTES = 128;

/** Runs git on one repository, and answers what it printed. */
export interface GitReads {
  read(
    args: readonly string[],
    options: { input: string; maxOutputBytes: number },
  ): Promise<Result<Buffer, ReadFailure>>;
}

type Blobs = ReadonlyMap<string, Buffer>;

interface Gathering {
  entries: Map<string, TreeEntry>;
  outcome: Promise<Result<Blobs, ReadFailure>>;
}

/** Contents by blob id: one git process for all that is asked in one turn of the loop, none for what was read lately. */
export class BlobReader {
  private readonly cache = new BoundedCache<Buffer>(CACHE_BYTES, (blob) => blob.length + HEADER_BYTES);
  private readonly gathering = new Map<GitReads, Gathering>();

  /** In the order asked. The caller has checked the sizes, which the tree tells. */
  async read(repository: GitReads, entries: readonly TreeEntry[]): Promise<Result<Buffer[], ReadFailure>> {
    const found = new Map<string, Buffer>();
    const wanted: TreeEntry[] = [];
    for (const entry of entries) {
      const cached = this.cache.get(entry.sha);
      if (cached === undefined) wanted.push(entry);
      else found.set(entry.sha, cached);
    }
    const blobs = wanted.length === 0 ? ok<Blobs>(new Map()) : await this.join(repository, wanted);
    if (!blobs.ok) return blobs;
    return ok(entries.map(({ sha }) => found.get(sha) ?? blobs.value.get(sha) ?? Buffer.alloc(0)));
  }

  private join(repository: GitReads, wanted: readonly TreeEntry[]): Promise<Result<Blobs, ReadFailure>> {
    const gathering = this.gathering.get(repository) ?? this.gather(repository);
    for (const entry of wanted) gathering.entries.set(entry.sha, entry);
    return gathering.outcome;
  }

  private gather(repository: GitReads): Gathering {
    const entries = new Map<string, TreeEntry>();
    const outcome = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      this.gathering.delete(repository);
      return this.fetch(repository, [...entries.values()]);
    });
    const gathering = { entries, outcome };
    this.gathering.set(repository, gathering);
    return gathering;
  }

  private async fetch(repository: GitReads, entries: readonly TreeEntry[]): Promise<Result<Blobs, ReadFailure>> {
    const found = new Map<string, Buffer>();
    for (const batch of batches(entries)) {
      const blobs = await readBatch(repository, batch);
      if (!blobs.ok) return blobs;
      blobs.value.forEach((blob, index) => {
        const sha = batch[index]?.sha ?? '';
        found.set(sha, blob);
        this.cache.set(sha, blob);
      });
    }
    return ok(found);
  }
}

function batches(entries: readonly TreeEntry[]): TreeEntry[][] {
  const result: TreeEntry[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    if (bytes + entry.size > BATCH_BYTES) {
      result.push([]);
      bytes = 0;
    }
    result.at(-1)?.push(entry);
    bytes += entry.size + HEADER_BYTES;
  }
  return result;
}

async function readBatch(repository: GitReads, entries: readonly TreeEntry[]): Promise<Result<Buffer[], ReadFailure>> {
  const bytes = entries.reduce((sum, entry) => sum + entry.size + HEADER_BYTES, 0);
  const output = await repository.read(['cat-file', '--batch'], {
    input: entries.map((entry) => `${entry.sha}\n`).join(''),
    maxOutputBytes: bytes,
  });
  if (!output.ok) return output;
  const blobs = splitBatch(output.value, entries);
  return blobs === undefined
    ? fail(readFailure('GIT_CORRUPT', 'the repository lacks a file of the commit'))
    : ok(blobs);
}

/** `<sha> blob <size>\n<content>\n` for each; anything else means that an object is missing or damaged. */
function splitBatch(output: Buffer, entries: readonly TreeEntry[]): Buffer[] | undefined {
  const blobs: Buffer[] = [];
  let at = 0;
  for (const entry of entries) {
    const header = `${entry.sha} blob ${entry.size}\n`;
    if (output.toString('latin1', at, at + header.length) !== header) return undefined;
    at += header.length;
    blobs.push(Buffer.from(output.subarray(at, at + entry.size)));
    at += entry.size + 1;
  }
  return blobs;
}
