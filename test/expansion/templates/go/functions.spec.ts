import { describe, expect, it } from 'vitest';
import { Budget } from '../../../../src/expansion/budget.js';
import { expandApplicationSet } from '../../../../src/expansion/expand.js';
import { ExpansionFailure } from '../../../../src/expansion/failure.js';
import { DEFAULT_LIMITS } from '../../../../src/expansion/limits.js';
import { newParameters } from '../../../../src/expansion/parameters.js';
import { entropyOf } from '../../../../src/expansion/templates/entropy.js';
import { goTemplates } from '../../../../src/expansion/templates/go/go-template.js';
import { Warnings } from '../../../../src/expansion/warnings.js';
import { expandSet, setWith } from '../../../support/expansion.js';
import { MemoryExpansionReader } from '../../../support/memory-expansion-reader.js';

const entropy = entropyOf({ uid: 'u-1', generation: 3, creationTimestamp: '2026-01-02T03:04:05Z' });

/** What it renders to, or the code of its refusal. */
function render(text: string, { given = {}, path = 'here', from = entropy } = {}): string {
  try {
    const compiled = goTemplates({ missingKey: 'default', entropy: from }).compile(text, path);
    return compiled.render(newParameters(given), new Budget(DEFAULT_LIMITS, new Warnings(10)));
  } catch (error) {
    if (error instanceof ExpansionFailure) return error.code;
    throw error;
  }
}

const RANDOM = '{{randAlphaNum 8}} {{uuidv4}} {{randInt 0 1000000000}} {{shuffle "abcdefghijkl"}} {{randBytes 8}}';

describe('clock and randomness of Go templates', () => {
  it('are inputs: the same set, generation, parameters and place give the same text', () => {
    expect(render(RANDOM)).toBe(render(RANDOM));
    expect(render('{{now | date "2006-01-02 15:04:05"}} {{now.Unix}}')).toBe('2026-01-02 03:04:05 1767323045');
  });

  it.each([
    ['another generation', { from: entropyOf({ uid: 'u-1', generation: 4 }) }],
    ['another set', { from: entropyOf({ uid: 'u-2', generation: 3 }) }],
    ['other parameters', { given: { a: 1 } }],
    ['another place', { path: 'there' }],
  ])('differ for %s', (_what, other) => {
    expect(render(RANDOM, other)).not.toBe(render(RANDOM));
  });

  it('differ from call to call', () => {
    expect(new Set(render('{{uuidv4}} {{uuidv4}} {{uuidv4}}').split(' ')).size).toBe(3);
  });

  it('follow from the set itself where nothing else is given', async () => {
    const template = { metadata: { name: '{{.name}}-{{randAlpha 5 | lower}}-{{now.Year}}' }, spec: {} };
    const set = setWith({ goTemplate: true, template });
    const named = async (metadata: object): Promise<string | undefined> => {
      const given = { ...set, metadata: { ...set.metadata, ...metadata } };
      const { documents } = await expandApplicationSet(given, new MemoryExpansionReader());
      return documents[0]?.metadata.name;
    };
    const name = await named({ uid: 'u', generation: 1, creationTimestamp: '2025-05-05T05:05:05Z' });
    expect(name).toMatch(/^web-[a-z]{5}-2025$/);
    expect(await named({ uid: 'u', generation: 1, creationTimestamp: '2025-05-05T05:05:05Z' })).toBe(name);
    expect(await named({ uid: 'u', generation: 2, creationTimestamp: '2025-05-05T05:05:05Z' })).not.toBe(name);
  });
});

describe('functions that make keys', () => {
  it.each([
    'genPrivateKey "rsa"',
    'genCA "a" 1',
    'genSignedCert "a" nil nil 1 "b"',
    'buildCustomCert "a" "b"',
    'encryptAES "a" "b"',
    'decryptAES "a" "b"',
    'bcrypt "a"',
    'htpasswd "a" "b"',
    'derivePassword 1 "long" "p" "u" "s"',
  ])('%s is refused by name, and only when it is called', (call) => {
    expect(render(`{{${call}}}`)).toBe('TEMPLATE_FUNCTION_REFUSED');
    expect(render(`{{if false}}{{${call}}}{{end}}ok`)).toBe('ok');
  });

  it.each([
    'env "HOME"',
    'expandenv "$HOME"',
    'getHostByName "localhost"',
    'tpl "a" .',
    'include "a" .',
    'lookup "v1" "Secret" "" ""',
  ])('%s is no function, as in Argo CD', (call) => {
    expect(render(`{{${call}}}`)).toBe('TEMPLATE_SYNTAX');
  });
});

describe('templates that change maps', () => {
  it('change a copy: neither other texts nor other Applications see it', async () => {
    const shared = { labels: { env: 'prod' } };
    const { documents, errors } = await expandSet({
      goTemplate: true,
      generators: [
        {
          list: {
            elements: [
              { name: 'a', shared },
              { name: 'b', shared },
            ],
          },
        },
      ],
      template: {
        metadata: {
          name: '{{.name}}-{{len .shared.labels}}',
          annotations: {
            one: '{{$_ := set .shared.labels "x" .name}}{{.shared.labels.x}}{{$.shared.labels.x}}',
            two: '{{merge .shared (dict "more" 1) | len}} {{unset .shared.labels "env" | len}}',
            three: '{{len .shared}} {{.shared.labels.env}} {{hasKey .shared.labels "x"}}',
          },
        },
        spec: {},
      },
    });
    expect(errors).toEqual([]);
    expect(documents.map(({ metadata }) => [metadata.name, metadata.annotations])).toEqual([
      ['a-1', { one: 'aa', two: '2 0', three: '1 prod false' }],
      ['b-1', { one: 'bb', two: '2 0', three: '1 prod false' }],
    ]);
  });

  it('stop where a map holds itself', () => {
    for (const use of ['toJson', 'toYaml', 'print', 'deepCopy', 'toString', 'mergeOverwrite (dict)']) {
      expect(render(`{{$d := dict}}{{$_ := set $d "d" $d}}{{${use} $d}}`)).toBe('TEMPLATE_EXECUTION');
    }
    expect(render('{{$d := dict}}{{$_ := set $d "d" $d}}{{$d}}')).toBe('TEMPLATE_EXECUTION');
  });
});

describe('hostile calls', () => {
  const doubling = '{{$l := list 1}}{{range until 60}}{{$l = list $l $l}}{{end}}';
  const growing = '{{$s := "x"}}{{range until 60}}{{$s = cat $s $s}}{{end}}';
  it.each([
    ['lists that double', `${doubling}{{toJson $l}}`],
    ['lists that double, printed', `${doubling}{{$l}}`],
    ['lists that double, compared', `${doubling}{{deepEqual $l $l}}`],
    ['text that doubles', growing],
    ['text replaced by more', '{{$s := "x"}}{{range until 60}}{{$s = replace "x" "xx" $s}}{{end}}'],
    ['text replaced by expression', '{{$s := "x"}}{{range until 60}}{{$s = regexReplaceAll "x" $s "xx"}}{{end}}'],
    ['repeat', '{{repeat 1000000000 "x"}}'],
    ['repeat of repeat', '{{repeat 100000 "x" | repeat 100000}}'],
    ['until', '{{until 1000000000}}'],
    ['untilStep', '{{untilStep 0 1000000000 1}}'],
    ['seq', '{{seq 1000000000}}'],
    ['indent', '{{indent 1000000000 "a"}}'],
    ['randAlpha', '{{randAlpha 1000000000}}'],
    ['randBytes', '{{randBytes 1000000000}}'],
    ['wrapWith', '{{wrapWith 1 (repeat 100000 "x") (repeat 100000 "y")}}'],
    ['join', '{{join (repeat 100000 "x") (until 100000)}}'],
    ['uniq', '{{uniq (until 100000)}}'],
    ['without', '{{range until 1000}}{{without (until 10000) 1}}{{end}}'],
    ['append', '{{$l := list}}{{range until 100000}}{{$l = append $l .}}{{end}}'],
    ['long texts sought in long texts', '{{contains (cat "b" (repeat 300000 "a")) (repeat 900000 "a")}}'],
    ['long separators', '{{splitList (cat "b" (repeat 300000 "a")) (repeat 900000 "a")}}'],
    ['a long pattern', '{{regexMatch (repeat 10000 "a?") "a"}}{{regexFind (repeat 10000 "a?") "a"}}'],
    ['much matching', '{{range until 100000}}{{regexMatch "(a|b|ab)*c{0,100}" (repeat 1000 "ab")}}{{end}}'],
    ['wide printing of many values', '{{printf "%900000d" (until 10000)}}'],
    ['a long layout', '{{date (repeat 100000 "January") 0 | repeat 100}}'],
    ['many upper cases', '{{$s := repeat 1000000 "x"}}{{range until 1000}}{{$_ := upper $s}}{{end}}'],
  ])('%s stop in bounds', (_what, template) => {
    expect(render(template)).toMatch(/^(?:TEMPLATE_EXECUTION|RENDERED_TOO_LARGE|TEMPLATE_TOO_SLOW)$/);
  });

  it('are bounded for the whole set too', async () => {
    const elements = Array.from({ length: 50 }, (_, index) => ({ name: `a${index}` }));
    const template = { metadata: { name: '{{.name}}{{range until 1000}}{{end}}' }, spec: {} };
    const set = { goTemplate: true, generators: [{ list: { elements } }], template };
    const { errors } = await expandSet(set, undefined, { steps: 20_000 });
    expect(errors.map(({ code }) => code)).toContain('TEMPLATE_TOO_SLOW');
  });
});
