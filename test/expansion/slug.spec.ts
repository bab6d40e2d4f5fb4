import { describe, expect, it } from 'vitest';
import { slugOf } from '../../src/expansion/slug.js';

const slug = (text: string): string => slugOf(text, { longest: 50, isTruncatedAtDash: true });

/** Each expectation was printed by gosimple/slug 1.15.0. */
describe('slugs of branch names (1.7)', () => {
  it.each([
    ['Ärger & Öl@home', 'arger-and-olathome'],
    ['привет мир щука объём ЁЖ', 'privet-mir-shchuka-ob-iom-iozh'],
    ['αβγδεζηθικλμνξοπρσςτυφχψω ΑΘήλιος', 'abgdezethiklmnxoprsstuphkhpso-athelios'],
    ['łódź ßtraße æøœ ÞÐ', 'lodz-sstrasse-aeooe-thd'],
    ['it’s “quoted” – dash', 'its-quoted-dash'],
    ['½ ﬁ €5', '1-2-fi-eu5'],
    ['feature/-Foo Bar', 'feature-foo-bar'],
    ['--x--y--', 'x-y'],
  ])('spells %s', (text, expected) => {
    expect(slug(text)).toBe(expected);
  });

  it('is cut at the last dash that keeps it short, and inside a word only where there is none', () => {
    const long = 'a-very-long-branch-name-that-goes-on-and-on-and-on-forever';
    expect(slug(long)).toBe('a-very-long-branch-name-that-goes-on-and-on-and-on');
    expect(slug('a'.repeat(68))).toBe('a'.repeat(50));
    expect(slugOf('one two-three', { longest: 8, isTruncatedAtDash: false })).toBe('one-two');
  });
});
