import { describe, expect, it } from 'vitest';
import { canonicalQuantity } from '../../src/kubernetes/quantity.js';

describe('the stored spelling of a quantity', () => {
  it.each([
    ['1000m', '1'],
    ['0.5', '500m'],
    ['1.5', '1500m'],
    [2, '2'],
    [0.1, '100m'],
    ['1024Mi', '1Gi'],
    ['1.5Gi', '1536Mi'],
    ['128974848', '128974848'],
    ['129M', '129M'],
    ['1000Ki', '1000Ki'],
    ['0.5Ki', '512'],
    ['1000k', '1M'],
    ['0', '0'],
    ['-0', '0'],
    ['-1000m', '-1'],
    ['1e3', '1e3'],
    ['12E6', '12e6'],
    ['.5', '500m'],
    ['0.1n', '1n'],
  ])('of %s is %s', (given, stored) => {
    expect(canonicalQuantity(given)).toBe(stored);
  });

  it.each(['', 'abc', '1 Gi', '1KiB', '.', `1${'0'.repeat(100)}`])('leaves %j, which is none, alone', (text) => {
    expect(canonicalQuantity(text)).toBe(text);
  });
});
