import { describe, expect, it } from 'vitest';
import { parseCsvLine, parsePolicy } from '../../src/access/domain/policy-csv.js';

describe('policy text', () => {
  it('reads rules and groupings, skipping blank lines and comments', () => {
    const parsed = parsePolicy('# team\n\n  p, alice, applications, get, */*, allow\r\ng, bob, role:admin\n');
    expect(parsed).toEqual({
      ok: true,
      value: {
        rules: [
          {
            subject: 'alice',
            resource: 'applications',
            action: 'get',
            object: '*/*',
            effect: 'allow',
            text: 'p, alice, applications, get, */*, allow',
          },
        ],
        groupings: [{ subject: 'bob', role: 'role:admin' }],
      },
    });
  });

  it.each([
    'p, alice, applications, get, */*',
    'p, alice, applications, get, a/{b,c}, allow',
    'g, alice',
    'g, alice, role:admin, more',
    'x, alice, role:admin',
    'p, "alice, applications, get, */*, allow',
    'p, al"ice, applications, get, */*, allow',
  ])('refuses the whole text for the line %j', (line) => {
    expect(parsePolicy(`p, alice, applications, get, */*, allow\n${line}`)).toMatchObject({ ok: false });
  });

  it.each([
    ['a, b ,c', ['a', 'b ', 'c']],
    ['"a, b",c', ['a, b', 'c']],
    ['"say ""hi""",c', ['say "hi"', 'c']],
    ['a,', ['a', '']],
    ['', ['']],
    ['"a" b,c', undefined],
  ])('splits %j', (line, fields) => {
    expect(parseCsvLine(line)).toEqual(fields);
  });
});
