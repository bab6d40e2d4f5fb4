import { describe, expect, it } from 'vitest';
import { compileGlob } from '../../src/kernel/glob.js';
import { parseGlob, parsePathPattern } from '../../src/kernel/glob-syntax.js';

const glob = (pattern: string, text: string, options = {}): boolean | 'malformed' => {
  const nodes = parseGlob(pattern, options);
  return nodes ? compileGlob(nodes)(text) : 'malformed';
};

const pathPattern = (pattern: string, text: string): boolean | 'malformed' => {
  const nodes = parsePathPattern(pattern);
  return nodes ? compileGlob(nodes)(text) : 'malformed';
};

describe('globs of projects and policies', () => {
  it.each([
    ['team-a', 'team-a', true],
    ['team-a', 'team-ab', false],
    ['', '', true],
    ['', 'x', false],
    ['*', 'a/b', true],
    ['a*', 'abc', true],
    ['*c', 'abc', true],
    ['a*c', 'abbc', true],
    ['a*c', 'abbd', false],
    ['a?c', 'abc', true],
    ['*ab*ab*', 'xabab', true],
    ['*ab*ab*', 'xabxb', false],
    ['*a?b*[c]', 'aaxbaybc', true],
    ['*?', '', false],
    ['**', '', true],
    ['*😀?', 'a😀b', true],
    ['a?c', 'ac', false],
    ['?', '😀', true],
    ['{a,b}c', 'bc', true],
    ['{a,b}c', 'cc', false],
    ['{a*,b}c', 'axxc', true],
    ['{a,{b,c}}d', 'cd', true],
    ['{a,}b', 'b', true],
    ['[a-c]x', 'bx', true],
    ['[a-c]x', 'dx', false],
    ['[!a-c]x', 'dx', true],
    ['[abc]', 'c', true],
    ['[!abc]', 'c', false],
    ['\\*', '*', true],
    ['\\*', 'x', false],
    ['a}b,c]', 'a}b,c]', true],
    ['prod', 'prod\n', false],
    ['*.example.com', 'a.example.com.evil', false],
  ])('%j against %j is %s', (pattern, text, expected) => {
    expect(glob(pattern, text)).toBe(expected);
  });

  it('takes an unclosed brace as closed at the end, as Argo CD does', () => {
    expect(glob('a{b,c', 'ac')).toBe(true);
  });

  it.each([
    '[',
    '[]',
    '[a',
    '[a-',
    '[z-a]',
    '[a-zA-Z]',
    '[!]',
    'a\0b',
    `${'{'.repeat(17)}`,
    'x'.repeat(1025),
    'a\ud83d*',
  ])('refuses the malformed pattern %j', (pattern) => {
    expect(glob(pattern, 'a')).toBe('malformed');
  });

  it('keeps * and ? inside a segment when asked to, and lets ** and brackets cross', () => {
    const segments = { segments: true };
    expect(glob('a/*', 'a/b', segments)).toBe(true);
    expect(glob('a/*', 'a/b/c', segments)).toBe(false);
    expect(glob('a?b', 'a/b', segments)).toBe(false);
    expect(glob('a/**', 'a/b/c', segments)).toBe(true);
    expect(glob('a[!x]b', 'a/b', segments)).toBe(true);
  });

  it('takes time proportional to the text on patterns made to blow up', () => {
    expect(glob(`${'*a'.repeat(60)}b`, 'a'.repeat(4000))).toBe(false);
    expect(glob(`${'{a,aa}'.repeat(60)}[b]`, 'a'.repeat(4000))).toBe(false);
    expect(glob(`${'{*a,a*}'.repeat(60)}[b]`, 'a'.repeat(4000))).toBe(false);
    expect(glob(`${'*?'.repeat(500)}[b]`, 'a'.repeat(4000))).toBe(false);
  });
});

describe('path patterns of kinds', () => {
  it.each([
    ['*', '', true],
    ['*', 'apps', true],
    ['*', 'a/b', false],
    ['*.k8s.io', 'rbac.authorization.k8s.io', true],
    ['Deploy*', 'Deployment', true],
    ['deploy*', 'Deployment', false],
    ['Config[a-z]ap', 'ConfigMap', false],
    ['Config[A-Z]ap', 'ConfigMap', true],
    ['[^a]b', 'cb', true],
    ['[^a]b', 'ab', false],
    ['[a-cx-z]', 'y', true],
    ['[\\]]', ']', true],
    ['{a,b}', 'a', false],
    ['{a,b}', '{a,b}', true],
    ['\\*', '*', true],
    ['?', '/', false],
  ])('%j against %j is %s', (pattern, text, expected) => {
    expect(pathPattern(pattern, text)).toBe(expected);
  });

  it.each(['[', '[]a]', '[-]', '[a', '[a-]', '[^]', 'a\\'])('refuses the malformed pattern %j', (pattern) => {
    expect(pathPattern(pattern, 'a')).toBe('malformed');
  });
});
