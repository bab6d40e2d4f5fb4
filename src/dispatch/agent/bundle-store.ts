import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { FleetError, messageOf } from '../../kernel/errors.js';
import type { Ids } from '../../kernel/ids.js';
import { decodeBundle, type Bundle } from '../../rendering/domain/bundle.js';

/** Only what the agent relies on; everything else in an object is kept as it is. */
const bundleSchema = z.object({
  version: z.literal(1),
  objects: z
    .array(
      z.object({
        apiVersion: z.string().min(1),
        kind: z.string().min(1),
        metadata: z.object({
          name: z.string().min(1),
          namespace: z.string().nullish(),
          labels: z.record(z.string(), z.string()).nullish(),
          annotations: z.record(z.string(), z.string()).nullish(),
        }),
      }),
    )
    .max(50_000),
});
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Bundles by digest: on disk, where a lost file costs one download, and from the hub. Every read checks the digest. */
export class BundleStore {
  private readonly folder: string;
  /** Downloads under way: many Applications may wait for one bundle. */
  private readonly pending = new Map<string, Promise<Bundle>>();

  constructor(
    dataDir: string,
    private readonly ids: Ids,
    private readonly download: (digest: string) => Promise<string>,
  ) {
    this.folder = join(dataDir, 'bundles');
  }

  async get(digest: string): Promise<Bundle> {
    if (!DIGEST.test(digest)) throw new FleetError('invalid', 'BUNDLE_DIGEST', `"${digest}" is not a bundle digest`);
    const pending = this.pending.get(digest) ?? this.find(digest);
    this.pending.set(digest, pending);
    try {
      return await pending;
    } finally {
      this.pending.delete(digest);
    }
  }

  /** Deletes the files of bundles that are not in use. */
  async keepOnly(digests: ReadonlySet<string>): Promise<void> {
    const names = new Set([...digests].map(fileName));
    for (const file of await readdir(this.folder).catch(() => [])) {
      if (!names.has(file)) await rm(join(this.folder, file), { force: true });
    }
  }

  private async find(digest: string): Promise<Bundle> {
    return (await this.fromDisk(digest)) ?? (await this.fromHub(digest));
  }

  private async fromDisk(digest: string): Promise<Bundle | undefined> {
    try {
      return checked(await readFile(join(this.folder, fileName(digest)), 'utf8'), digest);
    } catch {
      // Absent, cut short or changed: the hub has it.
      return undefined;
    }
  }

  private async fromHub(digest: string): Promise<Bundle> {
    const text = await this.download(digest);
    const bundle = checked(text, digest);
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const file = join(this.folder, fileName(digest));
    const partial = `${file}.${this.ids.uuid()}`;
    await writeFile(partial, text, { mode: 0o600 });
    await rename(partial, file);
    return bundle;
  }
}

function checked(text: string, digest: string): Bundle {
  try {
    const bundle = decodeBundle(text, digest);
    bundleSchema.parse(bundle);
    return bundle;
  } catch (error) {
    throw new FleetError('unavailable', 'BUNDLE_CORRUPT', messageOf(error), {
      hint: 'Nothing was applied; the download is tried again.',
    });
  }
}

function fileName(digest: string): string {
  return `${digest.replace(':', '-')}.json`;
}
