import { RandomIds } from '../../src/kernel/ids.js';
import { Sealer } from '../../src/kernel/seal.js';

/** A Sealer with a key of the spec's own. */
export function testSealer(fill = 7): Sealer {
  return new Sealer([{ id: `key-${fill}`, key: new Uint8Array(32).fill(fill) }], new RandomIds());
}
