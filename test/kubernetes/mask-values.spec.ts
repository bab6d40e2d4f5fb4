import { describe, expect, it } from 'vitest';
import { maskValues, withoutSecretValues } from '../../src/kubernetes/mask-values.js';

const MASK = '++++++++';
const masked = (complaint: string, document: unknown, more: object = {}) =>
  maskValues(complaint, { documents: [document], named: [], spared: [], ...more });

describe('a complaint', () => {
  it('loses secrets wherever they stand, and in the forms they take', () => {
    const values = { db: { password: 'hunter2', pin: 9876, nested: { tokens: ['abc', { deep: 'def' }] } } };
    expect(masked('dsn=u:hunter2@h pin 9876 xabcx "def"', values)).toBe(
      `dsn=u:${MASK}@h pin ${MASK} x${MASK}x "${MASK}"`,
    );
    const base64 = Buffer.from('hunter2').toString('base64');
    expect(masked(`data: ${base64}`, values)).toBe(`data: ${MASK}`);
    const key = 'line one of it\nline "two" of it\n';
    expect(masked(`a "line one of it\\nline \\"two\\" of it\\n" b`, { key })).not.toMatch(/line/);
    expect(masked('only line one of it here', { key })).toBe(`only ${MASK} here`);
  });

  it('loses other values where they stand as a word, not in paths and names', () => {
    const values = { image: 'nginx', color: 'blue', short: 'a' };
    expect(masked('web/templates/nginx.yaml:3: nginx-1: bad color "blue", a', values)).toBe(
      `web/templates/nginx.yaml:3: nginx-1: bad color "${MASK}", a`,
    );
    expect(masked('it is nginx.', values)).toBe(`it is ${MASK}.`);
  });

  it('keeps the words it needs, and loses what Go shows of a value of the wrong type', () => {
    expect(masked('release web in shop', { name: 'shop' }, { spared: ['shop'] })).toBe('release web in shop');
    expect(masked('cannot unmarshal !!str `correct...` into int', {})).toBe(
      `cannot unmarshal !!str \`${MASK}\` into int`,
    );
  });

  it('of a cluster about a Secret holds none of its values, and about another object all', () => {
    const data = { password: Buffer.from('correct-horse').toString('base64') };
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data, stringData: { pin: 'battery' } };
    const complaint = `cannot take ${data.password}: correct-horse, battery`;
    expect(withoutSecretValues(complaint, secret)).toBe(`cannot take ${MASK}: ${MASK}, ${MASK}`);
    expect(withoutSecretValues(complaint, { ...secret, kind: 'ConfigMap' })).toBe(complaint);
  });
});
