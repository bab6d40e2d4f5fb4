import { describe, expect, it } from 'vitest';
import { manifestStream, parseJsonManifest } from '../../src/kubernetes/manifest-stream.js';

const MOST = 1 << 20;
const read = (text: string): unknown[] => [...manifestStream(text, MOST)];
const codeOf = (run: () => unknown): string | undefined => {
  try {
    run();
  } catch (error) {
    return (error as { code?: string }).code;
  }
  return undefined;
};

// What k8s.io/apimachinery's YAMLOrJSONDecoder (0.34, sigs.k8s.io/yaml 1.6) gives for the same texts.
describe('a stream of manifests', () => {
  it.each([
    ['parts between lines of dashes, comments behind them', 'a: 1\n--- # two\na: 2\n---   \na: 3', [1, 2, 3]],
    ['line ends of Windows', 'a: 1\r\n---\r\na: 2\r\n', [1, 2]],
    ['nothing of empty parts and comments', '---\n# none\n---\n---\nnull\n---\na: 1\n', [1]],
    ['nothing behind the end of a document in a part', 'a: 1\n...\na: 2\n---\na: 3\n', [1, 3]],
    ['JSON values in a row', '{"a":1}{"a":2}\n {"a":3}\n', [1, 2, 3]],
    ['one JSON value, then YAML', '{"a":1}\n---\na: 2\n', [1, 2]],
    ['flow style that is no JSON', '{a: 1}\n---\n{"a": 2}\n', [1, 2]],
    ['JSON with tabs', '{\n\t"a": 1\n}\n', [1]],
    ['dashes within a block', 'a: |\n  ---\n  x\n', ['---\nx\n']],
    ['a last line that does not end', 'a: |\n  x', ['x\n']],
    ['the last of a key given twice', 'a: 1\na: 2\n', [2]],
  ])('holds %s', (_name, text, values) => {
    expect(read(text)).toEqual(values.map((a) => ({ a })));
  });

  it.each([
    ['text behind the dashes', 'a: 1\n--- {b: 1}\n'],
    ['more than three dashes', '-----BEGIN\n'],
    ['JSON values with something else behind', '{"a":1}{"a":2}\n---\na: 3\n'],
    ['a number that JSON cannot hold', 'a: .inf\n'],
    ['a JSON number that is too large', '{"a":1e400}'],
    ['null as a key', 'null: 1\n'],
  ])('is refused with %s', (_name, text) => {
    expect(codeOf(() => read(text))).toBe('YAML_SYNTAX');
  });

  it('keeps whole numbers of 64 bits exact, and what is larger as doubles', () => {
    const numbers = '[9007199254740993, -9223372036854775808, 18446744073709551615, 0x7fffffffffffffff, 1.0, 1e3]';
    const exact = [9007199254740993n, -9223372036854775808n, 18446744073709552000, 9223372036854775807n, 1, 1000];
    expect(read(`a: ${numbers}\n`)).toEqual([{ a: exact }]);
    expect(read('{"a": 9007199254740993, "b": "9007199254740993"}')).toEqual([
      { a: 9007199254740993n, b: '9007199254740993' },
    ]);
  });

  it('is bounded in depth, documents and size', () => {
    const deep = `${'{"a":'.repeat(200)}1${'}'.repeat(200)}`;
    expect(codeOf(() => read(deep))).toBe('YAML_TOO_DEEP');
    expect(codeOf(() => read('{}'.repeat(100_001)))).toBe('YAML_TOO_LARGE');
    expect(codeOf(() => [...manifestStream(`a: ${'x'.repeat(100)}`, 10)])).toBe('YAML_TOO_LARGE');
  });

  it('gives what comes before a fault', () => {
    const stream = manifestStream('a: 1\n---\n- b: [\n', MOST);
    expect(stream.next().value).toEqual({ a: 1 });
    expect(() => stream.next()).toThrow();
  });
});

describe('a JSON file', () => {
  it('holds one object, of a key given twice the last', () => {
    expect(parseJsonManifest('\n{"a": 1, "a": 9007199254740993}\n', MOST)).toEqual({ a: 9007199254740993n });
  });

  it.each(['', '[{"a":1}]', 'null', '{"a":1} {"a":2}', '{a: 1}', '{"a":1,}'])('is refused: %s', (text) => {
    expect(codeOf(() => parseJsonManifest(text, MOST))).toBe('YAML_SYNTAX');
  });
});
