import { describe, expect, it } from 'vitest';
import { formatGoValue } from '../../src/expansion/go-format.js';
import { normalizeName } from '../../src/expansion/normalize-name.js';

describe('the …Normalized parameters', () => {
  it.each([
    ['Prod_EU.1', 'prod-eu.1'],
    ['arn:aws:eks:eu-west-1:1:cluster/blue', 'arn-aws-eks-eu-west-1-1-cluster-blue'],
    ['-lead-and-trail-', 'lead-and-trail'],
    ['zürich', 'z-rich'],
    ['a😀b', 'a-b'],
    ['a'.repeat(252) + '-b', 'a'.repeat(252)],
    ['...', ''],
  ])('%s becomes %s', (name, expected) => {
    expect(normalizeName(name)).toBe(expected);
  });
});

describe("text of values that are not text, as Go's %v", () => {
  it.each([
    [null, '<nil>'],
    [1000000, '1e+06'],
    [123456, '123456'],
    [1234567.5, '1.2345675e+06'],
    [12345678901, '1.2345678901e+10'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [1e21, '1e+21'],
    [-2.5, '-2.5'],
    [true, 'true'],
    [['a', 1, null], '[a 1 <nil>]'],
    [{ b: 1, a: { c: [] } }, 'map[a:map[c:[]] b:1]'],
  ])('%j is %s', (value, expected) => {
    expect(formatGoValue(value)).toBe(expected);
  });
});
