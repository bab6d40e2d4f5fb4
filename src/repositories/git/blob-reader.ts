import { fail, ok, type Result } from '../../kernel/result.js';
import type { TreeEntry } from '../domain/git-tree.js';
import { readFailure, type ReadFailure } from '../domain/read-failure.js';
import { BoundedCache } from './bounded-cache.js';
import type { Mirror } from './mirror.js';

const CACHE_BYTES = 32 << 20;
/** One git process reads at most about this much, so that a big tree is never in memory twice. */
const BATCH_BYTES = 16 << 20;
const HEADER_BYTES = 128;

/** Contents by blob id: one git process for many blobs, none for those read lately. */
export class BlobReader {
  private readonly cache = new BoundedCache<Buffer>(CACHE_BYTES, (blob) => blob.length + HEADER_BYTES);

  /** In the order asked. The caller has checked the sizes, which the tree tells. */
  async read(mirror: Mirror, entries: readonly TreeEntry[]): Promise<Result<Buffer[], ReadFailure>> {
    const found = new Map<string, Buffer>();
    const wanted = new Map<string, TreeEntry>();
    for (const entry of entries) {
      const cached = this.cache.get(entry.sha);
      if (cached === undefined) wanted.set(entry.sha, entry);
      else found.set(entry.sha, cached);
    }
    for (const batch of batches([...wanted.values()])) {
      const blobs = await readBatch(mirror, batch);
      if (!blobs.ok) return blobs;
      blobs.value.forEach((blob, index) => {
        const sha = batch[index]?.sha ?? '';
        found.set(sha, blob);
        this.cache.set(sha, blob);
      });
    }
    return ok(entries.map((entry) => found.get(entry.sha) ?? Buffer.alloc(0)));
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

async function readBatch(mirror: Mirror, entries: readonly TreeEntry[]): Promise<Result<Buffer[], ReadFailure>> {
  const bytes = entries.reduce((sum, entry) => sum + entry.size + HEADER_BYTES, 0);
  const output = await mirror.read(['cat-file', '--batch'], {
    input: entries.map((entry) => `${entry.sha}\n`).join(''),
    maxOutputBytes: bytes,
  });
  if (!output.ok) return output;
  const blobs = splitBatch(output.value, entries);
  return blobs === undefined
    ? fail(readFailure('GIT_CORRUPT', 'the local mirror lacks a file of the commit'))
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
