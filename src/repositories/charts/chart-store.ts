import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestBytes, digestJson } from '../../kernel/digest.js';
import { isObject } from '../../kernel/json.js';

export interface ChartStoreOptions {
  /** May be shared by processes. */
  directory: string;
  /** Of archives; those that were used last are kept. */
  maxBytes?: number;
}

/** What a version was when it was downloaded last. */
export interface DownloadedChart {
  /** Of the archive. */
  digest: string;
  /** Equal as long as the repository says the same of the version. */
  fingerprint: string;
}

export interface StoredIndex {
  text: Buffer;
  /** Of the text. */
  digest: string;
  /** For asking whether it has changed. */
  etag?: string;
  lastModified?: string;
}

const MAX_BYTES = 1 << 30;
const MAX_NAMES = 20_000;
const SWEEP_EVERY = 32;

/**
 * Downloaded archives by digest, which digest a version had, and indexes as they were last read. Every file is written
 * whole and by rename, and read back only if it is what its name says.
 */
export class ChartStore {
  private writes = 0;
  private readonly ready: Promise<unknown>;

  constructor(private readonly options: ChartStoreOptions) {
    const folders = ['archives', 'names', 'indexes', 'new'];
    this.ready = Promise.all(folders.map((folder) => mkdir(join(options.directory, folder), { recursive: true })));
    this.ready.catch(() => undefined);
  }

  async holds(digest: string): Promise<boolean> {
    return (await stat(this.pathOf('archives', digest)).catch(() => undefined)) !== undefined;
  }

  /** The archive; one that the disk has damaged is removed, and downloaded anew. */
  async archive(digest: string): Promise<Buffer | undefined> {
    const path = this.pathOf('archives', digest);
    const bytes = await readOrNothing(path);
    if (bytes === undefined) return undefined;
    if (digestBytes(bytes) !== digest) {
      await rm(path, { force: true });
      return undefined;
    }
    const now = new Date();
    await utimes(path, now, now).catch(() => undefined);
    return bytes;
  }

  /** Keeps an archive, and that the version named so has it. Throws where the disk takes nothing. */
  async keep(name: unknown, archive: Buffer, fingerprint: string): Promise<string> {
    const digest = digestBytes(archive);
    await this.write(this.pathOf('archives', digest), archive);
    await this.note(name, { digest, fingerprint });
    this.writes += 1;
    if (this.writes % SWEEP_EVERY === 1) await this.sweep();
    return digest;
  }

  async note(name: unknown, downloaded: DownloadedChart): Promise<void> {
    await this.write(this.pathOf('names', digestJson(name)), Buffer.from(JSON.stringify(downloaded)));
  }

  async downloaded(name: unknown): Promise<DownloadedChart | undefined> {
    const found = jsonOf(await readOrNothing(this.pathOf('names', digestJson(name))));
    if (!isObject(found) || typeof found.digest !== 'string' || typeof found.fingerprint !== 'string') return undefined;
    return /^sha256:[0-9a-f]{64}$/.test(found.digest)
      ? { digest: found.digest, fingerprint: found.fingerprint }
      : undefined;
  }

  async index(url: string): Promise<StoredIndex | undefined> {
    const path = this.pathOf('indexes', digestBytes(url));
    const head = jsonOf(await readOrNothing(`${path}.json`));
    const text = await readOrNothing(path);
    if (text === undefined || !isObject(head) || typeof head.digest !== 'string') return undefined;
    if (head.digest !== digestBytes(text)) return undefined;
    const { etag, lastModified } = head;
    return {
      text,
      digest: head.digest,
      ...(typeof etag === 'string' ? { etag } : {}),
      ...(typeof lastModified === 'string' ? { lastModified } : {}),
    };
  }

  async keepIndex(url: string, { text, ...head }: StoredIndex): Promise<void> {
    const path = this.pathOf('indexes', digestBytes(url));
    await this.write(path, text);
    await this.write(`${path}.json`, Buffer.from(JSON.stringify(head)));
  }

  /** Removes what was not used for longest, past the budget. */
  async sweep(): Promise<void> {
    await this.ready;
    const { directory, maxBytes = MAX_BYTES } = this.options;
    await sweepFolder(join(directory, 'archives'), { maxBytes, maxFiles: MAX_NAMES });
    await sweepFolder(join(directory, 'names'), { maxBytes, maxFiles: MAX_NAMES });
    await sweepFolder(join(directory, 'indexes'), { maxBytes, maxFiles: MAX_NAMES });
  }

  private async write(path: string, bytes: Buffer): Promise<void> {
    await this.ready;
    const folder = await mkdtemp(join(this.options.directory, 'new', 'f-'));
    try {
      await writeFile(join(folder, 'file'), bytes);
      await rename(join(folder, 'file'), path);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  private pathOf(folder: string, digest: string): string {
    return join(this.options.directory, folder, digest.slice('sha256:'.length));
  }
}

async function sweepFolder(folder: string, { maxBytes, maxFiles }: { maxBytes: number; maxFiles: number }) {
  const names = await readdir(folder);
  const files = await Promise.all(
    names.map(async (name) => ({
      path: join(folder, name),
      found: await stat(join(folder, name)).catch(() => undefined),
    })),
  );
  const newestFirst = files.sort((left, right) => (right.found?.mtimeMs ?? 0) - (left.found?.mtimeMs ?? 0));
  let bytes = 0;
  for (const [index, { path, found }] of newestFirst.entries()) {
    bytes += found?.size ?? 0;
    if (index > 0 && (bytes > maxBytes || index >= maxFiles)) await rm(path, { force: true });
  }
}

async function readOrNothing(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch {
    return undefined;
  }
}

function jsonOf(bytes: Buffer | undefined): unknown {
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
