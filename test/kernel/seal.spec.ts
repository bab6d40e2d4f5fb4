import { describe, expect, it } from 'vitest';
import { RandomIds } from '../../src/kernel/ids.js';
import { isSealed, Sealer, type SealKey } from '../../src/kernel/seal.js';

const keyOf = (id: string, byte: number): SealKey => ({ id, key: new Uint8Array(32).fill(byte) });
const sealer = new Sealer([keyOf('2026', 1)], new RandomIds());

describe('sealing', () => {
  it('gives back what was sealed, and never the same text twice', () => {
    const sealed = sealer.seal('pässword', 'bundle/a');
    expect(isSealed(sealed)).toBe(true);
    expect(sealed).not.toContain('pässword');
    expect(sealer.unseal(sealed, 'bundle/a')).toBe('pässword');
    expect(sealer.seal('pässword', 'bundle/a')).not.toBe(sealed);
    expect(sealer.unseal(sealer.seal('', 'x'), 'x')).toBe('');
  });

  it('opens texts of an older key after the keys were changed', () => {
    const old = sealer.seal('secret', 'c');
    const next = new Sealer([keyOf('2027', 2), keyOf('2026', 1)], new RandomIds());
    expect(next.unseal(old, 'c')).toBe('secret');
    expect(next.seal('secret', 'c').split('.')[2]).toBe('2027');
  });

  it('says which key is missing', () => {
    const other = new Sealer([keyOf('2027', 2)], new RandomIds());
    expect(() => other.unseal(sealer.seal('secret', 'c'), 'c')).toThrow(
      expect.objectContaining({ code: 'SEAL_UNKNOWN_KEY' }),
    );
  });

  it('does not open a text that was changed, cut, renamed to another key or moved to another place', () => {
    const sealed = sealer.seal('secret', 'c');
    const twin = new Sealer([keyOf('2026', 1), keyOf('twin', 1)], new RandomIds());
    const parts = sealed.split('.');
    const body = Buffer.from(parts[4] ?? '', 'base64url');
    for (const index of [0, body.length - 1]) {
      const changed = Buffer.from(body);
      changed[index] = (changed[index] ?? 0) ^ 1;
      const text = [...parts.slice(0, 4), changed.toString('base64url')].join('.');
      expect(() => twin.unseal(text, 'c')).toThrow(expect.objectContaining({ code: 'SEAL_BROKEN' }));
    }
    const broken = [sealed.slice(0, -4), sealed.replace('.2026.', '.twin.'), 'plain', '', 'sealed.1.2026..'];
    for (const text of broken)
      expect(() => twin.unseal(text, 'c')).toThrow(expect.objectContaining({ code: 'SEAL_BROKEN' }));
    expect(() => twin.unseal(sealed, 'elsewhere')).toThrow(expect.objectContaining({ code: 'SEAL_BROKEN' }));
  });

  it('takes no key of another length', () => {
    expect(() => new Sealer([{ id: 'a', key: new Uint8Array(16) }], new RandomIds())).toThrow(/32/);
  });
});
