import type { Random } from '../../../support/seeded-random.js';

/** What an expression gives, or what a function takes. */
export type Kind =
  'text' | 'int' | 'number' | 'flag' | 'list' | 'map' | 'any' | 'layout' | 'regex' | 'version' | 'format' | 'moment';

export interface Signature {
  name: string;
  takes: readonly Kind[];
  gives: Kind;
  /** Kind of up to three arguments more. */
  more?: Kind;
}

const LEAVES: Readonly<Record<Kind, readonly string[]>> = {
  text: [
    '.name',
    '.empty',
    '.spaced',
    '.uni',
    '.path',
    '.url',
    '.odd',
    '.number',
    '.version',
    '.labels.env',
    '"a-b_c.d"',
    '"Hello World"',
    '"aBcD12"',
    '""',
    '" x "',
    '"1.50"',
    '"ü"',
    '`raw\\n`',
    '.map.a.deep',
    '.json',
    '.lines',
    '"a,b,,c"',
    '"0"',
    '"true"',
    '$.name',
    '"web"',
    '"/a//b/../c.tar.gz"',
    '"%"',
    '"é\\n"',
  ],
  int: ['0', '1', '2', '3', '7', '-1', '10', '0x1F', '1_000', '(len .name)', '(len .list)', '(int .n)'],
  number: [
    '.n',
    '.one',
    '.zero',
    '.big',
    '.huge',
    '.ratio',
    '.neg',
    '1',
    '2',
    '1.5',
    '-0.5',
    '1e3',
    '.number',
    '(int64 .n)',
    '"3"',
    '"0x10"',
    '"1e2"',
    '" 5"',
    '"07"',
    '9223372036854775807',
  ],
  flag: ['.yes', '.no', 'true', 'false', '(eq .n 3.0)', '(not .name)'],
  list: [
    '.list',
    '.words',
    '.nums',
    '.none',
    '.lists',
    '.segments',
    '.people',
    '(list 1 "a" nil)',
    '(list)',
    '(list 3 1 2)',
    '(until 3)',
    '.other.d',
    '(splitList "," "b,a")',
  ],
  map: ['.map', '.other', '.nothing', '.map.a', '(dict "a" 1 "b" "x")', '(dict)', '(index .people 0)', '.labels'],
  any: [
    'nil',
    '.nil',
    '.missing',
    '.map.missing',
    '.nil.x',
    '.',
    '$',
    '.missing.x',
    '.map.c',
    '.people',
    "'a'",
    '.name.x',
    '.labels.nope',
    '.labels',
  ],
  layout: [
    '"2006-01-02"',
    '"15:04:05"',
    '"Jan 2, 2006 at 3:04pm (MST)"',
    '"2006-01-02T15:04:05Z07:00"',
    '"Mon _2 .000"',
    '"x"',
  ],
  moment: [
    '(toDate "2006-01-02" "2024-02-29")',
    '(int .n)',
    '1700000000',
    '(int64 .big)',
    '(toDate "15:04" "23:59")',
    '(toDate "2006-01-02T15:04:05Z07:00" "2024-12-31T23:00:00+02:00")',
  ],
  regex: [
    '"[a-z]+"',
    '"a|b"',
    '"(\\\\w)(\\\\d*)"',
    '"^.*$"',
    '""',
    '"[^[:alpha:]]"',
    '"(?i)W"',
    '"a{2,"',
    '"("',
    '"\\\\p{L}"',
    '"x*"',
    '"(?P<n>e)b"',
    '"(?s).+"',
    '"\\\\bw"',
  ],
  version: ['"1.2.3"', '"v1.2"', '.version', '"2"', '"1.2.3-alpha"', '"0.0.1"', '"x"', '"1.10.0"', '"01.2.3"'],
  format: [
    '"%v"',
    '"%d"',
    '"%s"',
    '"%q"',
    '"%5.2f"',
    '"%x"',
    '"%T"',
    '"%-8v|"',
    '"%+v"',
    '"%03d %s"',
    '"%t"',
    '"%#v"',
    '"%%"',
    '"%v %v"',
    '"%c"',
    '"%U"',
    '"%e"',
    '"%g"',
    '"%o"',
    '"%b"',
    '"%*d"',
    '"%[2]v %[1]v"',
    '"%6q"',
    '"% d"',
    '"%+d"',
    '"% x"',
    '"%X"',
    '"%.2s"',
    '"%.0f"',
    '"%10.3v"',
    '"%!"',
    '"%z"',
  ],
};

const CALL_ONE_IN = 3;
const ODD_ONE_IN = 9;
const KINDS: readonly Kind[] = ['text', 'int', 'number', 'flag', 'list', 'map', 'any'];

/** Random expressions that mostly fit the functions they are given to. */
export class Expressions {
  private variables: string[] = [];

  constructor(
    private readonly random: Random,
    private readonly functions: readonly Signature[],
  ) {}

  within<T>(variables: readonly string[], made: () => T): T {
    const before = this.variables;
    this.variables = [...before, ...variables];
    const given = made();
    this.variables = before;
    return given;
  }

  kind(): Kind {
    return this.random.pick(KINDS);
  }

  known(): string | undefined {
    return this.variables.length === 0 ? undefined : this.random.pick(this.variables);
  }

  /** An operand: a leaf, or a call in parentheses. */
  operand(kind: Kind, depth: number): string {
    if (kind !== 'moment' && this.random.below(ODD_ONE_IN) === 0) return this.leaf(this.kind());
    if (depth <= 0 || this.random.below(CALL_ONE_IN) > 0) return this.leaf(kind);
    const fitting = this.functions.filter(({ gives }) => gives === kind || kind === 'any');
    if (fitting.length === 0) return this.leaf(kind);
    const call = `(${this.pipeline(this.random.pick(fitting), depth - 1)})`;
    return kind === 'map' && this.random.below(3) === 0 ? `${call}.a` : call;
  }

  leaf(kind: Kind): string {
    const variable = kind !== 'moment' && this.random.below(4) === 0 ? this.known() : undefined;
    return variable ?? this.random.pick(LEAVES[kind]);
  }

  /** Some call, its last argument at times piped into it. */
  pipeline(signature: Signature, depth: number): string {
    const args = this.argumentsOf(signature).map((kind) => this.operand(kind, depth));
    if (args.length === 0 || this.random.below(4) > 0) return [signature.name, ...args].join(' ');
    const piped = args.pop() ?? '';
    return `${piped} | ${[signature.name, ...args].join(' ')}`;
  }

  any(depth: number): string {
    if (this.random.below(5) === 0) return this.leaf(this.kind());
    return this.pipeline(this.random.pick(this.functions), depth);
  }

  private argumentsOf({ takes, more }: Signature): Kind[] {
    const kinds = [...takes];
    for (let extra = more ? this.random.below(4) : 0; extra > 0; extra--) kinds.push(more ?? 'any');
    if (this.random.below(40) === 0) kinds.pop();
    if (this.random.below(40) === 0) kinds.push('any');
    return kinds;
  }
}
