import { describe, expect, it } from 'vitest';
import { fieldRemoval, type IgnoredFields } from '../../../../src/applications/domain/ignore/ignored-fields.js';

const application = {
  kind: 'Application',
  metadata: { name: 'web', labels: { a: '1', 'b/c': '2' } },
  spec: {
    source: {
      targetRevision: 'main',
      helm: {
        parameters: [
          { name: 'image', value: 'v1' },
          { name: 'replicas', value: '2' },
          { name: 'image', value: 'v2' },
        ],
      },
    },
    sources: [{ repoURL: 'one' }, { repoURL: 'two', targetRevision: '2' }],
    syncPolicy: { automated: {} },
    info: null,
  },
};

function removed(fields: IgnoredFields, document: unknown = application): unknown {
  const removal = fieldRemoval(fields);
  if (!removal.ok) throw new Error(`${removal.error.path}: ${removal.error.message}`);
  return removal.value(document);
}
const jq = (expression: string, document?: unknown): unknown => removed({ jqPathExpressions: [expression] }, document);

/** The document with one part written anew. */
const spec = (change: object): unknown => ({ ...application, spec: { ...application.spec, ...change } });
const parameters = (...left: number[]): unknown =>
  spec({
    source: {
      ...application.spec.source,
      helm: { parameters: application.spec.source.helm.parameters.filter((_each, index) => left.includes(index)) },
    },
  });

describe('JSON pointers', () => {
  it.each([
    ['/spec/source/targetRevision', spec({ source: { helm: application.spec.source.helm } })],
    ['/spec/source/helm/parameters/1', parameters(0, 2)],
    ['/metadata/labels/b~1c', { ...application, metadata: { name: 'web', labels: { a: '1' } } }],
    ['/spec/sources/7', application],
    ['/spec/nowhere/at/all', application],
    ['spec/source', application],
    ['/__proto__/polluted', application],
  ])('%s', (pointer, expected) => {
    expect(removed({ jsonPointers: [pointer] })).toEqual(expected);
  });
});

describe('jq path expressions', () => {
  const { syncPolicy: _policy, ...withoutPolicy } = application.spec;

  it.each([
    ['.spec.syncPolicy', { ...application, spec: withoutPolicy }],
    ['.metadata.labels["b/c"]', { ...application, metadata: { name: 'web', labels: { a: '1' } } }],
    ['.metadata.labels."b/c"', { ...application, metadata: { name: 'web', labels: { a: '1' } } }],
    ['.spec.source.helm.parameters[] | select(.name == "image")', parameters(1)],
    ['.spec.source.helm.parameters[] | select(.name != "image")', parameters(0, 2)],
    ['.spec.source.helm.parameters[] | select(.name | startswith("im") | not)', parameters(0, 2)],
    ['.spec.source.helm.parameters[] | select(.name == "image" and .value == "v2")', parameters(0, 1)],
    ['.spec.source.helm.parameters[] | select(.value == "v1" or .value == "v2")', parameters(1)],
    ['.spec.source.helm.parameters[] | select(.name | test("^rep"))', parameters(0, 2)],
    ['.spec.source.helm.parameters[] | select(.name == ("image", "replicas"))', parameters()],
    ['.spec.source.helm.parameters[0, 2]', undefined],
    ['.spec.source.helm.parameters | .[0], .[-1]', parameters(1)],
    ['.spec.sources[].targetRevision', spec({ sources: [{ repoURL: 'one' }, { repoURL: 'two' }] })],
    ['.spec.sources[]?.targetRevision', spec({ sources: [{ repoURL: 'one' }, { repoURL: 'two' }] })],
    ['.spec.sources[] | select(has("targetRevision"))', spec({ sources: [{ repoURL: 'one' }] })],
    ['.. | select(type == "object" and has("repoURL")) | .repoURL', spec({ sources: [{}, { targetRevision: '2' }] })],
    ['.. | .targetRevision?', undefined],
    ['(.spec | .syncPolicy, .nothing)', { ...application, spec: withoutPolicy }],
    ['.spec.syncPolicy # a remark', { ...application, spec: withoutPolicy }],
  ] as const)('%s', (expression, expected) => {
    if (expected !== undefined) expect(jq(expression)).toEqual(expected);
    else if (expression.startsWith('..')) expect(JSON.stringify(jq(expression))).not.toContain('targetRevision');
    else expect(() => jq(expression)).toThrow(/jqPathExpressions\[0\]/);
  });

  it.each([
    ['of a member of a text', '.spec.source.targetRevision.major'],
    ['of items of nothing', '.spec.nothing[]'],
    ['of what is no place', '.spec.source.targetRevision | length'],
    ['in part', '.spec.syncPolicy, .spec.nothing[]'],
    ['of an unreadable pattern', '.spec.sources[] | select(.repoURL | test("("))'],
  ])('takes nothing out when it fails because %s', (_why, expression) => {
    expect(jq(expression)).toEqual(application);
  });

  it('changes nothing of the document it was given', () => {
    const before = JSON.stringify(application);
    jq('..');
    expect(JSON.stringify(application)).toBe(before);
  });

  it('reads members of any name as data', () => {
    const hostile = JSON.parse('{"__proto__":{"x":1},"constructor":2,"kept":3}') as unknown;
    expect(jq('.constructor', hostile)).toEqual(JSON.parse('{"__proto__":{"x":1},"kept":3}'));
    expect(jq('.["__proto__"]', hostile)).toEqual({ constructor: 2, kept: 3 });
    expect(jq('.toString', hostile)).toEqual(hostile);
  });

  it.each([
    '.spec | map(.name)',
    '.spec[0:2]',
    '.metadata.labels | to_entries',
    '$ENV.HOME',
    'env',
    'input',
    '.a = 1',
    '.spec.[',
    'select(.a',
    '',
    '"\\(.a)"',
    `${'('.repeat(60)}.${')'.repeat(60)}`,
    `.${'a'.repeat(3000)}`,
  ])('refuses %.20s by its place', (expression) => {
    expect(() => jq(expression)).toThrow(/^jqPathExpressions\[0\]: ./);
  });

  it('gives up on what takes too many steps', () => {
    const deep = JSON.parse(`${'['.repeat(300)}${']'.repeat(300)}`) as unknown;
    expect(jq('.. | .. | .. | ..', deep)).toEqual(deep);
    expect(jq('..?', deep)).toBeNull();
  });
});
