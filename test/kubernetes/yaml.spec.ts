import { describe, expect, it } from 'vitest';
import { FleetError } from '../../src/kernel/errors.js';
import { parseYaml, parseYamlDocuments, toYaml } from '../../src/kubernetes/yaml.js';

function refusal(read: () => unknown): FleetError {
  try {
    read();
  } catch (error) {
    if (error instanceof FleetError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('scalars are read as kubectl reads them', () => {
  it.each([
    ['yes', true],
    ['on', true],
    ['y', true],
    ['No', false],
    ['0644', 420],
    ['0o644', 420],
    ['0b101', 5],
    ['0xFF', 255],
    ['0XFF', 255],
    ['-0x10', -16],
    ['1_000', 1000],
    ['08', 8],
    ['1e3', 1000],
    ['.5', 0.5],
    ['1.', 1],
    ['1e999', '1e999'],
    ['2001-01-01', '2001-01-01'],
    ['22:22', '22:22'],
    ['1.20', 1.2],
    ['~', null],
    ['', null],
    ['"yes"', 'yes'],
    ['!vault x', 'x'],
    ['!!binary aGk=', 'hi'],
    ['!!str 12', '12'],
  ])('%s', (text, value) => {
    expect(parseYaml(`a: ${text}\n`)).toEqual({ a: value });
  });

  it('refuses numbers that JSON cannot hold', () => {
    expect(refusal(() => parseYaml('a: .inf')).code).toBe('YAML_SYNTAX');
  });

  it('makes keys text', () => {
    expect(parseYaml('1: a\ntrue: b\n1.5: c\n')).toEqual({ '1': 'a', true: 'b', '1.5': 'c' });
    expect(refusal(() => parseYaml('~: a')).code).toBe('YAML_SYNTAX');
  });

  it('reads JSON', () => {
    expect(parseYaml('{"a": [1, 2.5, true, null, "x\\ty"]}')).toEqual({ a: [1, 2.5, true, null, 'x\ty'] });
  });
});

describe('documents', () => {
  it('skips empty documents', () => {
    expect(parseYamlDocuments('---\n---\na: 1\n---\n# only a comment\n---\nb: 2\n')).toEqual([{ a: 1 }, { b: 2 }]);
    expect(parseYamlDocuments('')).toEqual([]);
  });

  it('takes the first document where one is asked for, null where there is none', () => {
    expect(parseYaml('a: 1\n---\nb: 2\n')).toEqual({ a: 1 });
    expect(parseYaml('')).toBeNull();
  });

  it('merges << and copies aliases, so that branches are independent', () => {
    const document = parseYaml('p: &x {m: {deep: 1}}\nq: *x\nr: {<<: *x, own: 2}\n') as Record<string, { m: object }>;
    expect(document).toEqual({ p: { m: { deep: 1 } }, q: { m: { deep: 1 } }, r: { m: { deep: 1 }, own: 2 } });
    expect(document['p']?.m).not.toBe(document['q']?.m);
    expect(document['p']?.m).not.toBe(document['r']?.m);
  });
});

describe('what is refused', () => {
  it('names line and column of a syntax error', () => {
    const error = refusal(() => parseYaml('a: 1\nb: [1, 2\nc: 3\n'));
    expect(error).toMatchObject({ kind: 'malformed', code: 'YAML_SYNTAX' });
    expect(error.details.faults?.[0]?.path).toMatch(/^line 3, column \d+$/);
  });

  it('refuses duplicate keys unless told that the last one wins', () => {
    expect(refusal(() => parseYaml('a: 1\na: 2\n')).code).toBe('YAML_SYNTAX');
    expect(parseYaml('a: 1\na: 2\n', { duplicateKeys: 'last-wins' })).toEqual({ a: 2 });
  });

  it('refuses an alias bomb of values before it is expanded', () => {
    const levels = ['a0: &a0 [x,x,x,x,x,x,x,x,x]'];
    for (let level = 1; level < 40; level++) {
      const alias = `*a${level - 1}`;
      levels.push(`a${level}: &a${level} [${Array(9).fill(alias).join(',')}]`);
    }
    expect(refusal(() => parseYaml(levels.join('\n'))).code).toBe('YAML_ALIAS_BOMB');
  });

  it('refuses an alias bomb of text', () => {
    const text = `a: &a "${'x'.repeat(100_000)}"\nb: [${Array(1000).fill('*a').join(',')}]`;
    expect(refusal(() => parseYaml(text)).code).toBe('YAML_ALIAS_BOMB');
  });

  it('refuses an alias that contains itself', () => {
    expect(refusal(() => parseYaml('a: &a {b: *a}')).code).toBe('YAML_ALIAS_BOMB');
  });

  it('refuses nesting that is too deep, written out or through aliases', () => {
    expect(refusal(() => parseYaml('['.repeat(200) + ']'.repeat(200))).code).toBe('YAML_TOO_DEEP');
    const levels = ['a0: &a0 []'];
    for (let level = 1; level < 200; level++) levels.push(`a${level}: &a${level} [*a${level - 1}]`);
    expect(refusal(() => parseYaml(levels.join('\n'))).code).toBe('YAML_TOO_DEEP');
  });

  it('refuses too many values and too long a text', () => {
    expect(refusal(() => parseYaml('[1,2,3,4]', { maxNodes: 4 })).code).toBe('YAML_TOO_LARGE');
    expect(refusal(() => parseYaml('a: hello', { maxBytes: 4 }))).toMatchObject({ kind: 'too-large' });
  });

  it('keeps keys named like prototype members as plain data', () => {
    const document = parseYaml('__proto__: {polluted: yes}\nconstructor: x\n') as Record<string, unknown>;
    expect(Object.keys(document)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(document)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    const copied = parseYaml('a: &a {__proto__: {x: 1}}\nb: *a\n') as Record<string, object>;
    expect(Object.keys(copied['b'] ?? {})).toEqual(['__proto__']);
  });
});

describe('written YAML', () => {
  it('comes back as the same value', () => {
    const value = { a: 'yes', b: '0644', c: '1e3', d: [{ e: 'x\ny\n', f: null }], g: '', h: '2001-01-01', i: 1e21 };
    expect(parseYaml(toYaml(value))).toEqual(value);
  });
});
