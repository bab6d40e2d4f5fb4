import { trimEdges, trimSpace } from './go-text.js';
import { toAscii } from './to-ascii.js';

export interface SlugOptions {
  longest: number;
  /** Cut at the last dash that keeps the slug short enough, rather than inside a word. */
  isTruncatedAtDash: boolean;
}

/** Characters that the slug library spells out before anything else. */
const SPELLED: Readonly<Record<string, string>> = {
  '&': 'and',
  '@': 'at',
  '"': '',
  "'": '',
  '\u2019': '',
  '\u2012': '-',
  '\u2013': '-',
  '\u2014': '-',
  '\u2015': '-',
};

/** A name for URLs and DNS as the Go library gosimple/slug makes it: lower-case ASCII words joined by dashes. */
export function slugOf(text: string, { longest, isTruncatedAtDash }: SlugOptions): string {
  const spelled = [...trimSpace(text)].map((character) => SPELLED[character] ?? character).join('');
  const ascii = toAscii(spelled).toLowerCase();
  const whole = isTruncatedAtDash ? ascii : ascii.slice(0, longest);
  const dashed = whole.replace(/[^a-z0-9\-_]/g, '-').replace(/-+/g, '-');
  const slug = trimEdges(dashed, (character) => character === '-' || character === '_');
  return isTruncatedAtDash ? cutAtDash(slug, longest) : slug;
}

function cutAtDash(slug: string, longest: number): string {
  if (slug.length <= longest) return slug;
  const dash = slug.lastIndexOf('-', longest);
  return slug.slice(0, dash < 0 ? longest : dash);
}
