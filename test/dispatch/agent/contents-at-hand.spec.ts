import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ContentsAtHand } from '../../../src/dispatch/agent/contents-at-hand.js';
import { digestBytes } from '../../../src/kernel/digest.js';

describe('contents that come along with deliveries', () => {
  const contents = new ContentsAtHand();
  const come = (names: { settings?: string; bundle?: string }, brought = names): void => {
    const digestOf = (text: string | undefined): string | null => (text === undefined ? null : digestBytes(text));
    const delivery = {
      hubId: 'hub',
      epoch: '1',
      clusterUid: 'c',
      applicationUid: 'a',
      position: 1,
      intent: 'apply' as const,
      bundleDigest: digestOf(names.bundle),
      projectDigest: null,
      settingsDigest: digestOf(names.settings),
      heldPrunes: [],
      operation: null,
      signatures: [],
    };
    const { settings, bundle } = brought;
    const packed = bundle === undefined ? {} : { bundle: gzipSync(bundle).toString('base64') };
    contents.put({ type: 'delivery', delivery, ...(settings === undefined ? {} : { settings }), ...packed });
  };

  it('are there until they are taken', () => {
    come({ settings: 'mine', bundle: 'objects' });
    expect([contents.take(digestBytes('mine')), contents.take(digestBytes('objects'))]).toEqual(['mine', 'objects']);
    expect(contents.take(digestBytes('mine'))).toBeUndefined();
  });

  it('are not kept where they are not what the delivery names', () => {
    come({ settings: 'mine', bundle: 'objects' }, { settings: 'other', bundle: 'changed' });
    for (const text of ['mine', 'objects', 'other', 'changed'])
      expect(contents.take(digestBytes(text))).toBeUndefined();
  });

  it('are bounded: one that grows when unpacked, and how much waits in all', () => {
    come({ bundle: 'x'.repeat(1 << 20) });
    expect(contents.take(digestBytes('x'.repeat(1 << 20)))).toBeUndefined();
    const texts = Array.from({ length: 20 }, (_, index) => String(index).padEnd(250_000, '.'));
    for (const settings of texts) come({ settings });
    const kept = texts.filter((text) => contents.take(digestBytes(text)) !== undefined);
    expect(kept).toEqual(texts.slice(-16));
  });

  it('may be garbage', () => {
    const delivery = { settingsDigest: null, bundleDigest: digestBytes('x') } as never;
    expect(() => contents.put({ type: 'delivery', delivery, bundle: 'no gzip' })).not.toThrow();
  });
});
