import { gunzipSync } from 'node:zlib';
import { digestBytes } from '../../kernel/digest.js';
import type { WatchEvent } from '../protocol/delivery.js';

/** Characters of one text, and of all that wait; the oldest are let go, since everything can be downloaded. */
const LARGEST = 256 * 1024;
const MOST = 4 * 1024 * 1024;

/** Contents that came along with deliveries, by digest, until they are asked for. */
export class ContentsAtHand {
  private readonly texts = new Map<string, string>();
  private size = 0;

  put({ delivery, settings, bundle }: Extract<WatchEvent, { type: 'delivery' }>): void {
    if (settings !== undefined) this.keep(delivery.settingsDigest, settings);
    if (bundle !== undefined) this.keep(delivery.bundleDigest, unpacked(bundle));
  }

  take(digest: string): string | undefined {
    const text = this.texts.get(digest);
    this.drop(digest);
    return text;
  }

  /** What is not what the delivery names is not kept: the download says so. */
  private keep(digest: string | null, text: string | undefined): void {
    if (digest === null || text === undefined || text.length > LARGEST || digestBytes(text) !== digest) return;
    this.drop(digest);
    this.texts.set(digest, text);
    this.size += text.length;
    for (const oldest of this.texts.keys()) {
      if (this.size <= MOST) return;
      this.drop(oldest);
    }
  }

  private drop(digest: string): void {
    this.size -= this.texts.get(digest)?.length ?? 0;
    this.texts.delete(digest);
  }
}

function unpacked(bundle: string): string | undefined {
  try {
    return gunzipSync(Buffer.from(bundle, 'base64'), { maxOutputLength: LARGEST }).toString('utf8');
  } catch {
    return undefined;
  }
}
