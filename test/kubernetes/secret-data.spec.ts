import { describe, expect, it } from 'vitest';
import { secretData } from '../../src/kubernetes/secret-data.js';

const secret = (fields: object) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, ...fields });
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('the data of a Secret', () => {
  it('is decoded, and stringData wins', () => {
    const data = secretData(secret({ data: { a: base64('ä'), b: base64('old') }, stringData: { b: 'new' } }));
    expect(Object.fromEntries(data)).toEqual({ a: 'ä', b: 'new' });
  });

  it('may be wrapped, null or absent', () => {
    expect(secretData(secret({ data: { a: 'aGVs\nbG8=\n', b: null } }))).toEqual(
      new Map([
        ['a', 'hello'],
        ['b', ''],
      ]),
    );
    expect(secretData(secret({ data: null })).size).toBe(0);
    expect(secretData(secret({})).size).toBe(0);
  });

  it('is data whatever its keys are called', () => {
    const data = JSON.parse('{"__proto__": "eA==", "constructor": "eA=="}') as object;
    expect([...secretData(secret({ data })).keys()]).toEqual(['__proto__', 'constructor']);
  });

  it.each([
    ['data that is no base64', { data: { a: 'hunter2!' } }, 'data.a'],
    ['a number', { stringData: { a: 424242 } }, 'stringData.a'],
    ['a text instead of a map', { data: 'hunter2!' }, 'data'],
    ['a key that is none', { stringData: { 'hunter2! key': 'x' } }, 'stringData'],
  ])('is refused with %s, and not repeated', (_what, fields, path) => {
    const reading = () => secretData(secret(fields));
    expect(reading).toThrow(expect.objectContaining({ code: 'INVALID_DOCUMENT' }));
    try {
      reading();
    } catch (error) {
      const { message, details } = error as { message: string; details: { faults: object[] } };
      expect(details.faults).toEqual([expect.objectContaining({ path })]);
      expect(`${message} ${JSON.stringify(details)}`).not.toMatch(/hunter2|424242/);
    }
  });

  it('is bounded', () => {
    const large = secret({ stringData: { a: 'x'.repeat((1 << 20) + 1) } });
    expect(() => secretData(large)).toThrow(expect.objectContaining({ code: 'SECRET_TOO_LARGE' }));
  });
});
