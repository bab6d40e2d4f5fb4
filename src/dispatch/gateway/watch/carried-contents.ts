import { Injectable } from '@nestjs/common';
import { BundleReader } from '../bundle-reader.js';
import type { WatchedDelivery } from '../deliveries/stored-delivery.js';

/** Bytes of one bundle, gzipped, and of all that come with deliveries at one time; what is larger is asked for. */
const SMALL_BUNDLE = 8_192;
const MOST_AT_ONCE = 1 << 20;

/** Small bundles come along with the deliveries that name them, which spares each agent a request for each. */
@Injectable()
export class CarriedContents {
  constructor(private readonly bundles: BundleReader) {}

  /** In base64, each with the first delivery that names it. */
  async bundlesOf(deliveries: readonly WatchedDelivery[]): Promise<Map<WatchedDelivery, string>> {
    const carried = new Map<WatchedDelivery, string>();
    const named = new Set<string>();
    let left = MOST_AT_ONCE;
    for (const delivery of deliveries) {
      const { bundleDigest, intent } = delivery;
      if (intent !== 'apply' || bundleDigest === null || named.has(bundleDigest) || left <= 0) continue;
      named.add(bundleDigest);
      const found = await this.bundles.read(bundleDigest, SMALL_BUNDLE);
      if (found === undefined) continue;
      const text = found.gzip.toString('base64');
      carried.set(delivery, text);
      left -= text.length;
    }
    return carried;
  }
}
